import type { Sql } from '../../src/db/connect.ts'
import type { Attempt } from '../../src/payments/state/payment.ts'
import { paymentOf, paymentsThat, type StoredPayment, storedPayment } from '../../src/payments/stored.ts'
import { type Answer, type Client, isUndone, type Request } from './client.ts'
import type { Order } from './orders.ts'

/** The merchant's side: what was acknowledged is there, once, and says the same. */
export const verifyOrders = async (client: Client, orders: readonly Order[]): Promise<void> => {
  const waiting = [...orders]
  const reader = async (): Promise<void> => {
    for (let order = waiting.pop(); order !== undefined; order = waiting.pop()) {
      const answer = await client.get(`/payments/${order.paymentId}`)
      for (const finding of findingsOf(order, answer)) client.findings.push(`${order.paymentId}: ${finding}`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, reader))
}

type Shown = {
  readonly status: string
  readonly pgTxId?: string
  readonly paidAt?: string
  readonly amount: { readonly total: number; readonly cancelled: number }
  readonly cancellations?: readonly { readonly id: string; readonly status: string; readonly totalAmount: number }[]
}

function* findingsOf(order: Order, answer: Answer): Generator<string> {
  if (answer.status === 404) {
    if (isAcknowledged(order.payment)) yield 'was acknowledged and is gone'
    return
  }
  if (answer.status !== 200) return yield `cannot be read: ${answer.status} ${answer.text}`
  const shown: Shown = JSON.parse(answer.text)
  if (shown.status === 'PAY_PENDING') yield 'is still in between'
  if (isAcknowledged(order.payment)) yield* paymentFindings(order, shown)
  if (isUndone(order.payment) && shown.status !== 'FAILED') yield `was said not to have happened and is ${shown.status}`
  yield* cancellationFindings(order, shown)
  for (const { operation, answer: done } of order.later) {
    if (done?.status !== 200) continue
    if (operation === 'deposit' && shown.status !== 'PAID') yield `was deposited and is ${shown.status}`
    if (operation === 'close' && shown.status !== 'FAILED') yield `was closed and is ${shown.status}`
  }
}

function* paymentFindings({ payment, total }: Order, shown: Shown): Generator<string> {
  const answered: { payment?: Told } & Told = JSON.parse(payment.answer?.text ?? '{}')
  const told = answered.payment ?? answered
  if (shown.amount.total !== total) yield `was acknowledged with ${total} and has ${shown.amount.total}`
  // A failed payment shows no id of the PG's: an account that was closed has failed.
  if (shown.status !== 'FAILED' && shown.pgTxId !== told.pgTxId)
    yield `was acknowledged as ${told.pgTxId} and is ${shown.pgTxId}`
  if (shown.paidAt !== undefined && payment.operation !== 'issue' && shown.paidAt !== told.paidAt)
    yield `was acknowledged as paid at ${told.paidAt} and says ${shown.paidAt}`
  if (payment.operation !== 'issue' && !paidStatuses.has(shown.status)) yield `was paid and is ${shown.status}`
}

type Told = { readonly pgTxId?: string; readonly paidAt?: string }

const paidStatuses = new Set(['PAID', 'PARTIAL_CANCELLED', 'CANCELLED'])

/** Every acknowledged refund is there, and no request had more than one effect. */
function* cancellationFindings(order: Order, { amount, cancellations = [] }: Shown): Generator<string> {
  const requests = order.later.filter(({ operation }) => operation === 'cancel')
  let acknowledged = 0
  let unknown = 0
  for (const request of requests) {
    if (request.answer === undefined) unknown += request.amount ?? 0
    if (!isAcknowledged(request)) continue
    const told: { cancellation: { id: string; status: string } } = JSON.parse(request.answer?.text ?? '{}')
    const found = cancellations.find(({ id }) => id === told.cancellation.id)
    if (found?.totalAmount !== request.amount)
      yield `the cancellation ${told.cancellation.id} was acknowledged and lost`
    if (told.cancellation.status !== 'SUCCEEDED') continue
    acknowledged += request.amount ?? 0
    if (found?.status !== 'SUCCEEDED')
      yield `the cancellation ${told.cancellation.id} succeeded and is ${found?.status}`
  }
  if (amount.cancelled < acknowledged) yield `${acknowledged} were refunded and it says ${amount.cancelled}`
  if (amount.cancelled > acknowledged + unknown)
    yield `${acknowledged} (at most ${acknowledged + unknown}) were to be refunded and it says ${amount.cancelled}`
}

const isAcknowledged = ({ answer }: Request): boolean => answer?.status === 200

/** Our books against the PG's. Each query finds what must not be. */
export const verifyBooks = async (sql: Sql, findings: string[]): Promise<void> => {
  // A killed PostgreSQL forgets its statistics; without them these joins took 15 s after 25 kills.
  await sql`analyze`
  for (const [what, query] of Object.entries(contradictions(sql, await attemptsOf(sql)))) {
    for (const { name } of await query) findings.push(`${name}: ${what}`)
  }
}

type AttemptRow = { readonly store_id: string; readonly payment_id: string; readonly attempt: Attempt }

const attemptsOf = async (sql: Sql): Promise<readonly AttemptRow[]> => {
  const rows = await sql<{ stored: StoredPayment }[]>`
    select ${storedPayment(sql)} as stored from ${paymentsThat(sql, sql`true`)} p`
  return rows.flatMap(({ stored }) => {
    const { storeId: store_id, paymentId: payment_id, attempts } = paymentOf(stored)
    return attempts.map((attempt) => ({ store_id, payment_id, attempt }))
  })
}

const contradictions = (sql: Sql, rows: readonly AttemptRow[]) => {
  const attempts = sql`
    select *, attempt ->> 'transactionId' as reference, attempt ->> 'phase' as phase
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as one (store_id text, payment_id text, attempt jsonb)`
  const money = sql`t.state in ('APPROVED', 'DEPOSITED') and t.amount > t.cancelled_amount`
  type Rows = { name: string }[]
  return {
    'is still in between': sql<Rows>`
      select payment_id as name from ${paymentsThat(sql, sql`p.status = 'PAY_PENDING'`)} p`,
    'should have been looked at by now': sql<Rows>`
      select payment_id as name from ${paymentsThat(sql, sql`p.due_at is not null`)} p join stores using (store_id)
      where due_at <= coalesce(clock_stopped_at, now() + clock_offset * interval '1 millisecond') - interval '1 minute'`,
    'the PG charged and we do not know': sql<Rows>`
      with attempts as (${attempts})
      select t.reference as name from sandbox_transactions t
      left join attempts a on a.store_id = t.store_id and a.reference = t.reference
      where ${money} and (a.phase is null or a.phase not in ('PAID', 'PARTIAL_CANCELLED'))`,
    'we say paid and the PG does not': sql<Rows>`
      with attempts as (${attempts})
      select a.payment_id as name from attempts a
      left join sandbox_transactions t on t.store_id = a.store_id and t.reference = a.reference
      where a.phase in ('PAID', 'PARTIAL_CANCELLED') and (${money}) is not true`,
    'was charged twice': sql<Rows>`
      with attempts as (${attempts})
      select a.payment_id as name from attempts a
      join sandbox_transactions t on t.store_id = a.store_id and t.reference = a.reference
      where ${money} group by a.store_id, a.payment_id having count(*) > 1`,
    'the PG refunded another amount than we': sql<Rows>`
      select p.payment_id as name from payments p
      join sandbox_transactions t on t.store_id = p.store_id and t.reference = p.transaction_id
      where p.cancelled_amount <> t.cancelled_amount or p.reserved_amount <> t.reserved_amount`,
    'the PG and we disagree about this refund': sql<Rows>`
      with attempts as (${attempts})
      select coalesce(c.reference, ours.id) as name
      from (
        select a.store_id, cancellation ->> 'id' as id, cancellation ->> 'status' as status
        from attempts a, jsonb_array_elements(a.attempt -> 'cancellations') as cancellation
      ) ours
      full join sandbox_cancellations c on c.store_id = ours.store_id and c.reference = ours.id
      where (ours.status = 'SUCCEEDED') is distinct from (c.state = 'SUCCEEDED')
        and not (ours.status is distinct from 'SUCCEEDED' and c.state is distinct from 'SUCCEEDED')`,
    'its promotion holds another discount for it': sql<Rows>`
      with attempts as (${attempts})
      select a.payment_id as name from attempts a
      left join promotion_usages u on u.store_id = a.store_id and u.transaction_id = a.reference
      where a.attempt ? 'promotion' and coalesce(u.held_amount, 0) <>
        case a.phase when 'FAILED' then 0 else (a.attempt -> 'promotion' ->> 'discount')::bigint end`,
    'a receipt or a stored card is still in between': sql<Rows>`
      select payment_id as name from cash_receipts where due_at is not null
      union all select billing_key from billing_keys where due_at is not null`,
    'the PG and we disagree whether it was captured': sql<Rows>`
      with attempts as (${attempts})
      select a.payment_id as name from attempts a
      join sandbox_transactions t on t.store_id = a.store_id and t.reference = a.reference
      join channels c on c.store_id = a.store_id and c.channel_id = a.attempt -> 'channel' ->> 'id'
      where c.manual_capture and (a.attempt -> 'capture' ->> 'capturedAt' is null) <> (t.captured_at is null)`,
  }
}
