import { access, operation } from '../operation.ts'
import {
  GetPaymentReconciliationSettlementVatReportBody,
  GetPaymentReconciliationSettlementVatReportResponse,
  GetPaymentReconciliationTransactionVatReportBody,
  GetPaymentReconciliationTransactionVatReportResponse,
} from '../schemas/reconciliation/reconciliation.ts'

export const reconciliationOperations = {
  getPaymentReconciliationSettlementVatReport: operation({
    category: 'reconciliation',
    method: 'GET',
    path: '/payment-reconciliations/settlements/vat-report',
    summary: 'Report VAT by settlement date',
    description:
      'Sums up what was settled in a range of days, by payment method. Cancellations count negatively. VAT is an eleventh of what is taxable, rounded, also where a payment or a cancellation states another.',
    authenticated: true,
    body: GetPaymentReconciliationSettlementVatReportBody,
    bodyIn: 'query',
    bodyRequired: true,
    success: GetPaymentReconciliationSettlementVatReportResponse,
    errors: access,
    unstable: true,
  }),
  getPaymentReconciliationTransactionVatReport: operation({
    category: 'reconciliation',
    method: 'GET',
    path: '/payment-reconciliations/transactions/vat-report',
    summary: 'Report VAT by transaction date',
    description:
      'Sums up what was paid and cancelled in a range of days, by payment method. Cancellations count negatively. VAT is an eleventh of what is taxable, rounded, also where a payment or a cancellation states another.',
    authenticated: true,
    body: GetPaymentReconciliationTransactionVatReportBody,
    bodyIn: 'query',
    bodyRequired: true,
    success: GetPaymentReconciliationTransactionVatReportResponse,
    errors: access,
    unstable: true,
  }),
}
