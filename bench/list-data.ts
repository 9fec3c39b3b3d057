import type { Sql } from '../packages/server/src/db/connect.ts'
import { cardPayment, channelKey, issueBillingKey, keyOrder, pay, post, type Server } from './support.ts'

/** One of each thing that is listed, made through the API. */
export const makeModels = async (server: Server): Promise<void> => {
  await pay(server, 'model', cardPayment)
  const billingKey = await issueBillingKey(server)
  const timeToPay = new Date(Date.now() + 365 * 24 * 60 * 60 * 1_000).toISOString()
  await post(server, '/payments/plan/schedule', JSON.stringify({ payment: keyOrder(billingKey), timeToPay }))
  const receipt = { paymentId: 'model', channelKey, type: 'PERSONAL', orderName: '나루 티셔츠', currency: 'KRW' }
  const customer = { identityNumber: '01012345678' }
  await post(
    server,
    '/cash-receipts',
    JSON.stringify({ ...receipt, paymentId: 'receipt', amount: { total: 39_000 }, customer }),
  )
}

type Copies = {
  readonly table: string
  /** Which row is the model. */
  readonly model: string
  /** What differs from the model: an expression of `n`, of the model `m` and of the `instant`. */
  readonly changed: Readonly<Record<string, string>>
}

/** A few are unlike the others, and of the others one in twenty or in a hundred. */
const seldom = (rare: string, usual: string): string => `case when is_rare then ${rare} else ${usual} end`

/** One in a thousand, and of few rows ten: a page of ten payments takes longer than one of a single payment, however it is found. */
const oneRareOf = (count: number): number => Math.min(1_000, count / 10)

const instants = { created_at: 'instant', due_at: 'null', leased_until: 'null' }

const payments: Copies = {
  table: 'payments',
  model: `payment_id = 'model'`,
  changed: {
    ...instants,
    payment_id: `'copy-' || n`,
    transaction_id: `'transaction-' || n`,
    status: `case when n % 20 = 0 then 'FAILED' when n % 100 = 1 then 'CANCELLED' else 'PAID' end`,
    cancelled_amount: 'case when n % 100 = 1 then m.total_amount else 0 end',
    method: seldom(`'PaymentMethodMobile'`, `case n % 5 when 4 then 'PaymentMethodTransfer' else m.method end`),
    pg_provider: seldom(`'KPN'`, `(array[m.pg_provider, 'TOSSPAYMENTS', 'NICE_V2'])[1 + n % 3]`),
    is_test: seldom('false', 'true'),
    schedule_id: `case n % 10 when 3 then 'schedule-' || n end`,
    platform_type: seldom(`'MOBILE'`, `(array['API', 'PC'])[1 + n % 2]`),
    currency: seldom(`'USD'`, 'm.currency'),
    is_escrow: 'is_rare',
    escrow_status: seldom(`'DELIVERED'`, 'null'),
    card_brand: seldom(`'DINERS'`, 'm.card_brand'),
    card_type: seldom(`'GIFT'`, `(array['CREDIT', 'DEBIT'])[1 + n % 2]`),
    card_owner_type: seldom(`'CORPORATE'`, `'PERSONAL'`),
    gift_certificate_type: seldom(`'BOOKNLIFE'`, 'null'),
    search: `array['TX_ID=transaction-' || n, 'ORDER_NAME=order ' || n % 100, 'PG_TX_ID=pg-' || n, 'PG_MERCHANT_ID=sandbox',
      'CUSTOMER_NAME=name ' || n / 10, 'CUSTOMER_EMAIL=customer-' || n / 10 || '@example.com',
      'CUSTOMER_PHONE_NUMBER=010' || n / 10, 'CARD_ISSUER=' || ${seldom(`'HANA_CARD'`, `'SHINHAN_CARD'`)},
      'CARD_BIN=424242', 'CARD_NUMBER=424242******' || n % 10000, 'CARD_APPROVAL_NUMBER=' || 10000000 + n]`,
    begun_at: 'instant',
    requested_at: `instant + case n % 50 when 9 then interval '1 minute' else interval '0' end`,
    status_time: `instant + interval '2 minutes'`,
  },
}

const journal: Copies = {
  table: 'journal',
  model: `stream = 'payment' and stream_id = 'model'`,
  changed: { stream_id: `'copy-' || n`, at: 'instant', written_by: 'pg_current_xact_id()' },
}

const plans: Copies = {
  table: 'payments',
  model: `payment_id = 'plan'`,
  changed: { ...instants, payment_id: `'plan-' || n` },
}

const planJournal: Copies = {
  table: 'journal',
  model: `stream = 'payment' and stream_id = 'plan'`,
  changed: {
    stream_id: `'plan-' || n`,
    data: `replace(m.data::text, (select schedule_id from payment_schedules where payment_id = 'plan'), 'schedule-' || n)::jsonb`,
    at: 'instant',
    written_by: 'pg_current_xact_id()',
  },
}

const schedules: Copies = {
  table: 'payment_schedules',
  model: `payment_id = 'plan'`,
  changed: {
    ...instants,
    payment_id: `'plan-' || n`,
    schedule_id: `'schedule-' || n`,
    billing_key: `'key-' || n / 10`,
    status: seldom(`'REVOKED'`, `(array['SUCCEEDED', 'FAILED', 'SUCCEEDED', 'SUCCEEDED'])[1 + n % 4]`),
    is_test: seldom('false', 'true'),
    time_to_pay: 'instant',
    created_at: `instant - (n % 30) * interval '1 day'`,
    completed_at: seldom('null', `instant + (n % 60) * interval '1 second'`),
    status_time: `instant + (n % 60) * interval '1 second'`,
  },
}

const billingKeys: Copies = {
  table: 'billing_keys',
  model: 'true',
  changed: {
    ...instants,
    billing_key: `'key-' || n`,
    // What a request is recognised by is unique.
    state: `m.state #- '{request,requestKey}'`,
    status: `case n % 20 when 0 then 'DELETED' else 'ISSUED' end`,
    channel_group_id: seldom(`'group-1'`, 'null'),
    customer_id: `'customer-' || n / 2`,
    methods: seldom(`array['BillingKeyPaymentMethodEasyPay']`, 'm.methods'),
    pg_providers: seldom(`array['KPN']`, 'm.pg_providers'),
    search: `array['BILLING_KEY=key-' || n, 'CUSTOMER_EMAIL=customer-' || n / 2 || '@example.com', 'CARD_BIN=424242',
      'CARD_NUMBER=424242******' || n % 10000]`,
    requested_at: 'instant',
    issued_at: `instant + interval '1 second'`,
    deleted_at: `case n % 20 when 0 then instant + (n % 100) * interval '1 minute' end`,
  },
}

const receipts: Copies = {
  table: 'cash_receipts',
  model: `payment_id = 'receipt'`,
  changed: {
    ...instants,
    // Half of them of a payment.
    payment_id: `'copy-' || n * 2`,
    status: `case when n % 20 = 0 then 'CANCELLED' else 'ISSUED' end`,
    type: seldom(`'CORPORATE'`, `'PERSONAL'`),
    is_manual: seldom('false', 'true'),
    is_test: seldom('false', 'true'),
    pg_provider: seldom(`'KPN'`, 'm.pg_provider'),
    pg_merchant_id: seldom(`'merchant-7'`, 'm.pg_merchant_id'),
    pg_receipt_id: `'receipt-' || n`,
    issue_number: `(100000000 + n)::text`,
    order_name: `'order ' || n / 10`,
    issued_at: 'instant',
    cancelled_at: `case when n % 20 = 0 then instant + (n % 100) * interval '1 minute' end`,
    status_updated_at: `instant + (n % 100) * interval '1 minute'`,
    in_force: 'case when n % 20 = 0 then 0 else 1 end',
  },
}

/** Every second payment is told by a webhook. */
const webhooks = (count: number): string => `
  insert into webhooks (store_id, webhook_id, payment_id, transaction_id, environment, type, url, target, content_type, body,
    payment_status, trigger, created_at, status, execution_count)
  select store_id, 'webhook-' || payment_id, payment_id, transaction_id, 'TEST', 'Transaction.Paid', 'https://example.com/', 'example.com',
    'application/json', '{"type":"Transaction.Paid"}', status, 'PAYMENT_UPDATED', status_time,
    case when substr(payment_id, 6)::integer % ${oneRareOf(count)} = 7 then 'FAILED_NOT_OK_RESPONSE' else 'SUCCEEDED' end, 1
  from payments
  where payment_id like 'copy-%' and status is not null and right(payment_id, 1) in ('1', '3', '5', '7', '9')`

/** So many copies of each model, in the order of their instants, over the last 80 days, which lists show by default. */
export const copyModels = async (sql: Sql, count: number): Promise<void> => {
  for (const copies of [payments, journal, plans, planJournal, schedules, billingKeys, receipts])
    await copy(sql, copies, count)
  await sql.unsafe(webhooks(count))
}

const copy = async (sql: Sql, { table, model, changed }: Copies, count: number): Promise<void> => {
  const columns = await sql<{ name: string }[]>`
    select column_name as name from information_schema.columns where table_name = ${table} and is_generated = 'NEVER'`
  const names = columns.map(({ name }) => name)
  await sql.unsafe(`
    insert into ${table} (${names.join(', ')})
    select ${names.map((name) => changed[name] ?? `m.${name}`).join(', ')}
    from (select * from ${table} where ${model}) m, generate_series(1, ${count}) n,
      lateral (
        select now() - interval '80 days' * (1 - n::float8 / ${count + 1}) as instant, n % ${oneRareOf(count)} = 7 as is_rare
      ) of_copy`)
}
