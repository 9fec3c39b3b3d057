import type { Sql } from '../../db/connect.ts'
import type { Instant } from '../../kernel/clock.ts'
import { decimal } from '../../kernel/currency.ts'
import { codeOf } from '../../kernel/error-code.ts'
import { sortableId } from '../../kernel/ids.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { fewOf } from '../few.ts'
import { graphqlId, graphqlIds, ofPlatform, type PlatformRequest } from '../platform.ts'
import { loadSetting } from '../settings/store.ts'
import { largestSum } from '../sums.ts'
import { findNets, isTooLarge, type PartnerNet, payoutOf } from './net.ts'
import { payableStatuses } from './status.ts'
import { writingPayouts } from './write.ts'

export type Completion = {
  readonly bulkPayoutId: string
  readonly name: string
  readonly partnerSettlementIds: readonly string[]
  /** When the money was paid. */
  readonly completedAt: Instant
  readonly actor: string
}

/**
 * Records that settlements were paid elsewhere: a bulk payout with a payout for each partner and currency, and for each
 * settlement that is paid alone, all of it done. No money moves here. All of it is written by one statement, or nothing where a
 * settlement changed meanwhile; then it is looked at again.
 */
export const completePayout = async (sql: Sql, request: PlatformRequest, completion: Completion) => {
  const { bulkPayoutId, partnerSettlementIds: ids } = completion
  if (ids.length === 0)
    return refuse('PLATFORM_NO_SELECTED_PARTNER_SETTLEMENTS', 'partnerSettlementIds must name a settlement at least.')
  if (new Set(ids).size < ids.length)
    return refuse('PLATFORM_DUPLICATED_PARTNER_SETTLEMENT_IDS', 'partnerSettlementIds names a settlement twice.')
  for (;;) {
    const nets = await findPayable(sql, request, ids)
    if (nets instanceof Refusal) return nets
    const negative = negativeNets(nets)
    if (negative) return negative
    const written = await write(sql, request, completion, nets).catch(unlessTaken)
    if (written)
      return {
        bulkPayoutId,
        bulkPayoutGraphqlId: graphqlId('BULK_PAYOUT', bulkPayoutId),
        payoutCount: nets.length,
        partnerSettlementCount: ids.length,
      }
    if (await isTaken(sql, request, bulkPayoutId))
      return refuse(
        'PLATFORM_BULK_PAYOUT_ID_ALREADY_EXISTS',
        `There is a bulk payout ${bulkPayoutId} already. Choose another id.`,
      )
  }
}

/** Two requests with one id for their bulk payout: the second wrote nothing, and finds the first's. */
const unlessTaken = (error: unknown): false => {
  if (codeOf(error) !== '23505') throw error
  return false
}

/** The nets of these settlements, if there are all of them and each can be paid. */
export const findPayable = async (sql: Sql, { platform }: PlatformRequest, ids: readonly string[]) => {
  const found = await sql<{ id: string; isPayable: boolean }[]>`
    select partner_settlement_id as id, status = any(${[...payableStatuses]}::text[]) as "isPayable"
    from platform_partner_settlements
    where ${ofPlatform(sql, platform)} and partner_settlement_id = any(${[...ids]}::text[])`
  const byId = new Map(found.map(({ id, isPayable }) => [id, isPayable]))
  const unknown = ids.filter((id) => !byId.has(id))
  if (unknown.length > 0) return settlementsNotFound(unknown)
  const notPayable = ids.filter((id) => byId.get(id) === false)
  if (notPayable.length > 0)
    return new Refusal<'PLATFORM_NON_PAYABLE_PARTNER_SETTLEMENTS'>({
      type: 'PLATFORM_NON_PAYABLE_PARTNER_SETTLEMENTS',
      message: `Only settlements that are ${payableStatuses.join(', ')} can be paid; these are not: ${fewOf(notPayable)}.`,
      ids: notPayable,
      graphqlIds: graphqlIds('PARTNER_SETTLEMENT', notPayable),
    })
  const nets = await findNets(sql, platform, sql`s.partner_settlement_id = any(${[...ids]}::text[])`)
  const tooLarge = nets.filter(isTooLarge)
  return tooLarge.length > 0 ? tooLargeFor(tooLarge) : nets
}

const tooLargeFor = (nets: readonly PartnerNet[]) => {
  const ids = nets.flatMap(({ settlementIds }) => settlementIds)
  return new Refusal<'PLATFORM_NON_PAYABLE_PARTNER_SETTLEMENTS'>({
    type: 'PLATFORM_NON_PAYABLE_PARTNER_SETTLEMENTS',
    message:
      `One payout pays at most ${largestSum}, and the settlements of ${fewOf([...new Set(nets.map(({ partnerId }) => partnerId))])} ` +
      'add up to more. Complete them in several.',
    ids,
    graphqlIds: graphqlIds('PARTNER_SETTLEMENT', ids),
  })
}

export const settlementsNotFound = (ids: readonly string[]) =>
  new Refusal<'PLATFORM_PARTNER_SETTLEMENTS_NOT_FOUND'>({
    type: 'PLATFORM_PARTNER_SETTLEMENTS_NOT_FOUND',
    message: `There are no partner settlements ${fewOf(ids)}.`,
    ids: [...ids],
    graphqlIds: graphqlIds('PARTNER_SETTLEMENT', ids),
  })

/** PortOne's schema gives this error the type of another one; the message says what is meant. */
const negativeNets = (nets: readonly PartnerNet[]) => {
  const message = negativeMessage(nets)
  return message === undefined ? undefined : refuse('PLATFORM_CURRENCY_NOT_SUPPORTED', message)
}

/** Why these cannot be paid, where a partner owes more than it is owed. */
export const negativeMessage = (nets: readonly PartnerNet[]): string | undefined => {
  const negative = nets.filter(({ settlement }) => settlement < 0)
  if (negative.length === 0) return undefined
  const debtors = new Set(negative.map(({ partnerId }) => partnerId))
  const isBeside = nets.some(({ partnerId, soleSettlementId }) => soleSettlementId !== null && debtors.has(partnerId))
  const shown = negative.map(
    ({ partnerId, settlement, currency }) => `${partnerId} (${decimal(settlement, currency)} ${currency})`,
  )
  return (
    'Partners who owe more than they are owed cannot be paid. Leave out their settlements, or add what sets them off: ' +
    `${fewOf(shown)}.${isBeside ? ' Manual transfers that are paid each by itself set nothing off.' : ''}`
  )
}

const isTaken = async (sql: Sql, { platform }: PlatformRequest, bulkPayoutId: string): Promise<boolean> => {
  const [known] = await sql`
    select from platform_bulk_payouts where ${ofPlatform(sql, platform)} and bulk_payout_id = ${bulkPayoutId}`
  return known !== undefined
}

const write = async (
  sql: Sql,
  request: PlatformRequest,
  { bulkPayoutId, name, completedAt, actor }: Completion,
  nets: readonly PartnerNet[],
): Promise<boolean> => {
  const { platform, now } = request
  const { content: setting } = await loadSetting(sql, platform)
  const payouts = nets.map((net) => [payoutOf(`po-${sortableId()}`, net, setting), net] as const)
  const isFree = sql`not exists (
    select from platform_bulk_payouts where ${ofPlatform(sql, platform)} and bulk_payout_id = ${bulkPayoutId}
  )`
  const given = {
    request,
    bulkPayoutId,
    method: 'DIRECT',
    status: 'SUCCEEDED',
    statusUpdatedAt: completedAt,
    actor,
    setting,
    payouts,
  } as const
  const created = await sql`
    with ${writingPayouts(sql, given, isFree)}
    insert into platform_bulk_payouts (merchant_id, is_for_test, bulk_payout_id, store_id, name, creator_id, method, status,
      status_updated_at, created_at, updated_at, payout_count, ended_count)
    select ${platform.merchantId}, ${platform.isForTest}, ${bulkPayoutId}, ${platform.store.storeId}, ${name}, ${actor},
      'DIRECT', 'COMPLETED', ${completedAt}::timestamptz, ${now}::timestamptz, ${now}::timestamptz, count(*), count(*)
    from written having count(*) > 0`
  return created.count === 1
}
