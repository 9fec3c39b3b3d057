import { portone } from './sdk.ts'

export { slots } from './server.ts'
export default portone
export const {
  requestPayment,
  requestIdentityVerification,
  requestIssueBillingKey,
  requestIssueBillingKeyAndPay,
  loadPaymentUI,
  loadIssueBillingKeyUI,
  updateLoadPaymentUIRequest,
  updateLoadIssueBillingKeyUIRequest,
} = portone

// Imported before the npm package's first call, this is also what that calls.
if (typeof window !== 'undefined') window.PortOne ??= portone
