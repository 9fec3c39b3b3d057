import type { BillingKeyPaymentMethod } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { inTime, ownStore } from '../../db/epoch.ts'
import type { EffectContext } from '../port/terms.ts'
import type { AuthenticationOutcome, StoringRequest } from '../port/window.ts'
import { askForCode, type CodeOwner, codeNotNeeded } from './one-time-codes.ts'
import type { SandboxParts } from './parts.ts'
import { cardFacts, testCardOf } from './scenarios/cards.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'
import { type PgCode, windowFailure } from './scenarios/failures.ts'
import { codeFor, namedCode } from './scenarios/triggers.ts'

/** A method without a card's number, and what it will do: when it is stored, and when it is charged. */
export type MethodShown = {
  readonly code: string
  readonly chargeCode: string
  readonly method: BillingKeyPaymentMethod
}

/** What the sandbox PG makes of a method at first sight. */
export const methodShown = (shown: StoringRequest): MethodShown => {
  const { customerId, testCode, now } = shown
  const trigger = { testCode, customerId, amount: 0, now }
  if ('method' in shown)
    return { code: codeFor(trigger), chargeCode: chargeCode(shown) ?? 'approve', method: shown.method }
  const { credential } = shown
  return {
    code: codeFor({ ...trigger, card: { credential, installmentMonth: 0 } }),
    chargeCode: chargeCode(shown) ?? testCardOf(credential.number)?.code ?? 'approve',
    method: { type: 'BillingKeyPaymentMethodCard', card: cardFacts(credential) },
  }
}

/** Only a `bk-` code speaks of charges; what else was named was meant for the issue. */
const chargeCode = ({ testCode, customerId }: StoringRequest): string | undefined => {
  const named = namedCode(testCode) ?? namedCode(/^sbx-(.+)$/i.exec(customerId ?? '')?.[1])
  return named?.startsWith('bk-') ? named : undefined
}

/** What a buyer did in the window where a method is stored, without the window. Nothing is stored until it is confirmed. */
export const authorizeBillingKey = async (
  { sql }: SandboxParts,
  owner: CodeOwner,
  request: StoringRequest,
): Promise<AuthenticationOutcome> => {
  const { code, chargeCode, method } = methodShown(request)
  const { windowFails, charge, confirmation } = rememberedBehaviour(code)
  if (windowFails)
    return { kind: 'failed', failure: windowFailure('BILLING_KEY', charge?.pgCode ?? 'PAY_PROCESS_CANCELED') }
  const isByPhone = method.type === 'BillingKeyPaymentMethodMobile'
  const given = { shown: method, otp: request.otp, isRefused: confirmation?.books === 'REFUSED' }
  const asked = isByPhone ? await askForCode(sql, owner, given) : codeNotNeeded()
  if (asked.kind === 'challenged') return asked
  const authorization = `sbx_billing_auth_${asked.codeId}`
  await sql`
    insert into sandbox_billing_authorizations (store_id, authorization_id, code, charge_code, method, created_at)
    values (${ownStore(sql, owner.storeId)}, ${authorization}, ${code}, ${chargeCode}, ${JSON.stringify(method)}::text::jsonb, ${request.now})
    on conflict do nothing`
  return { kind: 'authenticated', authorization }
}

/** Uses an authorization for the issue `reference`, once: the same issue may use it again, no other. Not for one that comes too late. */
export const useBillingAuthorization = async (
  sql: Sql,
  { storeId, reference, actBefore }: EffectContext,
  authorization: string,
): Promise<MethodShown | PgCode> => {
  const [used] = await sql<MethodShown[]>`
    update sandbox_billing_authorizations set used_by = ${reference}
    where ${inTime(sql, storeId, actBefore)} and store_id = ${storeId} and authorization_id = ${authorization} and (used_by is null or used_by = ${reference})
    returning code, charge_code as "chargeCode", method`
  return used ?? 'SBX_AUTH_ALREADY_USED'
}
