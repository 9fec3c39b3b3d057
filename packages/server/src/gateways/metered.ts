import type { Gateway } from './port/gateway.ts'

/** Told of every call: which one, how it ended (`succeeded`, `failed`, `pending`, `unknown`, `error`), how long it took. */
export type ObserveCall = (method: string, result: string, seconds: number) => void

/** The same gateway, with every call counted and timed. */
export const metered = (gateway: Gateway, observe: ObserveCall): Gateway => {
  const timed = async <Result extends { readonly kind: string }>(
    method: string,
    call: () => Promise<Result>,
  ): Promise<Result> => {
    const started = performance.now()
    const report = (result: string) => observe(method, result, (performance.now() - started) / 1000)
    try {
      const outcome = await call()
      report(outcome.kind)
      return outcome
    } catch (error) {
      report('error')
      throw error
    }
  }
  return {
    mayActWithin: gateway.mayActWithin,
    cardCompanyOf: (credential) => gateway.cardCompanyOf(credential),
    authorize: (...call) => timed('authorize', () => gateway.authorize(...call)),
    approve: (...call) => timed('approve', () => gateway.approve(...call)),
    issueVirtualAccount: (...call) => timed('issueVirtualAccount', () => gateway.issueVirtualAccount(...call)),
    closeVirtualAccount: (...call) => timed('closeVirtualAccount', () => gateway.closeVirtualAccount(...call)),
    capture: (...call) => timed('capture', () => gateway.capture(...call)),
    cancel: (...call) => timed('cancel', () => gateway.cancel(...call)),
    stopCancellation: (...call) => timed('stopCancellation', () => gateway.stopCancellation(...call)),
    issueBillingKey: (...call) => timed('issueBillingKey', () => gateway.issueBillingKey(...call)),
    chargeBillingKey: (...call) => timed('chargeBillingKey', () => gateway.chargeBillingKey(...call)),
    deleteBillingKey: (...call) => timed('deleteBillingKey', () => gateway.deleteBillingKey(...call)),
    inquireBillingKey: (...call) => timed('inquireBillingKey', () => gateway.inquireBillingKey(...call)),
    issueCashReceipt: (...call) => timed('issueCashReceipt', () => gateway.issueCashReceipt(...call)),
    cancelCashReceipt: (...call) => timed('cancelCashReceipt', () => gateway.cancelCashReceipt(...call)),
    inquireCashReceipt: (...call) => timed('inquireCashReceipt', () => gateway.inquireCashReceipt(...call)),
    startIdentity: (...call) => timed('startIdentity', () => gateway.startIdentity(...call)),
    resendIdentity: (...call) => timed('resendIdentity', () => gateway.resendIdentity(...call)),
    confirmIdentity: (...call) => timed('confirmIdentity', () => gateway.confirmIdentity(...call)),
    inquireIdentity: (...call) => timed('inquireIdentity', () => gateway.inquireIdentity(...call)),
    inquire: (...call) => timed('inquire', () => gateway.inquire(...call)),
    fulfil: (...call) => timed('fulfil', () => gateway.fulfil(...call)),
    lookUpOrder: (...call) => timed('lookUpOrder', () => gateway.lookUpOrder(...call)),
    cardPromotions: (...call) => timed('cardPromotions', () => gateway.cardPromotions(...call)),
    inquireCancellation: (...call) => timed('inquireCancellation', () => gateway.inquireCancellation(...call)),
  }
}
