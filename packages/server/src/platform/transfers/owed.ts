import type { Currency } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { paymentMoney } from '../../payments/store.ts'
import { ofPlatform, type Platform } from '../platform.ts'

/** A payment whose transfers do not follow what was paid and given back. */
export type Owed = {
  readonly paymentId: string
  readonly kind: /** Money went back to the customer, and no transfer takes it back from the partners. */
    | 'REFUNDED_NOT_CANCELLED'
    /** Transfers take back from partners what the customer has not got back. */
    | 'CANCELLED_NOT_REFUNDED'
    /** Orders are registered for a payment of which no money came. */
    | 'NOT_PAID'
  /** By how much they differ, in the minor unit of the payment's currency. */
  readonly amount: number
  readonly currency: Currency
}

const chunkSize = 1_000

/**
 * What payments of the platform's store and their transfers owe each other, by payment id. Payments know nothing of
 * transfers: whoever refunds must register the cancellation as well, and here finds what was forgotten. Orders count by
 * what was paid for them, after discounts.
 */
export async function* owedOf(sql: Sql, platform: Platform): AsyncGenerator<Owed> {
  let after = ''
  for (;;) {
    const chunk = await findOwed(sql, platform, after, chunkSize)
    yield* chunk
    const last = chunk.at(-1)
    if (!last || chunk.length < chunkSize) return
    after = last.paymentId
  }
}

/** The next ones behind a payment id. */
export const findOwed = (sql: Sql, platform: Platform, after: string, limit: number): Promise<readonly Owed[]> => sql<
  Owed[]
>`
  select payment_id as "paymentId",
    case when not is_paid then 'NOT_PAID' when difference > 0 then 'REFUNDED_NOT_CANCELLED' else 'CANCELLED_NOT_REFUNDED' end
      as kind,
    abs(difference) as amount, currency
  from (
    select payment_id, is_paid, currency, case
        when not is_paid then ordered - taken_back
        when ordered - taken_back > total_amount - cancelled_amount
          then ordered - taken_back - (total_amount - cancelled_amount)
        when taken_back > cancelled_amount then cancelled_amount - taken_back
        else 0
      end as difference
    from (
      select payment_id, min(currency) as currency,
        coalesce(sum(payment) filter (where type = 'ORDER'), 0)::bigint as ordered,
        coalesce(sum(payment) filter (where type = 'ORDER_CANCEL'), 0)::bigint as taken_back
      from platform_transfers
      where ${ofPlatform(sql, platform)} and payment_type = 'PORT_ONE' and deleted_at is null
        and payment_store_id = ${platform.store.storeId} and payment_id > ${after}
      group by payment_id
    ) of_transfers
    join (${paymentMoney(sql, platform.store.storeId)}) of_payments using (payment_id)
  ) compared
  where difference <> 0
  order by payment_id limit ${limit}`
