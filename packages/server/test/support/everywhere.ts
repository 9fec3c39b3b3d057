import type { OperationId } from '@naru/contract'
import type { PortOneClient } from '@portone/server-sdk'
import { dateRange, logistics, reason, receiptItem } from './provoke.ts'
import { chargeOf } from './provoke-billing-keys.ts'
import { requestFor } from './provoke-verifying.ts'
import { card, order, receiptFor } from './requests.ts'

const timeToPay = '2099-01-01T00:00:00Z'

/** Every operation of the SDK that takes a store, with a request that is right but for the store and the secret. */
export const everywhere = (
  { payment, identityVerification, reconciliation }: PortOneClient,
  storeId: string,
): Partial<Record<OperationId, () => Promise<unknown>>> => {
  const paymentId = 'p'
  const of = { paymentId, storeId }
  return {
    preRegisterPayment: () => payment.preRegisterPayment(of),
    payInstantly: () => payment.payInstantly({ ...of, ...order('k') }),
    confirmPayment: () => payment.confirmPayment({ ...of, paymentToken: 't' }),
    capturePayment: () => payment.capturePayment(of),
    cancelPayment: () => payment.cancelPayment({ ...of, reason }),
    stopPaymentCancellation: () => payment.stopPaymentCancellation({ ...of, cancellationId: 'c' }),
    closeVirtualAccount: () => payment.closeVirtualAccount(of),
    resendWebhook: () => payment.resendWebhook(of),
    applyEscrowLogistics: () => payment.applyEscrowLogistics({ ...of, logistics }),
    modifyEscrowLogistics: () => payment.modifyEscrowLogistics({ ...of, logistics }),
    confirmEscrow: () => payment.confirmEscrow(of),
    registerStoreReceipt: () => payment.registerStoreReceipt({ ...of, items: [receiptItem] }),
    getPayment: () => payment.getPayment(of),
    getPaymentTransactions: () => payment.getPaymentTransactions(of),
    getPayments: () => payment.getPayments({ filter: { storeId } }),
    getAllPaymentsByCursor: () => payment.getAllPaymentsByCursor({ storeId }),
    getAllPaymentEventsByCursor: () => payment.getAllPaymentEventsByCursor({ storeId }),
    payWithBillingKey: () => payment.payWithBillingKey({ ...of, billingKey: 'b', ...chargeOf() }),
    issueBillingKey: () => payment.billingKey.issueBillingKey({ storeId, channelKey: 'k', method: card() }),
    confirmBillingKey: () => payment.billingKey.confirmBillingKey({ storeId, billingIssueToken: 't.t' }),
    confirmBillingKeyIssueAndPay: () =>
      payment.billingKey.confirmBillingKeyIssueAndPay({ storeId, billingIssueToken: 't.t' }),
    getBillingKeyInfo: () => payment.billingKey.getBillingKeyInfo({ storeId, billingKey: 'b' }),
    getBillingKeyInfos: () => payment.billingKey.getBillingKeyInfos({ filter: { storeId } }),
    deleteBillingKey: () => payment.billingKey.deleteBillingKey({ storeId, billingKey: 'b' }),
    createPaymentSchedule: () => {
      const scheduled = { storeId, billingKey: 'b', ...chargeOf() }
      return payment.paymentSchedule.createPaymentSchedule({ paymentId, payment: scheduled, timeToPay })
    },
    getPaymentSchedule: () => payment.paymentSchedule.getPaymentSchedule({ storeId, paymentScheduleId: 's' }),
    getPaymentSchedules: () => payment.paymentSchedule.getPaymentSchedules({ filter: { storeId } }),
    revokePaymentSchedules: () => payment.paymentSchedule.revokePaymentSchedules({ storeId, scheduleIds: ['s'] }),
    sendIdentityVerification: () =>
      identityVerification.sendIdentityVerification({ storeId, ...requestFor('k', 'verification') }),
    resendIdentityVerification: () =>
      identityVerification.resendIdentityVerification({ storeId, identityVerificationId: 'i' }),
    confirmIdentityVerification: () =>
      identityVerification.confirmIdentityVerification({ storeId, identityVerificationId: 'i', otp: '000000' }),
    getIdentityVerification: () =>
      identityVerification.getIdentityVerification({ storeId, identityVerificationId: 'i' }),
    getIdentityVerifications: () => identityVerification.getIdentityVerifications({ filter: { storeId } }),
    getPaymentReconciliationSettlementVatReport: () =>
      reconciliation.getPaymentReconciliationSettlementVatReport({ dateRange, filter: { storeIds: [storeId] } }),
    getPaymentReconciliationTransactionVatReport: () =>
      reconciliation.getPaymentReconciliationTransactionVatReport({ dateRange, filter: { storeIds: [storeId] } }),
    getCashReceipts: () => payment.cashReceipt.getCashReceipts({ filter: { storeId } }),
    issueCashReceipt: () => payment.cashReceipt.issueCashReceipt({ storeId, ...receiptFor('k', paymentId) }),
    getCashReceiptByPaymentId: () => payment.cashReceipt.getCashReceiptByPaymentId(of),
    cancelCashReceiptByPaymentId: () => payment.cashReceipt.cancelCashReceiptByPaymentId(of),
  }
}
