import type { SandboxReconciliationFault } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import type { Instant } from '../../kernel/clock.ts'
import { addDays, type Day, dayOf } from '../../kernel/days.ts'
import type { Amount } from '../../kernel/money.ts'
import { expectedSettlement, type FeePolicy, feeVatOf } from '../../merchants/fee-policy.ts'
import type { FileKind, PgRow } from '../port/file.ts'
import type { Transaction } from './books/transaction.ts'

export type Planted = { readonly fault: SandboxReconciliationFault; readonly pgMovementId: string }

type Wanted = {
  readonly kind: FileKind
  readonly from: Day
  readonly until: Day
  readonly faults: readonly SandboxReconciliationFault[]
  readonly seed: number
}

/** The file that the sandbox PG sends for a channel's days, with the faults that were asked for, each in another row. */
export const produceFile = async (
  sql: Sql,
  storeId: string,
  channelKey: string,
  wanted: Wanted,
): Promise<{ readonly rows: readonly PgRow[]; readonly planted: readonly Planted[] }> => {
  const booked = await findBooked(sql, storeId, channelKey)
  const rows = booked.map((row) => rowOf(row, wanted.kind))
  const within = rows.filter((row) => {
    const date = row.settlement?.date ?? row.transactionDate
    return wanted.from <= date && date <= wanted.until
  })
  const { rows: faulty, planted } = plant(within, wanted)
  return { rows: faulty.map((row, index) => ({ ...row, line: index + 2 })), planted }
}

type Booked = {
  readonly type: PgRow['type']
  readonly kind: Transaction['kind']
  readonly pgTransactionId: string
  readonly pgMovementId: string
  readonly currency: string
  readonly amount: Amount
  readonly at: Instant
}

const findBooked = (sql: Sql, storeId: string, channelKey: string): Promise<readonly Booked[]> => sql<Booked[]>`
  select 'APPROVAL' as type, t.kind, t.pg_transaction_id as "pgTransactionId", t.pg_transaction_id as "pgMovementId",
         t.currency, t.amount, coalesce(t.settled_at, t.created_at) as at
  from sandbox_transactions t
  where t.store_id = ${storeId} and t.channel_key = ${channelKey} and t.state in ('APPROVED', 'DEPOSITED')
  union all
  select 'CANCELLATION', t.kind, t.pg_transaction_id, c.pg_cancellation_id, t.currency, c.amount,
         coalesce(c.settled_at, c.created_at)
  from sandbox_cancellations c
  join sandbox_transactions t on t.store_id = c.store_id and t.reference = c.transaction_reference
  where c.store_id = ${storeId} and t.channel_key = ${channelKey} and c.state = 'SUCCEEDED'
  order by at, "pgMovementId"`

const rowOf = ({ kind, at, ...row }: Booked, file: FileKind): PgRow => {
  const transactionDate = dayOf(at)
  const facts = { line: 0, ...row, transactionDate }
  if (file === 'TRANSACTION') return facts
  const method =
    kind === 'MOBILE' || kind === 'CARD' || kind === 'TRANSFER' || kind === 'VIRTUAL_ACCOUNT' ? kind : 'ETC'
  return { ...facts, settlement: expectedSettlement(sandboxPolicy, { ...row, method }, transactionDate) }
}

/** Plants each fault in a row of its own, chosen by the seed alone; what finds no row left is not planted. */
export const plant = (
  rows: readonly PgRow[],
  { kind, faults: wanted, seed, from, until }: Wanted,
): { readonly rows: readonly PgRow[]; readonly planted: readonly Planted[] } => {
  const chosen = shuffled(rows, seed)
  const planted: Planted[] = []
  const changed = new Map<PgRow, readonly PgRow[]>()
  const invented: PgRow[] = []
  for (const [index, fault] of wanted.entries()) {
    if (fault === 'WRONG_FEE' && kind === 'TRANSACTION') continue
    if (fault === 'MISSING_HERE') {
      const row = inventedRow(kind, `invented-${seed}-${index}`, from)
      invented.push(row)
      planted.push({ fault, pgMovementId: row.pgMovementId })
      continue
    }
    const row = chosen.pop()
    if (!row) break
    changed.set(row, faulty(row, fault, { from, until }))
    planted.push({ fault, pgMovementId: row.pgMovementId })
  }
  return { rows: [...rows.flatMap((row) => changed.get(row) ?? [row]), ...invented], planted }
}

const faulty = (
  row: PgRow,
  fault: Exclude<SandboxReconciliationFault, 'MISSING_HERE'>,
  days: { from: Day; until: Day },
): readonly PgRow[] => {
  const { settlement } = row
  switch (fault) {
    case 'MISSING_AT_PG':
      return []
    case 'DUPLICATE':
      return [row, row]
    case 'WRONG_AMOUNT':
      return [{ ...row, amount: row.amount + 1 }]
    case 'WRONG_FEE': {
      const fee = (settlement?.fee ?? 0) + 10
      return [settlement ? { ...row, settlement: { ...settlement, fee, feeVat: feeVatOf(fee) } } : row]
    }
    case 'WRONG_DATE': {
      const date = settlement?.date ?? row.transactionDate
      const other = addDays(date, date < days.until ? 1 : -1)
      return [settlement ? { ...row, settlement: { ...settlement, date: other } } : { ...row, transactionDate: other }]
    }
  }
}

const inventedRow = (kind: FileKind, id: string, date: Day): PgRow => {
  const row = {
    line: 0,
    type: 'APPROVAL' as const,
    pgTransactionId: id,
    pgMovementId: id,
    currency: 'KRW',
    amount: 1_000,
  }
  const transactionDate = kind === 'TRANSACTION' ? date : addDays(date, -2)
  if (kind === 'TRANSACTION') return { ...row, transactionDate }
  return { ...row, transactionDate, settlement: { date, fee: 30, feeVat: 3 } }
}

/** The same seed gives the same order, on any machine: a small linear congruential generator (Numerical Recipes). */
const shuffled = <Item>(items: readonly Item[], seed: number): Item[] => {
  let state = seed >>> 0
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const shuffled = [...items]
  for (let left = shuffled.length; left > 1; left--) {
    const picked = next(left)
    const [last, other] = [shuffled[left - 1], shuffled[picked]]
    if (last === undefined || other === undefined) continue
    shuffled[left - 1] = other
    shuffled[picked] = last
  }
  return shuffled
}

/** What the sandbox PG charges; an ordinary small merchant's contract. */
export const sandboxPolicy: FeePolicy = { cardRate: 300, accountFee: 300, payoutAfter: 2 }
