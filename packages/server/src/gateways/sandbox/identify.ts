import type { IdentifyOutcome, IdentifyRequest } from '../port/window.ts'
import { type NamedIdentity, proveInWindow, showInWindow } from './identities.ts'
import { askForCode } from './one-time-codes.ts'
import type { SandboxParts } from './parts.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'
import { failureOf, windowFailure } from './scenarios/failures.ts'
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
  if (windowFails)
    return { kind: 'failed', failure: windowFailure('IDENTITY', charge?.pgCode ?? 'PAY_PROCESS_CANCELED') }
  const sending = identity ?? charge
  if (sending?.books === 'REFUSED') return { kind: 'failed', failure: failureOf(sending.pgCode ?? 'SBX_DECLINED') }
  const shown = { ...person, method: 'WINDOW' } as const
  const isRefused = confirmation?.books === 'REFUSED' && !endsIdentity
  const asked = await askForCode(sql, context, { shown, otp, isRefused })
  if (asked.kind === 'challenged') {
    if (asked.problem !== 'WRONG' && asked.problem !== 'TOO_MANY') await showInWindow(sql, context, shown, code, now)
    return asked
  }
  if (endsIdentity) return { kind: 'failed', failure: failureOf(confirmation?.pgCode ?? 'SBX_UNDER_AGE') }
  await proveInWindow(sql, context, shown, code, now)
  return { kind: 'identified' }
}
