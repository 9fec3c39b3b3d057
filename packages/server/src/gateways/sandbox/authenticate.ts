import type { AuthenticationOutcome, AuthenticationRequest, MethodInWindow } from '../port/window.ts'
import { type AuthenticatedMethod, insertAuthentication } from './books/authentications.ts'
import { askForCode, type CodeOwner, codeNotNeeded } from './one-time-codes.ts'
import type { SandboxParts } from './parts.ts'
import { cardFacts, testCardOf } from './scenarios/cards.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'
import { failureOf } from './scenarios/failures.ts'
import { codeFor } from './scenarios/triggers.ts'

/**
 * Keeps what the shopper agreed to, without the card number, under an opaque id. Only what a shopper does in the window
 * fails here; a card is declined when the authorization is approved, as at a real PG.
 */
export const authenticate = async (
  { sql }: SandboxParts,
  owner: CodeOwner,
  request: AuthenticationRequest,
): Promise<AuthenticationOutcome> => {
  const { method, amount, currency, customerId, testCode, phoneNumber, otp, now } = request
  const card = method.kind === 'CARD' ? method : undefined
  const isByPhone = method.kind === 'MOBILE'
  const code = codeFor({ testCode, customerId, card, amount, phoneNumber: isByPhone ? phoneNumber : undefined, now })
  const { windowFails, charge, confirmation, identity } = rememberedBehaviour(code)
  if (windowFails) return { kind: 'failed', failure: failureOf(charge?.pgCode ?? 'PAY_PROCESS_CANCELED') }
  if (isByPhone && identity?.books === 'REFUSED')
    return { kind: 'failed', failure: failureOf(identity.pgCode ?? 'SBX_DECLINED') }
  const data = withoutSecrets(method)
  const isChallenged = isByPhone || (card && testCardOf(card.credential.number)?.challenged)
  const shown = { method: data, phoneNumber: isByPhone ? phoneNumber : undefined }
  const isRefused = isByPhone && confirmation?.books === 'REFUSED'
  const asked = isChallenged ? await askForCode(sql, owner, { shown, otp, isRefused }) : codeNotNeeded()
  if (asked.kind === 'challenged') return asked
  const { storeId } = owner
  const authorizationId = `sbx_auth_${asked.codeId}`
  await insertAuthentication(sql, { storeId, authorizationId, code, amount, currency, data, createdAt: now })
  return { kind: 'authenticated', authorization: authorizationId }
}

const withoutSecrets = (method: MethodInWindow): AuthenticatedMethod => {
  if (method.kind !== 'CARD') return method
  const { kind, installmentMonth, useFreeInterestFromMerchant, useCardPoint } = method
  const card = cardFacts(method.credential, method.issuer)
  return { kind, card, installmentMonth, useFreeInterestFromMerchant, useCardPoint }
}
