import type { PaymentFilterInput, PaymentMethodType } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import type { FacetIndex } from '../db/facet-index.ts'
import type { Facets } from '../db/facets.ts'
import type { Stream } from '../db/page.ts'

const index: FacetIndex = {
  table: 'payments',
  as: 'p',
  facet: `hashtextextended(
    coalesce(p.status, '') || '|' || coalesce(p.method, '') || '|' || coalesce(p.pg_provider, '')
      || '|' || coalesce(p.is_test::text, '') || '|' || (p.schedule_id is not null)::text
      || '|' || coalesce(p.platform_type, '') || '|' || coalesce(p.currency, '') || '|' || p.is_escrow::text
      || '|' || coalesce(p.escrow_status, '') || '|' || coalesce(p.card_brand, '') || '|' || coalesce(p.card_type, '')
      || '|' || coalesce(p.card_owner_type, '') || '|' || coalesce(p.gift_certificate_type, ''), 0)`,
  within: `p.status <> 'PAY_PENDING'`,
  time: 'p.status_time',
}

/** What is asked of attributes that few different values have. */
export const attributeConditions = (sql: Sql, filter: PaymentFilterInput): readonly Fragment[] => [
  ...whereAttributes(sql, filter),
]

/**
 * How payments with these attributes are found, in the order of their latest change; `undefined` where nothing is asked of
 * attributes.
 */
export const facetsOf = (sql: Sql, filter: PaymentFilterInput): Facets | undefined => {
  const isWindow = filter.timestampType !== 'CREATED_AT'
  const isInOrder = isWindow && filter.sortBy !== 'REQUESTED_AT'
  const conditions = attributeConditions(sql, filter)
  if (conditions.length === 0) return undefined
  return { index, conditions, outside: mayBePending(filter) ? pendingStreams(sql) : [], isInOrder, isWindow }
}

const mayBePending = ({ status }: PaymentFilterInput): boolean =>
  !status?.length || status.some((wanted) => storedStatus(wanted) === 'PAY_PENDING')

/**
 * What is pending is due: it is found by that, and what had lost its due time by a fault of ours by an index that is otherwise
 * empty. Every payment is pending for an instant, and would write an index of this status for it.
 */
const pendingStreams = (sql: Sql): readonly Stream[] => [
  { where: sql`p.status = 'PAY_PENDING' and p.due_at is not null` },
  { where: sql`p.status = 'PAY_PENDING' and p.due_at is null` },
]

function* whereAttributes(sql: Sql, filter: PaymentFilterInput): Generator<Fragment> {
  if (filter.status?.length) yield sql`p.status = any(${filter.status.map(storedStatus)}::text[])`
  if (filter.methods?.length) yield sql`p.method = any(${filter.methods.map((method) => methodNames[method])}::text[])`
  if (filter.pgProvider?.length) yield sql`p.pg_provider = any(${filter.pgProvider}::text[])`
  if (filter.isTest !== undefined) yield sql`p.is_test = ${filter.isTest}`
  if (filter.isScheduled !== undefined) yield sql`(p.schedule_id is not null) = ${filter.isScheduled}`
  if (filter.platformType) yield sql`p.platform_type = ${platforms[filter.platformType]}`
  if (filter.currency) yield sql`p.currency = ${filter.currency}`
  if (filter.isEscrow !== undefined) yield sql`p.is_escrow = ${filter.isEscrow}`
  if (filter.escrowStatus) yield sql`p.escrow_status = ${filter.escrowStatus}`
  if (filter.cardBrand) yield sql`p.card_brand = ${filter.cardBrand}`
  if (filter.cardType) yield sql`p.card_type = ${filter.cardType}`
  if (filter.cardOwnerType) yield sql`p.card_owner_type = ${filter.cardOwnerType}`
  if (filter.giftCertificateType) yield sql`p.gift_certificate_type = ${filter.giftCertificateType}`
}

type Statuses = NonNullable<PaymentFilterInput['status']>
type StoredStatus = Exclude<Statuses[number], 'PENDING'>

/** The contract calls the status `PAY_PENDING` in a payment and `PENDING` in this filter. */
const storedStatus = (status: Statuses[number]): StoredStatus => (status === 'PENDING' ? 'PAY_PENDING' : status)

const methodNames: Readonly<Record<PaymentMethodType, string>> = {
  CARD: 'PaymentMethodCard',
  TRANSFER: 'PaymentMethodTransfer',
  VIRTUAL_ACCOUNT: 'PaymentMethodVirtualAccount',
  GIFT_CERTIFICATE: 'PaymentMethodGiftCertificate',
  MOBILE: 'PaymentMethodMobile',
  EASY_PAY: 'PaymentMethodEasyPay',
  CONVENIENCE_STORE: 'PaymentMethodConvenienceStore',
  CRYPTO: 'PaymentMethodCrypto',
}

const platforms = { SDK_MOBILE: 'MOBILE', SDK_PC: 'PC', API: 'API' } as const
