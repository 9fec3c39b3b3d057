import type { Sql } from '../../db/connect.ts'
import { sandboxBank } from '../../gateways/sandbox/bank.ts'
import type { Instant } from '../../kernel/clock.ts'
import { sandboxStore } from '../../merchants/testing/store.ts'
import type { PartnerContent } from '../partners/content.ts'
import type { PlatformRequest } from '../platform.ts'
import { settlementName } from '../settlements/name.ts'
import { assigned, openDays } from '../settlements/open-days.ts'
import { settleDay } from '../settlements/settle.ts'
import { statusColumn } from '../transfers/status.ts'

export const start: Instant = Date.parse('2026-03-02T03:00:00Z')
export const today = '2026-03-02'

export type GivenTransfer = {
  readonly partner?: string
  readonly contract?: string
  readonly type?: 'ORDER' | 'ORDER_CANCEL' | 'MANUAL'
  readonly date?: string
  readonly start?: string
  readonly settlement?: number
  readonly currency?: string
  readonly alone?: boolean
  readonly formulas?: object
  /** Whether it is assigned to its settlement where its day is open, as what is registered before its day is. */
  readonly isNamed?: boolean
  /** The store whose clock it follows, if it is not the first one. */
  readonly store?: string
}

/** Of a transfer, for another one like it. */
const copied = [
  ...[
    'merchant_id',
    'is_for_test',
    'store_id',
    'type',
    'status',
    'partner_settlement_id',
    'partner_id',
    'partner_version',
  ],
  ...['contract_id', 'contract_version', 'setting_version', 'currency', 'settlement_start_date', 'settlement_date'],
  ...['payment_type', 'payment_store_id', 'payment_id', 'order_amount', 'payment', 'payment_supply', 'settlement'],
  ...['settlement_tax_free', 'user_defined_formulas', 'created_at', 'is_settled_alone'],
]

/** A merchant of its own whose clock stands at `start`, with what a test gives it. Rows are written as they are. */
export const market = async (sql: Sql, merchantId: string) => {
  const storeId = `${merchantId}-store`
  await sql`insert into merchants (merchant_id, name, created_at) values (${merchantId}, 'Market', ${start})`
  await sql`
    insert into stores (store_id, merchant_id, name, mode, is_representative, clock_stopped_at, created_at)
    values (${storeId}, ${merchantId}, 'Market', 'SANDBOX', true, ${start}, ${start})`
  const store = { ...sandboxStore(), merchantId, storeId }
  const clock = { now: start }
  const request = (of = storeId): PlatformRequest => ({
    platform: { merchantId, isForTest: false, store: { ...store, storeId: of } },
    now: clock.now,
  })
  let count = 0
  return {
    merchantId,
    clock,
    request,
    bank: sandboxBank({ sql }),
    clockOf: async () => ({ offset: 0, stoppedAt: clock.now }),
    partner: async (id: string, given: Partial<PartnerContent> & { accountNumber?: string } = {}) => {
      const { accountNumber = '110123456789', ...rest } = given
      const content = {
        name: id,
        contact: { name: id, email: `${id}@example.com` },
        account: { bank: 'SHINHAN', currency: 'KRW', number: accountNumber, holder: '홍길동', status: 'VERIFIED' },
        status: 'APPROVED',
        defaultContractId: 'contract',
        tags: [],
        type: { type: 'NON_WHT_PAYER' },
        userDefinedProperties: {},
        ...rest,
      }
      await sql`
        insert into platform_entities (merchant_id, is_for_test, kind, id, version, content, applied_at, created_at,
          connection_status)
        values (${merchantId}, false, 'PARTNER', ${id}, 1, ${sql.json(content)}, ${start}, ${start}, 'NOT_CONNECTED')`
      await sql`
        insert into platform_versions (merchant_id, is_for_test, kind, id, version, content, applied_at)
        values (${merchantId}, false, 'PARTNER', ${id}, 1, ${sql.json(content)}, ${start})`
    },
    /** A transfer that waits to be settled, written on a connection or in a transaction. Returns its id. */
    transfer: async (given: GivenTransfer = {}, writer: Sql = sql) => {
      const { partner = 'partner', type = 'ORDER', date = today, settlement = 8_900, currency = 'KRW' } = given
      const {
        contract = 'contract',
        start: from = '2026-03-01',
        alone = false,
        formulas = {},
        isNamed = true,
        store: of = storeId,
      } = given
      const isManual = type === 'MANUAL'
      count += 1
      const transferId = `${merchantId}-${String(count).padStart(6, '0')}`
      const name = settlementName(request().platform, {
        ...{ transferId, storeId: of, partnerId: partner, type, currency, settlementDate: date, isSettledAlone: alone },
        ...(isManual ? {} : { contractId: contract }),
      })
      const { status, settlement: settlementId } = assigned(writer, writer`given`)
      await writer`
        with ${openDays(writer, request(of).platform, isNamed ? [date] : [])}
        insert into platform_transfers (merchant_id, is_for_test, transfer_id, store_id, type, status, partner_settlement_id,
          partner_id, partner_version, contract_id, contract_version, setting_version, currency, settlement_start_date,
          settlement_date, is_settled_alone, payment_type, payment_store_id, payment_id, original_transfer_id,
          cancellation_id, order_amount, payment, payment_supply, settlement, settlement_tax_free,
          user_defined_formulas, created_at)
        select ${merchantId}, false, ${transferId}, ${of}, ${type}, ${status}, ${settlementId}, ${partner}, 1,
          ${isManual ? null : contract}, ${isManual ? null : 1}::integer, 1, ${currency}, ${isManual ? null : from}, ${date},
          ${alone}::boolean, ${isManual ? null : 'EXTERNAL'}, ${isManual ? null : storeId}, ${isManual ? null : 'payment'},
          ${type === 'ORDER_CANCEL' ? 'original' : null}, ${type === 'ORDER_CANCEL' ? transferId : null},
          ${isManual ? 0 : 10_000}::bigint, ${isManual ? 0 : 10_000}::bigint, ${isManual ? 0 : 10_000}::bigint,
          ${settlement}::bigint, 0, ${writer.json({ ...formulas })}::jsonb, ${start}::timestamptz
        from (
          select 'IN_PROCESS' as status, ${date}::text as settlement_date, ${name}::text as partner_settlement_id
        ) given`
      return transferId
    },
    /** As many more transfers like this one, each in a settlement of its own where they differ in a column. */
    addLike: async (transferId: string, count: number, differing?: 'partner_id' | 'transfer_id') => {
      const columns = sql.unsafe(copied.join(', '))
      const differs: readonly string[] = differing === undefined ? [] : [differing, 'partner_settlement_id']
      const values = sql.unsafe(
        copied.map((column) => (differs.includes(column) ? `${column} || '-' || number` : column)).join(', '),
      )
      // PostgreSQL is to know nothing of them, as where a merchant is new in a large table.
      await sql`analyze`
      await sql`
        insert into platform_transfers (transfer_id, ${columns})
        select transfer_id || '-' || number, ${values} from platform_transfers, generate_series(1, ${count}::integer) as number
        where merchant_id = ${merchantId} and transfer_id = ${transferId}`
    },
    /** On a connection of the test's own, if it is to see what that takes. */
    settle: async (day = today, of = storeId, writer: Sql = sql) => {
      const days = await sql<{ day: string }[]>`
        select distinct settlement_date as day from platform_transfers
        where merchant_id = ${merchantId} and settlement_date <= ${day} order by day`
      let settled = 0
      for (const { day } of days) settled += await settleDay(writer, request(of), day)
      return settled
    },
    settlements: async () => [
      ...(await sql<
        {
          id: string
          partner: string
          status: string
          count: number
          settlement: number
          from: string
          until: string
          isOpen: boolean
          formulas: object
        }[]
      >`
      select partner_settlement_id as id, partner_id as partner, status, transfer_count as count, settlement,
        start_date_from as "from", start_date_until as until, is_open as "isOpen", user_defined_formulas as formulas
      from platform_partner_settlements where merchant_id = ${merchantId} order by settlement, partner_id, id`),
    ],
    payouts: async () => [
      ...(await sql<{ id: string; partner: string; status: string; amount: number; reason: string | null }[]>`
      select payout_id as id, partner_id as partner, status, amount, fail_reason as reason
      from platform_payouts where merchant_id = ${merchantId} order by partner_id, created_at, payout_id`),
    ],
    transferStatuses: async () => {
      const rows = await sql<{ status: string }[]>`
        select ${statusColumn(sql)} as status from platform_transfers t
        where merchant_id = ${merchantId} and deleted_at is null order by transfer_id`
      return rows.map(({ status }) => status)
    },
    /** What the transfers come to that read as settled. */
    settledSum: async () => {
      const [row] = await sql<[{ settlement: number; count: number }]>`
        select coalesce(sum(settlement), 0)::bigint as settlement, count(*) from (
          select t.settlement, ${statusColumn(sql)} as status from platform_transfers t
          where merchant_id = ${merchantId} and deleted_at is null
        ) shown where status not in ('SCHEDULED', 'IN_PROCESS')`
      return row
    },
    bulk: async (id: string) => {
      const [row] = await sql<[{ status: string }]>`
        select status from platform_bulk_payouts where merchant_id = ${merchantId} and bulk_payout_id = ${id}`
      return row.status
    },
    /** What left the account, as the bank has it. */
    booked: async () => [
      ...(await sql<{ account: string; amount: number; state: string; reference: string }[]>`
      select account_number as account, amount, state, reference from sandbox_bank_entries
      where merchant_id = ${merchantId} order by entry_id`),
    ],
    /** Withdrawals whose time has come. */
    due: async () => {
      const rows = await sql<{ id: string }[]>`
        select account_transfer_id as id from platform_account_transfers
        where merchant_id = ${merchantId} and due_at <= ${clock.now}::timestamptz order by account_transfer_id`
      return rows.map(({ id }) => id)
    },
  }
}

export type Market = Awaited<ReturnType<typeof market>>
