import type { PaymentWindow } from '../port/window.ts'
import { authenticate, rightCode } from './authenticate.ts'
import { authorizeBillingKey } from './billing-authorizations.ts'
import { approveIdentity, openIdentity } from './identities.ts'
import type { SandboxParts } from './parts.ts'
import { sandboxPgWindow } from './pg-window.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'
import { failureOf } from './scenarios/failures.ts'
import { codeFor } from './scenarios/triggers.ts'

/** The window that our page shows for the sandbox PG. */
export const sandboxWindow = (parts: SandboxParts): PaymentWindow => ({
  bankApp: sandboxPgWindow(parts, { opens: 'redirect', returns: 'GET' }),
  authenticate: (storeId, request) => authenticate(parts, storeId, request),
  authorizeBillingKey: (storeId, request) => authorizeBillingKey(parts, storeId, request),
  identify: (context, request) => identify(parts, context, request),
})

/** The operator sends a code, and believes who has it. */
const identify = async (
  { sql }: SandboxParts,
  context: Parameters<PaymentWindow['identify']>[0],
  { person, testCode, otp, now }: Parameters<PaymentWindow['identify']>[1],
): ReturnType<PaymentWindow['identify']> => {
  const { id: customerId, phoneNumber } = person.customer
  const code = codeFor({ testCode, customerId, amount: 0, phoneNumber, now })
  const { windowFails, charge, identity, confirmation, endsIdentity } = rememberedBehaviour(code)
  if (windowFails) return { kind: 'failed', failure: failureOf(charge?.pgCode ?? 'PAY_PROCESS_CANCELED') }
  const sending = identity ?? charge
  if (sending?.books === 'REFUSED') return { kind: 'failed', failure: failureOf(sending.pgCode ?? 'SBX_DECLINED') }
  if (otp === undefined) return { kind: 'challenged', isWrong: false }
  if (endsIdentity) return { kind: 'failed', failure: failureOf(confirmation?.pgCode ?? 'SBX_UNDER_AGE') }
  if (otp !== rightCode || confirmation?.books === 'REFUSED') return { kind: 'challenged', isWrong: true }
  await openIdentity(sql, context, { ...person, method: 'WINDOW' }, code, now)
  await approveIdentity(sql, context.storeId, context.reference, now)
  return { kind: 'identified' }
}
