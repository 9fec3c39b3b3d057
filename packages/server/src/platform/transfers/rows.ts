import type { Fragment } from 'postgres'
import type { Queryable } from '../../db/connect.ts'
import type { Platform } from '../platform.ts'
import { type AmountField, amountFields } from './arithmetic/amounts.ts'
import { statusColumn } from './status.ts'

/** Where each amount is kept. `order` is a word of SQL. */
export const amountColumn = (field: AmountField): string =>
  field === 'order' ? 'order_amount' : field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** All amounts of a row in one object. Partner settlements have the same columns as transfers. */
export const amountsColumn = (sql: Queryable, as: 't' | 's'): Fragment =>
  sql`jsonb_build_object(${sql.unsafe(amountFields.map((field) => `'${field}', ${as}.${amountColumn(field)}`).join(', '))})`

/** Whose row a table of a statement must show, where several tables have a platform. `row` is its name there. */
export const ofRow = (sql: Queryable, { merchantId, isForTest }: Platform, row: string): Fragment =>
  sql`${sql(row)}.merchant_id = ${merchantId} and ${sql(row)}.is_for_test = ${isForTest}`

/**
 * That a transfer `t` is in the settlement `s`. All of a settlement's transfers have its day and its partner, by which they
 * are found: an index by settlement would have to be written again for every transfer that is settled.
 */
export const ofSettlement = (sql: Queryable): Fragment => sql`
  t.settlement_date = s.settlement_date and t.partner_id = s.partner_id
  and t.partner_settlement_id = s.partner_settlement_id and t.deleted_at is null`

/** A row of `platform_transfers t` as a `Transfer`. */
export const transferColumns = (sql: Queryable): Fragment => sql`${summaryColumns(sql)}, t.detail`

/** All but the detail, which may be long. */
export const summaryColumns = (sql: Queryable): Fragment => sql`
  t.type, t.transfer_id as "transferId", t.store_id as "storeId", ${statusColumn(sql)} as status, t.version, t.partner_id as "partnerId",
  t.partner_version as "partnerVersion", t.contract_id as "contractId", t.contract_version as "contractVersion",
  t.setting_version as "settingVersion", t.currency, t.settlement_start_date as "settlementStartDate",
  t.settlement_date as "settlementDate", t.is_settlement_date_given as "isSettlementDateGiven", t.memo, t.properties,
  t.payment_type as "paymentType", t.payment_store_id as "paymentStoreId", t.payment_id as "paymentId",
  t.payment_method_type as "paymentMethodType", t.channel_key as "channelKey",
  t.original_transfer_id as "originalTransferId", ${amountsColumn(sql, 't')} as amounts,
  t.user_defined_formulas as "userDefinedFormulas", t.partner_settlement_id as "partnerSettlementId",
  t.created_at as "createdAt"`
