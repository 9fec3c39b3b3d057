import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { second } from '../../kernel/clock.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { again, inRounds } from '../../kernel/rounds.ts'
import { noteDue } from '../../workers/due-work.ts'
import type { Entity, Snapshot } from '../entities/entity.ts'
import { notFound } from '../entities/lifecycle.ts'
import { entityColumns, findEntity } from '../entities/store.ts'
import { ofPlatform, type Platform, type PlatformRequest } from '../platform.ts'
import { networkFor } from './network.ts'

/** Connecting to the tax invoice network, or cutting the connection. Either takes the network a moment. */
export type Direction = 'connect' | 'disconnect'

/** How long the sandbox's network takes, so that a client sees what is pending. */
const networkTime = 3 * second

/** A partner whose connection may change: a business that may issue tax invoices, in use, with nothing else planned. */
export const eligible = (sql: Sql, direction: Direction): Fragment => sql`
  not e.is_archived and e.due_at is null and e.content -> 'type' ->> 'type' = 'BUSINESS'
  and e.content -> 'type' ->> 'taxationType' <> 'SIMPLE' and ${
    direction === 'connect'
      ? sql`e.connection_status in ('NOT_CONNECTED', 'CONNECT_FAILED')`
      : sql`e.connection_status = 'CONNECTED' and not ${hasOngoingTaxInvoice(sql)}`
  }`

/** Tax invoices that the partner has been asked for and that are neither finished nor given up. */
const hasOngoingTaxInvoice = (sql: Sql): Fragment => sql`exists (
  select from platform_payouts p
  where p.merchant_id = e.merchant_id and p.is_for_test = e.is_for_test and p.partner_id = e.id
    and p.tax_invoice_status not in ('NONE', 'SENDING_COMPLETED', 'REQUEST_CANCELLED', 'REQUEST_REFUSED',
                                     'REQUEST_FAILED', 'ISSUANCE_CANCELLED', 'DRAFT_FAILED')
)`

/** What begins: the network is asked once the time has come, by the clock of the platform's store. */
export const pending = (sql: Sql, direction: Direction, { platform, now }: PlatformRequest): Fragment => sql`
  connection_status = ${direction === 'connect' ? 'CONNECT_PENDING' : 'DISCONNECT_PENDING'},
  connection_failed_reason = null, due_at = ${now + networkTime}::timestamptz, store_id = ${platform.store.storeId}`

/** Goes with `pending`: notes when the network is to be asked. */
export const notePending = (sql: Sql, { platform, now }: PlatformRequest): Fragment =>
  noteDue(sql, platform.store.storeId, [{ kind: 'platform_entities', at: now + networkTime }])

/** Two names of one error each: PortOne has renamed the operations, and its SDKs call the earlier ones. */
export type NotConnectable =
  | 'PLATFORM_COUNTERPARTY_NOT_CONNECTABLE_STATUS'
  | 'PLATFORM_MEMBER_COMPANY_NOT_CONNECTABLE_STATUS'
export type NotConnected = 'PLATFORM_COUNTERPARTY_NOT_CONNECTED' | 'PLATFORM_MEMBER_COMPANY_NOT_CONNECTED'

export const connectPartner = async <Type extends NotConnectable>(
  sql: Sql,
  request: PlatformRequest,
  id: string,
  notConnectable: Type,
) =>
  changeConnection(sql, request, id, 'connect', async ({ change, connectionStatus }) => {
    if (change !== null)
      return refuse('PLATFORM_PARTNER_SCHEDULE_EXISTS', `A change of the partner ${id} is scheduled. Cancel it first.`)
    return connectionStatus === 'NOT_CONNECTED' || connectionStatus === 'CONNECT_FAILED'
      ? undefined
      : refuse(
          notConnectable,
          `The partner ${id} is ${connectionStatus}. Only one that is NOT_CONNECTED or CONNECT_FAILED can be connected.`,
        )
  })

export const disconnectPartner = async <Type extends NotConnected>(
  sql: Sql,
  request: PlatformRequest,
  id: string,
  notConnected: Type,
) =>
  changeConnection(sql, request, id, 'disconnect', async ({ connectionStatus }) => {
    if (connectionStatus !== 'CONNECTED')
      return refuse(
        notConnected,
        `The partner ${id} is ${connectionStatus}. Only one that is CONNECTED can be disconnected.`,
      )
    return (await hasOngoingTaxInvoices(sql, request.platform, id))
      ? refuse(
          'PLATFORM_ONGOING_TAX_INVOICE_EXISTS',
          `Tax invoices of the partner ${id} are under way. Disconnect it once they are finished.`,
        )
      : undefined
  })

/** Refuses in the order in which PortOne lists the errors, and begins what is asked for. */
const changeConnection = async <R extends Refusal>(
  sql: Sql,
  request: PlatformRequest,
  id: string,
  direction: Direction,
  refuseAlso: (partner: Entity<'PARTNER'>) => Promise<R | undefined>,
) => {
  const { platform } = request
  if (!platform.store.isTaxInvoicingEnabled) return notEnabled
  return inRounds(`the wish to ${direction} the partner ${id}`, async () => {
    const partner = await findEntity(sql, platform, 'PARTNER', id)
    if (partner === undefined) return notFound('PARTNER', id)
    const unfit = refuseUnfit(partner)
    if (unfit instanceof Refusal) return unfit
    const refused = await refuseAlso(partner)
    if (refused) return refused
    const network = networkFor(platform.store, platform.isForTest)
    if (!(await network.isReachable([unfit.businessRegistrationNumber]))) return unreachable
    const [changed] = await sql<Snapshot<'PARTNER'>[]>`
      with noted as (${notePending(sql, request)})
      update platform_entities e set ${pending(sql, direction, request)}
      where ${ofPlatform(sql, platform)} and e.kind = 'PARTNER' and e.id = ${id} and ${eligible(sql, direction)}
      returning ${entityColumns(sql)}`
    return changed ?? again
  })
}

export const notEnabled = refuse(
  'PLATFORM_BTX_NOT_ENABLED',
  'Tax invoices are switched off for this merchant. The operator switches them on with `naru platform enable --tax-invoices`.',
)

export const unreachable = refuse(
  'PLATFORM_EXTERNAL_API_FAILED',
  'The tax invoice network cannot be reached. Nothing has changed; try again.',
)

/** The business to be connected, or why the partner is none that could be. */
const refuseUnfit = ({ id, isArchived, content: { type } }: Entity<'PARTNER'>) => {
  if (isArchived)
    return refuse('PLATFORM_ARCHIVED_PARTNER_NTS_NOT_ALLOWED', `The partner ${id} is archived. Recover it first.`)
  if (type.type !== 'BUSINESS')
    return refuse(
      'PLATFORM_PARTNER_TYPE_IS_NOT_BUSINESS',
      `The partner ${id} is no business, and issues no tax invoices.`,
    )
  return type.taxationType === 'SIMPLE'
    ? refuse(
        'PLATFORM_PARTNER_TAXATION_TYPE_IS_SIMPLE',
        'A business of the taxation type SIMPLE issues no tax invoices.',
      )
    : type
}

/** Whether tax invoices that the partner was asked for are under way. */
export const hasOngoingTaxInvoices = async (sql: Sql, platform: Platform, id: string): Promise<boolean> => {
  const [ongoing] = await sql`
    select from platform_entities e
    where ${ofPlatform(sql, platform)} and e.kind = 'PARTNER' and e.id = ${id} and ${hasOngoingTaxInvoice(sql)}`
  return ongoing !== undefined
}

/** The network's word on what is pending. */
export const settleConnection = async (
  sql: Sql,
  { platform }: Pick<PlatformRequest, 'platform'>,
  partner: Entity<'PARTNER'>,
): Promise<void> => {
  const { type } = partner.content
  const isConnecting = partner.connectionStatus === 'CONNECT_PENDING'
  const { failedReason = null } =
    isConnecting && type.type === 'BUSINESS'
      ? await networkFor(platform.store, platform.isForTest).connect(type.businessRegistrationNumber)
      : {}
  const status = !isConnecting ? 'NOT_CONNECTED' : failedReason === null ? 'CONNECTED' : 'CONNECT_FAILED'
  await sql`
    update platform_entities
    set connection_status = ${status}, connection_failed_reason = ${failedReason}, due_at = null, store_id = null,
      leased_until = null
    where ${ofPlatform(sql, platform)} and kind = 'PARTNER' and id = ${partner.id}
      and connection_status = ${partner.connectionStatus} and due_at = ${partner.dueAt}::timestamptz`
}

/** Archiving and recovering wait until the network has answered. */
export const refuseWhilePending = (partner: Entity<'PARTNER'>) =>
  partner.connectionStatus === 'CONNECT_PENDING' || partner.connectionStatus === 'DISCONNECT_PENDING'
    ? refuse(
        'PLATFORM_PARTNER_PENDING_NTS_OPERATION',
        `The partner ${partner.id} is being connected to the tax invoice network or disconnected. Try again in a moment.`,
      )
    : undefined
