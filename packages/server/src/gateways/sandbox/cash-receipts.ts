import type { Sql } from '../../db/connect.ts'
import { inTime, ownStoreInTime } from '../../db/epoch.ts'
import { type Instant, storeTime } from '../../kernel/clock.ts'
import type { CashReceiptGateway, CashReceiptRequest, GatewayCashReceipt } from '../port/cash-receipt.ts'
import type { Completion, EffectContext, GatewayContext, GatewayTarget, Outcome } from '../port/terms.ts'
import { identifiersOf } from './books/identifiers.ts'
import { answerLost } from './execute.ts'
import type { SandboxParts } from './parts.ts'
import { behaviourNow } from './refunds.ts'
import { repeated } from './repetition.ts'
import { doneAtOnce, type Effect } from './scenarios/behaviour.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'
import { recordedFailure, refusedWith } from './scenarios/failures.ts'
import { breaksLimits } from './scenarios/limits.ts'
import { underScript } from './scenarios/script-steps.ts'
import { codeFor } from './scenarios/triggers.ts'

/** The sandbox PG's cash receipts: books of their own, the scenarios of a charge (`decline`, `doubt-approved`, …). */
export const sandboxCashReceipts = (parts: SandboxParts): CashReceiptGateway => ({
  issueCashReceipt: (context, request) =>
    underScript(parts, 'ISSUE_CASH_RECEIPT', context, (own) => issue(parts, own, request)),
  cancelCashReceipt: (context, target) =>
    underScript(parts, 'CANCEL_CASH_RECEIPT', context, (own) => cancel(parts, own, target)),
  inquireCashReceipt: (context, target) => inquire(parts, context, target),
})

type Receipt = {
  readonly storeId: string
  readonly reference: string
  readonly pgReceiptId: string
  readonly issueNumber: string
  readonly state: 'ISSUED' | 'CANCELLED' | 'FAILED'
  readonly code: string
  readonly pgCode: string | null
  readonly type: string
  readonly orderName: string
  readonly currency: string
  readonly amount: number
  readonly taxFree: number
  readonly vat: number
  readonly createdAt: Instant
  readonly cancelledAt: Instant | null
}

const issue = async (
  parts: SandboxParts,
  context: EffectContext,
  request: CashReceiptRequest,
): Promise<Outcome<GatewayCashReceipt>> => {
  const now = storeTime(context.clock)
  const { customerId, amount } = request
  const chosen = codeFor({ testCode: context.testCode, customerId, amount, now })
  const code = breaksLimits(context.channel.pgProvider, request.orderName) ? 'invalid-order-name' : chosen
  const { receipt: special, charge = doneAtOnce } = rememberedBehaviour(code)
  const effect = special ?? charge
  // It never arrived: nothing is written, and the same reference may be issued later.
  if (effect.books === 'NOTHING') return { kind: 'unknown', reason: 'disconnect' }
  const asked = book(context, request, code, effect, now)
  const { receipt, isNew } = await record(parts.sql, asked, context.actBefore)
  if (!isNew) {
    const known = { isSame: isSameRequest(receipt, asked), answer: answerOf(receipt) }
    return await repeated(context, known, (own) => issue(parts, own, request))
  }
  return (await answerLost(parts, context.storeId, effect, now)) ?? answerOf(receipt)
}

const book = (
  { storeId, reference, channel }: GatewayContext,
  { type, orderName, currency, amount, taxFree, vat }: CashReceiptRequest,
  code: string,
  effect: Effect,
  now: Instant,
): Receipt => {
  const { id, approvalNumber } = identifiersOf(channel.key, 'cash-receipt', reference)
  return {
    storeId,
    reference,
    pgReceiptId: id,
    issueNumber: approvalNumber,
    // A receipt has no pending state: what a charge would do later is done at once.
    state: effect.books === 'REFUSED' ? 'FAILED' : 'ISSUED',
    code,
    pgCode: effect.books === 'REFUSED' ? (effect.pgCode ?? 'SBX_RECEIPT_REFUSED') : null,
    type,
    orderName,
    currency,
    amount,
    taxFree,
    vat,
    createdAt: now,
    cancelledAt: null,
  }
}

const isSameRequest = (recorded: Receipt, asked: Receipt): boolean =>
  recorded.type === asked.type && recorded.amount === asked.amount && recorded.currency === asked.currency

const answerOf = (receipt: Receipt): Outcome<GatewayCashReceipt> => {
  switch (receipt.state) {
    case 'ISSUED':
    case 'CANCELLED':
      return { kind: 'succeeded', value: factsOf(receipt) }
    case 'FAILED':
      return { kind: 'failed', failure: recordedFailure(receipt.pgCode) }
  }
}

const factsOf = ({ pgReceiptId, issueNumber, createdAt }: Receipt): GatewayCashReceipt => ({
  pgReceiptId,
  issueNumber,
  // Nobody serves this page: `.invalid` never resolves, so that a click leads nowhere rather than to a stranger.
  url: `https://receipt.sandbox.invalid/${pgReceiptId}`,
  issuedAt: createdAt,
})

const cancel = async (
  parts: SandboxParts,
  context: EffectContext,
  { reference }: GatewayTarget,
): Promise<Outcome<Completion>> => {
  const { storeId } = context
  const receipt = await find(parts.sql, storeId, reference)
  if (receipt === undefined) return refusedWith('SBX_NOT_FOUND')
  if (receipt.state === 'FAILED') return refusedWith('SBX_CANCEL_NOT_ALLOWED')
  if (receipt.cancelledAt !== null) return { kind: 'succeeded', value: { at: receipt.cancelledAt } }
  const { cancel: effect = doneAtOnce } = behaviourNow(context, receipt)
  if (effect.books === 'REFUSED') return refusedWith(effect.pgCode ?? 'SBX_CANCEL_REFUSED')
  if (effect.books === 'NOTHING') return { kind: 'unknown', reason: 'disconnect' }
  const now = storeTime(context.clock)
  const at = await markCancelled(parts.sql, context, reference, now)
  return (await answerLost(parts, storeId, effect, now)) ?? { kind: 'succeeded', value: { at } }
}

const inquire: (
  parts: SandboxParts,
  context: GatewayContext,
  target: GatewayTarget,
) => ReturnType<CashReceiptGateway['inquireCashReceipt']> = async ({ sql }, { storeId }, { reference }) => {
  const receipt = await find(sql, storeId, reference)
  if (receipt === undefined) return { kind: 'succeeded', value: { state: 'NONE' } }
  const { inquiry } = rememberedBehaviour(receipt.code)
  if (inquiry === 'SILENT') return { kind: 'unknown', reason: 'timeout' }
  if (inquiry === 'NONE_TWICE' && (await countInquiry(sql, storeId, reference)) <= 2)
    return { kind: 'succeeded', value: { state: 'NONE' } }
  if (receipt.state === 'FAILED')
    return { kind: 'succeeded', value: { state: 'FAILED', failure: recordedFailure(receipt.pgCode) } }
  const facts = factsOf(receipt)
  return receipt.cancelledAt === null
    ? { kind: 'succeeded', value: { state: 'ISSUED', receipt: facts } }
    : { kind: 'succeeded', value: { state: 'CANCELLED', receipt: facts, cancelledAt: receipt.cancelledAt } }
}

/** Writes a receipt unless the reference is taken; returns the one that is there now. */
const record = async (
  sql: Sql,
  row: Receipt,
  actBefore: Instant | undefined,
): Promise<{ readonly receipt: Receipt; readonly isNew: boolean }> => {
  const { count } = await sql`
    insert into sandbox_cash_receipts (
      store_id, reference, pg_receipt_id, issue_number, state, code, pg_code, type, order_name, currency, amount,
      tax_free, vat, created_at
    ) values (
      ${ownStoreInTime(sql, row.storeId, actBefore)}, ${row.reference}, ${row.pgReceiptId}, ${row.issueNumber}, ${row.state}, ${row.code},
      ${row.pgCode}, ${row.type}, ${row.orderName}, ${row.currency}, ${row.amount}, ${row.taxFree}, ${row.vat},
      ${row.createdAt}::timestamptz
    ) on conflict do nothing`
  if (count === 1) return { receipt: row, isNew: true }
  const recorded = await find(sql, row.storeId, row.reference)
  if (recorded === undefined) throw new Error(`sandbox receipt ${row.reference} vanished while recording it`)
  return { receipt: recorded, isNew: false }
}

const find = async (sql: Sql, storeId: string, reference: string): Promise<Receipt | undefined> => {
  const [row] = await sql<Receipt[]>`
    select store_id as "storeId", reference, pg_receipt_id as "pgReceiptId", issue_number as "issueNumber", state, code,
      pg_code as "pgCode", type, order_name as "orderName", currency, amount, tax_free as "taxFree", vat,
      created_at as "createdAt", cancelled_at as "cancelledAt"
    from sandbox_cash_receipts where store_id = ${storeId} and reference = ${reference}`
  return row
}

const markCancelled = async (
  sql: Sql,
  { storeId, actBefore }: EffectContext,
  reference: string,
  at: Instant,
): Promise<Instant> => {
  const [row] = await sql<{ at: Instant }[]>`
    update sandbox_cash_receipts set state = 'CANCELLED', cancelled_at = coalesce(cancelled_at, ${at}::timestamptz)
    where ${inTime(sql, storeId, actBefore)}
      and store_id = ${storeId} and reference = ${reference} and state in ('ISSUED', 'CANCELLED')
    returning cancelled_at as at`
  return row?.at ?? at
}

const countInquiry = async (sql: Sql, storeId: string, reference: string): Promise<number> => {
  const [row] = await sql<{ inquiries: number }[]>`
    update sandbox_cash_receipts set inquiries = inquiries + 1 where store_id = ${storeId} and reference = ${reference}
    returning inquiries`
  return row?.inquiries ?? 0
}
