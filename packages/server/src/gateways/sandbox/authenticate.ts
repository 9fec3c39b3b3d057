import type { Currency } from '@naru/contract'
import type { Instant } from '../../kernel/clock.ts'
import { randomToken } from '../../kernel/ids.ts'
import type { Amount } from '../../kernel/money.ts'
import type { CardCharge } from '../port/payment.ts'
import type { GatewayFailure } from '../port/terms.ts'
import {
  type AccountInWindow,
  type AuthenticatedMethod,
  insertAuthentication,
  type TransferInWindow,
} from './books/authentications.ts'
import type { SandboxParts } from './parts.ts'
import { cardFacts, testCardOf } from './scenarios/cards.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'
import { failureOf } from './scenarios/failures.ts'
import { codeFor } from './scenarios/triggers.ts'

/** What a shopper did in the PG's window, without the window. */
export type AuthenticationRequest = {
  readonly method: CardInWindow | AccountInWindow | TransferInWindow
  readonly amount: Amount
  readonly currency: Currency
  readonly customerId?: string | undefined
  /** The outcome chosen by button, or named in the browser request. */
  readonly testCode?: string | undefined
  readonly now: Instant
}

type CardInWindow = Pick<
  CardCharge,
  'credential' | 'installmentMonth' | 'useFreeInterestFromMerchant' | 'useCardPoint'
> & {
  readonly kind: 'CARD'
  /** The card company the shopper chose, such as `SHINHAN_CARD`; otherwise the number says. */
  readonly issuer?: string | undefined
}

export type AuthenticationOutcome =
  /** `authorization` goes to the gateway's `approve`. `challenged`: the window shows one more page before it. */
  | { readonly kind: 'authenticated'; readonly authorization: string; readonly challenged: boolean }
  | { readonly kind: 'failed'; readonly failure: GatewayFailure }

/**
 * Keeps what the shopper agreed to, without the card number, under an opaque id. Only what a shopper does in the window
 * fails here; a card is declined when the authorization is approved, as at a real PG.
 */
export const authenticate = async (
  { sql }: SandboxParts,
  storeId: string,
  request: AuthenticationRequest,
): Promise<AuthenticationOutcome> => {
  const { method, amount, currency, customerId, testCode, now } = request
  const card = method.kind === 'CARD' ? method : undefined
  const code = codeFor({ testCode, customerId, card, amount, now })
  const { windowFails, charge } = rememberedBehaviour(code)
  if (windowFails) return { kind: 'failed', failure: failureOf(charge?.pgCode ?? 'PAY_PROCESS_CANCELED') }
  const authorizationId = `sbx_auth_${randomToken()}`
  await insertAuthentication(sql, {
    storeId,
    authorizationId,
    code,
    amount,
    currency,
    data: withoutSecrets(method),
    createdAt: now,
  })
  const challenged = card !== undefined && testCardOf(card.credential.number)?.challenged === true
  return { kind: 'authenticated', authorization: authorizationId, challenged }
}

const withoutSecrets = (method: AuthenticationRequest['method']): AuthenticatedMethod => {
  if (method.kind !== 'CARD') return method
  const { kind, installmentMonth, useFreeInterestFromMerchant, useCardPoint } = method
  const card = cardFacts(method.credential, method.issuer)
  return { kind, card, installmentMonth, useFreeInterestFromMerchant, useCardPoint }
}
