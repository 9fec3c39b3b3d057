import type { Configuration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import type { FileKind } from '../gateways/port/file.ts'
import { decimal } from '../kernel/currency.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type FeePolicy, longestPayout } from '../merchants/fee-policy.ts'
import { SetupError } from '../merchants/setup-error.ts'
import { findAnyChannel } from '../merchants/store.ts'
import { parseFile } from '../reconciliation/file.ts'
import type { Finding } from '../reconciliation/matching.ts'
import { refuseRange } from '../reconciliation/range.ts'
import { reconcile } from '../reconciliation/reconcile.ts'
import { importFile } from '../reconciliation/store.ts'
import { storeOf } from './store-of.ts'

type Where = { readonly store: string; readonly channel: string; readonly from: string; readonly until: string }

/** The store, the channel and the days of a command. Throws for the first invalid one. */
export const placeOf = async (
  sql: Sql,
  configuration: Configuration,
  { store: storeId, channel: key, from, until }: Where,
) => {
  const store = await storeOf(sql, configuration, storeId)
  const channel = findAnyChannel(store, key)
  if (channel instanceof Refusal)
    throw new SetupError(`The store has no channel with the key ${key}. See: naru channel list`)
  const broken = refuseRange({ from, until })
  if (broken) throw new SetupError(broken.body.message ?? 'The days are invalid.')
  return { sql, store, channel, days: { from, until } }
}

type Place = Awaited<ReturnType<typeof placeOf>>

export const take = async ({ sql, store, channel, days }: Place, kind: FileKind, csv: string) => {
  const rows = orExplain(parseFile(kind, csv))
  const file = { storeId: store.storeId, channelId: channel.id, kind, ...days }
  const { rowCount, isNew } = orExplain(await importFile(sql, file, csv, rows))
  return { rows: rowCount, result: isNew ? 'imported' : 'already imported' }
}

type Wanted = {
  readonly cardRate: string
  readonly accountFee: string
  readonly payoutAfter: string
  readonly all?: boolean
}

export const report = async ({ sql, store, channel, days }: Place, kind: FileKind, wanted: Wanted) => {
  const findings = await reconcile(sql, store, channel, { kind, policy: policyOf(wanted) }, days)
  return findings.filter(({ outcome }) => wanted.all || outcome !== 'MATCHED').map(line)
}

const policyOf = ({ cardRate, accountFee, payoutAfter }: Wanted): FeePolicy => ({
  cardRate: wholeNumber('--card-rate', cardRate, 10_000),
  accountFee: wholeNumber('--account-fee', accountFee, 1_000_000_000),
  payoutAfter: wholeNumber('--payout-after', payoutAfter, longestPayout),
})

const wholeNumber = (option: string, text: string, most: number): number => {
  if (/^\d{1,10}$/.test(text) && Number(text) <= most) return Number(text)
  throw new SetupError(`${option} must be a whole number from 0 to ${most}, but is ${text}.`)
}

const shown = ({ amount, currency }: { readonly amount?: number | undefined; readonly currency: string }): string =>
  `${amount === undefined ? '?' : decimal(amount, currency)} ${currency}`

const line = ({ outcome, differences, ours, theirs }: Finding) => ({
  outcome: differences.length === 0 ? outcome : `${outcome} in ${differences.join(', ').toLowerCase()}`,
  payment: ours?.paymentId ?? '',
  movement: theirs?.pgMovementId ?? ours?.pgMovementId ?? `refund of ${ours?.pgTransactionId}`,
  ours: ours ? `${shown(ours)} ${ours.date}` : '',
  gateway: theirs ? `${shown(theirs)} ${theirs.transactionDate}` : '',
  settlement: theirs?.settlement
    ? `${theirs.settlement.date} fee ${decimal(theirs.settlement.fee, theirs.currency)}+${decimal(theirs.settlement.feeVat, theirs.currency)}`
    : '',
  line: theirs?.line ?? '',
})

const orExplain = <Value>(outcome: Value | Refusal): Value => {
  if (outcome instanceof Refusal) throw new SetupError(outcome.body.message ?? outcome.body.type)
  return outcome
}
