import type { IdentifyOutcome, IdentifyRequest } from '../port/window.ts'
import { rightCode } from './authenticate.ts'
import { approveIdentity, type NamedIdentity, sendCode } from './identities.ts'
import type { SandboxParts } from './parts.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'
import { failureOf } from './scenarios/failures.ts'
import { codeFor } from './scenarios/triggers.ts'

/** The operator sends a code, and believes who has it. With a code that was sent to somebody else, another one is sent. */
export const identify = async (
  { sql }: SandboxParts,
  context: NamedIdentity,
  { person, testCode, otp, now }: IdentifyRequest,
): Promise<IdentifyOutcome> => {
  const { id: customerId, phoneNumber } = person.customer
  const code = codeFor({ testCode, customerId, amount: 0, phoneNumber, now })
  const { windowFails, charge, identity, confirmation, endsIdentity } = rememberedBehaviour(code)
  if (windowFails) return { kind: 'failed', failure: failureOf(charge?.pgCode ?? 'PAY_PROCESS_CANCELED') }
  const sending = identity ?? charge
  if (sending?.books === 'REFUSED') return { kind: 'failed', failure: failureOf(sending.pgCode ?? 'SBX_DECLINED') }
  const isSentNow = await sendCode(sql, context, { ...person, method: 'WINDOW' }, code, now)
  if (isSentNow || otp === undefined) return { kind: 'challenged', isWrong: false }
  if (endsIdentity) return { kind: 'failed', failure: failureOf(confirmation?.pgCode ?? 'SBX_UNDER_AGE') }
  if (otp !== rightCode || confirmation?.books === 'REFUSED') return { kind: 'challenged', isWrong: true }
  await approveIdentity(sql, context.storeId, context.reference, now)
  return { kind: 'identified' }
}
