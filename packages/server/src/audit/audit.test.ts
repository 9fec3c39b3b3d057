import assert from 'node:assert/strict'
import { test } from 'node:test'
import { audit } from './audit.ts'
import type { Rule } from './finding.ts'
import { type Books, openBooks } from './testing/books.ts'

test('books in which everything went as it may go are clean', async () => {
  await using books = await openBooks()
  await everything(books)
  const progress: [number, number][] = []
  const report = await audit(books.sql, { onProgress: (...step) => progress.push(step) })
  assert.deepEqual(report.findings, [])
  assert.equal(report.payments, 17)
  assert.deepEqual(progress, [[17, 17]])
})

test('an empty database is clean', async () => {
  await using books = await openBooks()
  assert.deepEqual(await audit(books.sql), { payments: 0, findings: [] })
})

/**
 * Each tampers with the payment `victim`, which was announced, paid by card and refunded in part, so that its state is kept, or with
 * others of which it is not, among some that are well.
 */
const faults: readonly {
  readonly name: string
  readonly plant: (books: Books, ids: { transactionId: string; cancellationId: string }) => Promise<unknown>
  readonly found: readonly (readonly [rule: Rule, what: RegExp])[]
}[] = [
  {
    name: 'a column was changed',
    plant: ({ sql }) => sql`update payments set method = 'PaymentMethodMobile' where payment_id = 'victim'`,
    found: [['columns-follow-the-snapshot', /column method is "PaymentMethodMobile" instead of "PaymentMethodCard"/]],
  },
  {
    name: 'a column of time was changed',
    plant: ({ sql }) =>
      sql`update payments set status_time = status_time + interval '1 day' where payment_id = 'victim'`,
    found: [['columns-follow-the-snapshot', /column status_time is "2026-03-03T.* instead of "2026-03-02T/]],
  },
  {
    name: 'a text cannot be found any more',
    plant: ({ sql }) =>
      sql`update payments set search = array_remove(search, 'ORDER_NAME=티셔츠') where payment_id = 'victim'`,
    found: [['columns-follow-the-snapshot', /column search/]],
  },
  {
    name: 'the state was changed',
    plant: ({ sql }) => sql`
      update payments set kept_state = jsonb_set(kept_state, '{attempts,0,request,orderName}', '"티셔츠 둘"'),
        search = array_replace(search, 'ORDER_NAME=티셔츠', 'ORDER_NAME=티셔츠 둘') where payment_id = 'victim'`,
    found: [['snapshot-is-the-replay', /another attempts\.0\.request\.orderName/]],
  },
  {
    name: 'the state became something else',
    plant: ({ sql }) => sql`update payments set kept_state = '{"attempts": "none"}' where payment_id = 'victim'`,
    found: [['snapshot-is-readable', /cannot be read/]],
  },
  {
    name: 'an attempt lost its parts',
    plant: ({ sql }) => sql`
      update payments set kept_state = kept_state #- '{attempts,0,cancellations}' where payment_id = 'victim'`,
    found: [['snapshot-is-readable', /cannot be read/]],
  },
  {
    name: 'an attempt became nothing',
    plant: ({ sql }) => sql`
      update payments set kept_state = jsonb_set(kept_state, '{attempts,0}', 'null') where payment_id = 'victim'`,
    found: [['snapshot-is-readable', /cannot be read/]],
  },
  {
    name: 'the version was changed',
    plant: ({ sql }) => sql`update payments set version = version + 1 where payment_id = 'victim'`,
    found: [['journal-has-no-gap', /journal has 5 events, the snapshot is at version 6/]],
  },
  {
    name: 'an event was deleted',
    plant: ({ sql }) => sql`delete from journal where stream_id = 'victim' and version = 2`,
    found: [['journal-has-no-gap', /Event 2 is missing; 3 follows/]],
  },
  {
    name: 'the last event was deleted',
    plant: ({ sql }) => sql`delete from journal where stream_id = 'victim' and version = 5`,
    found: [['journal-has-no-gap', /journal has 4 events, the snapshot is at version 5/]],
  },
  {
    name: 'an event was changed',
    plant: ({ sql }) => sql`
      update journal set data = jsonb_set(data, '{approval,pgTransactionId}', '"another"')
      where stream_id = 'victim' and type = 'Approved'`,
    found: [['snapshot-is-the-replay', /another attempts\.0\.pgTransactionId/]],
  },
  {
    name: 'an event was filed under another type',
    plant: ({ sql }) => sql`update journal set type = 'Captured' where stream_id = 'victim' and version = 3`,
    found: [['journal-is-readable', /Event 3 is filed as Captured, but is Approved/]],
  },
  {
    name: 'the snapshot was deleted',
    plant: ({ sql }) => sql`delete from payments where payment_id = 'victim'`,
    found: [
      ['journal-has-a-payment', /5 events/],
      ['webhook-has-a-payment', /webhook/],
      ['webhook-has-a-payment', /webhook/],
      ['charged-is-known', /10000 APPROVED/],
    ],
  },
  {
    name: 'more was refunded than was paid',
    plant: ({ sql }) => sql`
      update payments set kept_state = jsonb_set(kept_state, '{attempts,0,request,amount}', '{"total": 900, "taxFree": 0, "vat": 82}')
      where payment_id = 'victim'`,
    found: [
      ['snapshot-is-the-replay', /request\.amount\.total/],
      ['columns-follow-the-snapshot', /total_amount is 10000 instead of 900/],
      ['money-adds-up', /-100 left of its total/],
      ['money-adds-up', /-100 left of its taxable/],
      ['money-adds-up', /-9 left of its vat/],
      ['paid-is-charged', /is for 900 KRW, at the PG for 10000 KRW/],
    ],
  },
  {
    name: 'an order was paid by two attempts',
    plant: ({ sql }) => sql`
      update payments set kept_state = jsonb_set(kept_state, '{attempts,1}', kept_state #> '{attempts,0}') where payment_id = 'victim'`,
    found: [
      ['snapshot-is-the-replay', /attempts\.1/],
      ['money-adds-up', /Paid more than once/],
    ],
  },
  {
    name: 'something undecided lost its inquiry',
    plant: ({ sql }) => sql`
      update journal set data = data #- '{inquiry}' where stream_id = 'pending'`,
    found: [
      ['columns-follow-the-snapshot', /column due_at/],
      ['undecided-is-due', /which is PAY_PENDING/],
    ],
  },
  {
    name: 'an event of a state that is not kept was changed',
    plant: ({ sql }) => sql`
      update journal set data = jsonb_set(data, '{approval,method,card,brand}', '"MASTER"')
      where stream_id = 'short' and type = 'Approved'`,
    found: [['columns-follow-the-snapshot', /column card_brand is "VISA" instead of "MASTER"/]],
  },
  {
    name: 'an event of a state that is not kept was deleted',
    plant: ({ sql }) => sql`delete from journal where stream_id = 'short' and version = 1`,
    found: [['journal-has-no-gap', /Event 1 is missing; 2 follows/]],
  },
  {
    name: 'an event of a state that is not kept cannot be read',
    plant: ({ sql }) => sql`
      update journal set data = '{"type": "ApprovalRequested"}' where stream_id = 'short' and version = 1`,
    found: [['journal-is-readable', /cannot be replayed/]],
  },
  {
    name: 'something undecided is not due',
    plant: ({ sql }) => sql`update payments set due_at = null where payment_id = 'pending'`,
    found: [['columns-follow-the-snapshot', /column due_at is null instead of "2026-03-02T/]],
  },
  {
    name: 'the PG charged another amount',
    plant: ({ sql }, { transactionId }) =>
      sql`update sandbox_transactions set amount = 10001 where reference = ${transactionId}`,
    found: [['paid-is-charged', /is for 10000 KRW, at the PG for 10001 KRW/]],
  },
  {
    name: 'the PG charged in another currency',
    plant: ({ sql }, { transactionId }) =>
      sql`update sandbox_transactions set currency = 'USD' where reference = ${transactionId}`,
    found: [['paid-is-charged', /at the PG for 10000 USD/]],
  },
  {
    name: 'the PG never heard of a paid attempt',
    plant: async ({ sql }, { transactionId }) => {
      await sql`delete from sandbox_cancellations where transaction_reference = ${transactionId}`
      await sql`delete from sandbox_transactions where reference = ${transactionId}`
    },
    found: [['paid-is-charged', /the PG has never heard of it/]],
  },
  {
    name: 'the PG charged what failed here',
    plant: ({ sql }) => sql`update sandbox_transactions set state = 'APPROVED' where code = 'decline'`,
    found: [['charged-is-known', /is FAILED, but the PG charged 10000 and keeps 10000/]],
  },
  {
    name: 'the PG charged twice',
    plant: ({ sql }, { transactionId }) => sql`
      insert into sandbox_transactions (store_id, reference, pg_transaction_id, kind, state, code, asked_amount, amount,
                                        currency, order_name, data, created_at)
      select store_id, reference || '-again', pg_transaction_id || '2', kind, state, code, asked_amount, amount, currency,
             order_name, data, created_at
      from sandbox_transactions where reference = ${transactionId}`,
    found: [['charged-is-known', /The PG has 10000 APPROVED as .*-again, which no payment knows/]],
  },
  {
    name: 'the PG refunded another amount',
    plant: async ({ sql }, { transactionId, cancellationId }) => {
      await sql`update sandbox_cancellations set amount = 999 where reference = ${cancellationId}`
      await sql`update sandbox_transactions set cancelled_amount = 999 where reference = ${transactionId}`
    },
    found: [['refunds-agree', /is for 1000, at the PG for 999/]],
  },
  {
    name: "the PG's sum is not that of its refunds",
    plant: ({ sql }, { transactionId }) =>
      sql`update sandbox_transactions set cancelled_amount = 999 where reference = ${transactionId}`,
    found: [['gateway-adds-up', /999 refunded and 0 held .* its refunds say 1000 and 0/]],
  },
  {
    name: 'the PG did not refund',
    plant: async ({ sql }, { transactionId, cancellationId }) => {
      await sql`update sandbox_cancellations set state = 'FAILED' where reference = ${cancellationId}`
      await sql`update sandbox_transactions set cancelled_amount = 0 where reference = ${transactionId}`
    },
    found: [['refunds-agree', /succeeded, at the PG it is FAILED/]],
  },
  {
    name: 'the PG refunded twice',
    plant: async ({ sql }, { transactionId, cancellationId }) => {
      await sql`
        insert into sandbox_cancellations
        select store_id, 'again', transaction_reference, 'again', state, pg_code, amount, reason, created_at, settled_at
        from sandbox_cancellations where reference = ${cancellationId}`
      await sql`update sandbox_transactions set cancelled_amount = 2000 where reference = ${transactionId}`
    },
    found: [['refunds-agree', /The PG refunded 1000 as again, which is unknown here/]],
  },
]

for (const { name, plant, found } of faults)
  test(`${name}: found and named`, async () => {
    await using books = await openBooks()
    await books.pay('a-neighbour')
    await books.preRegister('victim')
    const transactionId = await books.pay('victim')
    const cancellationId = await books.cancel('victim', { amount: 1_000 })
    await books.pay('pending', 'pending-paid-60')
    await books.pay('refused', 'decline')
    await books.pay('short')
    await books.pay('z-neighbour')
    assert.deepEqual((await audit(books.sql)).findings, [])
    await plant(books, { transactionId, cancellationId })
    const { findings } = await audit(books.sql)
    const described = findings.map(({ rule, what }) => `${rule}: ${what}`)
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      found.map(([rule]) => rule),
      described.join('\n'),
    )
    found.forEach(([, what], index) => {
      assert.match(findings[index]?.what ?? '', what)
    })
    for (const { storeId, paymentId } of findings) {
      assert.equal(storeId, 'store-1')
      assert.ok(paymentId === null || !paymentId.endsWith('neighbour'), `${paymentId} was well`)
    }
  })

test('more payments than fit into a batch are all looked at, and what lies between and behind them', async () => {
  await using books = await openBooks()
  const ids = Array.from({ length: 1_001 }, (_, index) => `order-${String(index).padStart(4, '0')}`)
  await Promise.all(ids.map((id) => books.preRegister(id)))
  const stray = (id: string) => books.sql`
    insert into journal select store_id, stream, ${id}, version, type, data, at from journal where stream_id = 'order-0000'`
  await stray('order-0499-stray')
  await stray('order-0700-stray')
  await stray('order-9999-stray')
  await books.sql`update payments set is_escrow = true where payment_id in ('order-0499', 'order-0500', 'order-1000')`
  const progress: number[] = []
  const { payments, findings } = await audit(books.sql, { onProgress: (done) => progress.push(done) })
  assert.equal(payments, 1_001)
  assert.deepEqual(progress, [500, 1_000, 1_001])
  assert.deepEqual(findings.map(({ paymentId }) => paymentId).sort(), [
    'order-0499',
    'order-0499-stray',
    'order-0500',
    'order-0700-stray',
    'order-1000',
    'order-9999-stray',
  ])
})

test('what cannot be checked is named, and everything else is checked', async () => {
  await using books = await openBooks()
  const { sql } = books
  await books.pay('victim')
  await sql`update payments set method = 'PaymentMethodMobile' where payment_id = 'victim'`
  await sql`alter table sandbox_cash_receipts rename to lost`
  await sql`alter table platform_partner_settlements rename to lost_too`
  await sql`
    insert into promotions (store_id, promotion_id, version, state, effective_budget, spent_amount, created_at)
    values ('store-1', 'overspent', 1, '{}', 10, 5, now())`
  const found = (await audit(sql)).findings.map(({ rule, what }) => `${rule} ${what}`)
  const expected = [
    /^columns-follow-the-snapshot /,
    /^journal-has-no-gap The promotion overspent/,
    /^budget-adds-up /,
    /^can-be-checked Cash receipts at the PG could not be checked: relation "sandbox_cash_receipts" does not exist/,
    /^can-be-checked .*: relation "platform_partner_settlements" does not exist/,
  ]
  for (const fault of expected)
    assert.ok(
      found.some((one) => fault.test(one)),
      `${fault} in\n${found.join('\n')}`,
    )
})

test('a batch of payments that cannot be read is named, and everything else is checked', async () => {
  await using books = await openBooks()
  const { sql } = books
  await books.pay('victim')
  await sql`alter table promotion_usages rename column held_amount to lost`
  const found = (await audit(sql)).findings.map(({ rule, what }) => `${rule} ${what}`)
  assert.match(found[0] ?? '', /^can-be-checked Payments could not be checked: column "held_amount" does not exist/)
  assert.match(found[1] ?? '', /^can-be-checked .*budgets.* could not be checked: /)
})

test('a database that is away is an error, and no finding', async () => {
  const books = await openBooks()
  const { sql } = books
  await books[Symbol.asyncDispose]()
  await assert.rejects(audit(sql))
})

/** One payment for every way that a payment may go. */
const everything = async (books: Books): Promise<void> => {
  await books.preRegister('only-announced')
  await books.pay('paid')
  await books.pay('declined', 'decline')
  await books.pay('paid-in-the-end', 'decline')
  await books.pay('paid-in-the-end')
  await books.pay('answer-lost', 'doubt-approved')
  await books.pay('refusal-lost', 'doubt-failed')
  await books.pay('pending', 'pending-paid-60')
  await books.pay('charged-too-much', 'amount-mismatch')
  await books.pay('refunded-in-part')
  await books.cancel('refunded-in-part', { amount: 3_000 })
  await books.cancel('refunded-in-part', { amount: 2_000 })
  await books.pay('refunded')
  await books.cancel('refunded', { amount: 3_333 })
  await books.cancel('refunded')
  await books.pay('refund-refused', 'cancel-decline')
  await books.cancel('refund-refused')
  await books.pay('refund-lost', 'cancel-doubt-done')
  await books.cancel('refund-lost')
  await books.pay('refund-pending', 'cancel-pending-60')
  await books.cancel('refund-pending', { amount: 1_000 })
  await books.openAccount('waiting')
  await books.openAccount('closed')
  await books.close('closed')
  await books.deposit(await books.openAccount('deposited'))
  await books.openAccount('paid-otherwise')
  await books.pay('paid-otherwise')
}
