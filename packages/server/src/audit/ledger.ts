import type { Queryable } from '../db/connect.ts'
import type { Amount } from '../kernel/money.ts'
import type { Payment } from '../payments/state/payment.ts'

/** What the sandbox PG's own books say about a payment's attempts. */
export type Ledger = {
  /** By the reference that an attempt goes under at the PG. Empty for channels of other PGs. */
  readonly charges: ReadonlyMap<string, Charge>
  /** Which of the payment's channels are the sandbox PG's. */
  readonly sandboxChannels: ReadonlySet<string>
}

export type Charge = {
  readonly reference: string
  readonly state: 'NONE' | 'PENDING' | 'APPROVED' | 'WAITING' | 'DEPOSITED' | 'CLOSED' | 'FAILED'
  readonly amount: Amount
  readonly currency: string
  readonly cancelledAmount: Amount
  readonly reservedAmount: Amount
  /** The PG still has something to announce or to do for it. */
  readonly isAnnouncing: boolean
  readonly refunds: readonly Refund[]
}

export type Refund = {
  readonly reference: string
  readonly state: 'PENDING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED'
  readonly amount: Amount
}

type Audited = { readonly storeId: string; readonly state: Payment }

/**
 * Reads the PG's books together with ours. No other code reads the tables of two modules together: payments know the PG only
 * through its port. An audit compares the two, so it must not ask one about the other.
 */
export const readLedger = async (
  sql: Queryable,
  payments: readonly Audited[],
): Promise<(payment: Audited) => Ledger> => {
  const stores = [...new Set(payments.map(({ storeId }) => storeId))]
  const channels = await sql<{ storeId: string; channelId: string }[]>`
    select store_id as "storeId", channel_id as "channelId" from channels
    where adapter = 'sandbox' and store_id = any(${stores}::text[])`
  const channelsOf = Map.groupBy(channels, ({ storeId }) => storeId)
  const charges = await readCharges(sql, payments)
  return ({ storeId, state }) => ({
    sandboxChannels: new Set(channelsOf.get(storeId)?.map(({ channelId }) => channelId)),
    charges: new Map(
      attemptsOf(state).flatMap(({ transactionId }) => {
        const charge = charges.get(keyOf(storeId, transactionId))
        return charge ? [[transactionId, charge]] : []
      }),
    ),
  })
}

const readCharges = async (sql: Queryable, payments: readonly Audited[]): Promise<ReadonlyMap<string, Charge>> => {
  const wanted = payments.flatMap(({ storeId, state }) =>
    attemptsOf(state).map(({ transactionId }) => ({ storeId, transactionId })),
  )
  const rows = await sql<(Charge & { storeId: string })[]>`
    select t.store_id as "storeId", t.reference, t.state, t.amount, t.currency,
           t.cancelled_amount as "cancelledAmount", t.reserved_amount as "reservedAmount",
           exists (select from sandbox_notifications n where n.store_id = t.store_id and n.reference = t.reference)
             as "isAnnouncing",
           coalesce((
             select jsonb_agg(jsonb_build_object('reference', c.reference, 'state', c.state, 'amount', c.amount)
                              order by c.reference)
             from sandbox_cancellations c where c.store_id = t.store_id and c.transaction_reference = t.reference
           ), '[]') as refunds
    from unnest(${wanted.map(({ storeId }) => storeId)}::text[],
                ${wanted.map(({ transactionId }) => transactionId)}::text[]) as wanted (store_id, reference)
    join sandbox_transactions t on t.store_id = wanted.store_id and t.reference = wanted.reference`
  return new Map(rows.map((row) => [keyOf(row.storeId, row.reference), row]))
}

/** A damaged snapshot may hold anything, and must not end the reading of a batch. */
const attemptsOf = ({ attempts }: Payment): Payment['attempts'] =>
  Array.isArray(attempts) ? attempts.filter((attempt) => typeof attempt?.transactionId === 'string') : []

const keyOf = (storeId: string, reference: string): string => JSON.stringify([storeId, reference])
