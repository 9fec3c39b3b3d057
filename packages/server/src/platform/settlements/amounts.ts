import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'

/** The columns of amounts that a partner settlement sums up over its transfers. */
export const amountColumns = [
  'order_amount',
  'order_tax_free',
  'discount',
  'discount_tax_free',
  'payment',
  'payment_tax_free',
  'payment_supply',
  'payment_vat',
  'payment_vat_burden',
  'discount_share',
  'discount_share_tax_free',
  'platform_fee',
  'platform_fee_vat',
  'additional_fee',
  'additional_fee_vat',
  'settlement',
  'settlement_tax_free',
] as const

/** What makes transfers one settlement. */
export const groupColumns = ['partner_id', 'type', 'settlement_date', 'currency', 'contract_id'] as const

/** The user-defined formulas of a group of transfers; null where none has any. Most merchants have no formulas of their own. */
export const allFormulas = (sql: Sql): Fragment =>
  sql`jsonb_agg(user_defined_formulas) filter (where user_defined_formulas <> '{}')`

/** What the formulas of a group, as `allFormulas` has them, add up to. */
export const sumOfFormulas = (sql: Sql): Fragment => sql`
  case when formulas is null then '{}' else (
    select jsonb_object_agg(key, total) from (
      select f.key, sum(f.value::bigint) as total
      from jsonb_array_elements(formulas) as one (content), jsonb_each_text(one.content) as f group by f.key
    ) by_key
  ) end`
