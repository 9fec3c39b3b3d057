import type { PaymentWindow } from '../port/window.ts'
import { authenticate } from './authenticate.ts'
import { authorizeBillingKey } from './billing-authorizations.ts'
import { isIssuingBank } from './books/accounts.ts'
import { cryptoTransfer } from './crypto.ts'
import { identify } from './identify.ts'
import type { SandboxParts } from './parts.ts'
import { sandboxPgWindow } from './pg-window.ts'
import { refusePayment, refuseWindow } from './refusals.ts'
import { isOfferedMonth } from './scenarios/cards.ts'
import { companyOfNumber } from './scenarios/company-cards.ts'

/** The window that our page shows for the sandbox PG. */
export const sandboxWindow = (parts: SandboxParts): PaymentWindow => ({
  refusePayment,
  refuseWindow,
  takesMonth: isOfferedMonth,
  issuesAccountsAt: isIssuingBank,
  cardCompanyOf: companyOfNumber,
  bankApp: sandboxPgWindow(parts, { opens: 'redirect', returns: 'GET' }),
  authenticate: (context, request) => authenticate(parts, context, request),
  authorizeBillingKey: (context, request) => authorizeBillingKey(parts, context, request),
  identify: (context, request) => identify(parts, context, request),
  cryptoTransfer: (context) => cryptoTransfer(parts, context),
})
