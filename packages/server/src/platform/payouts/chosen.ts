import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'

/** Which payouts of a bulk payout are meant: all that can, or these. */
export type Chosen = { readonly bulkPayoutId: string; readonly payoutIds?: readonly string[] | undefined }

/** Whether a payout `p` is meant. */
export const whichOf = (sql: Sql, { bulkPayoutId, payoutIds }: Chosen): Fragment =>
  payoutIds === undefined
    ? sql`p.bulk_payout_id = ${bulkPayoutId}`
    : sql`p.bulk_payout_id = ${bulkPayoutId} and p.payout_id = any(${[...payoutIds]}::text[])`
