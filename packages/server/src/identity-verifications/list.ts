import type { IdentityVerificationFilterInput, IdentityVerificationSortInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { findStates } from '../db/find-rows.ts'
import { orderBy } from '../db/order.ts'
import type { Page } from '../db/page.ts'
import type { Instant } from '../kernel/clock.ts'
import { mobileNumber } from '../kernel/mobile-number.ts'
import { providersOf } from '../merchants/pg-companies.ts'
import { digitsOf } from './input.ts'
import type { Verification } from './verification.ts'

export type VerificationQuery = {
  readonly storeIds: readonly string[]
  readonly filter: IdentityVerificationFilterInput
  readonly sort: IdentityVerificationSortInput
  readonly from: Instant
  readonly until: Instant
  readonly page: Page
}

/** A page of verifications, and how many match, counted as far as pages go. */
export const findVerifications = async (
  sql: Sql,
  query: VerificationQuery,
): Promise<{ readonly items: readonly Verification[]; readonly totalCount: number }> => {
  const rows = {
    storeIds: query.storeIds,
    table: 'identity_verifications',
    as: 'v',
    id: 'identity_verification_id',
  }
  return findStates(
    sql,
    { ...rows, conditions: [...where(sql, query), ...whereCustomer(sql, query)], ...order(sql, query) },
    query,
    query.page,
  )
}

function* where(sql: Sql, { filter, from, until }: VerificationQuery): Generator<Fragment> {
  yield sql`${column(sql, filter.timeRangeField)} between ${from}::timestamptz and ${until}::timestamptz`
  const { identityVerificationId, identityVerificationTxId } = filter
  if (identityVerificationId !== undefined) yield sql`v.identity_verification_id = ${identityVerificationId}`
  if (identityVerificationTxId !== undefined) yield sql`${identityVerificationTxId} = any(v.attempt_ids)`
  if (filter.isTest !== undefined) yield sql`v.is_test = ${filter.isTest}`
  if (filter.statuses?.length) yield sql`v.status = any(${filter.statuses}::text[])`
  if (filter.pgTxId !== undefined) yield sql`v.pg_transaction_id = ${filter.pgTxId}`
  if (filter.pgMerchantId !== undefined) yield sql`v.pg_merchant_id = ${filter.pgMerchantId}`
  if (filter.pgProviders?.length) yield sql`v.pg_provider = any(${filter.pgProviders}::text[])`
  if (filter.pgCompanies?.length) yield sql`v.pg_provider = any(${filter.pgCompanies.flatMap(providersOf)}::text[])`
  if (filter.carriers?.length) yield sql`v.carrier = any(${filter.carriers}::text[])`
  if (filter.version === 'V1') yield sql`false`
}

function* whereCustomer(sql: Sql, { filter: { customer } }: VerificationQuery): Generator<Fragment> {
  const { name, phoneNumber, birthYear, birthMonth, birthDay, gender } = customer ?? {}
  if (name !== undefined) yield sql`v.name = ${name}`
  if (phoneNumber !== undefined) yield sql`v.phone_number = ${mobileNumber(phoneNumber) ?? digitsOf(phoneNumber)}`
  if (birthYear !== undefined) yield sql`v.birth_year = ${birthYear}`
  if (birthMonth !== undefined) yield sql`v.birth_month = ${birthMonth.padStart(2, '0')}`
  if (birthDay !== undefined) yield sql`v.birth_day = ${birthDay.padStart(2, '0')}`
  if (gender !== undefined) yield sql`v.gender = ${gender}`
}

/** Verifications without the instant come last in either order. Within a window of the same instants there are none. */
const order = (sql: Sql, { filter, sort }: VerificationQuery) => {
  const { by = 'REQUESTED_AT', order: direction } = sort
  const mayBeNull = by !== (filter.timeRangeField ?? 'REQUESTED_AT')
  return orderBy(sql, { by: column(sql, by), direction, id: sql`v.identity_verification_id`, mayBeNull })
}

const column = (sql: Sql, name: IdentityVerificationSortInput['by'] = 'REQUESTED_AT'): Fragment => {
  switch (name) {
    case 'REQUESTED_AT':
      return sql`v.requested_at`
    case 'VERIFIED_AT':
      return sql`v.verified_at`
    case 'FAILED_AT':
      return sql`v.failed_at`
    case 'STATUS_UPDATED_AT':
      return sql`v.status_changed_at`
  }
}
