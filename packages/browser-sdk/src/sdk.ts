import { type Callbacks, loadUi, updateUi } from './load-ui.ts'
import { request } from './request.ts'

/** The eight functions of PortOne's browser SDK. None uses `this`: shops take them out of the object. */
export const portone = {
  requestPayment: (payment: unknown) => request('PAYMENT', payment),
  requestIdentityVerification: (verification: unknown) => request('IDENTITY_VERIFICATION', verification),
  requestIssueBillingKey: (issue: unknown) => request('ISSUE_BILLING_KEY', issue),
  requestIssueBillingKeyAndPay: (issue: unknown) => request('ISSUE_BILLING_KEY_AND_PAY', issue),
  loadPaymentUI: (payment: unknown, callbacks: Callbacks) => loadUi('PAYMENT', payment, callbacks),
  loadIssueBillingKeyUI: (issue: unknown, callbacks: Callbacks) => loadUi('ISSUE_BILLING_KEY', issue, callbacks),
  updateLoadPaymentUIRequest: (payment: unknown) => updateUi('PAYMENT', payment),
  updateLoadIssueBillingKeyUIRequest: (issue: unknown) => updateUi('ISSUE_BILLING_KEY', issue),
}
