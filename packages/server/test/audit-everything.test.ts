import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { startNaru } from './support/naru.ts'
import { card, monthly, newPaymentId, order, receiptFor } from './support/requests.ts'

const promotion = {
  name: 'Spring',
  discountPolicy: { partitions: [{ amountFrom: 1, scheme: { type: 'AMOUNT' as const, amount: 1_000 } }] },
  totalBudget: 100_000,
  endAt: '2099-01-01T00:00:00Z',
  cardCompany: 'SHINHAN_CARD' as const,
}

describe('the audit of what is journaled beside payments', async () => {
  const naru = await startNaru()
  const { sql } = naru.database
  const store = await naru.newStore()
  const { api, channelKey } = store

  const newKey = async () =>
    (await api.call('issueBillingKey', { body: { channelKey, method: card() } })).billingKeyInfo.billingKey
  const newReceipt = async () => {
    const paymentId = newPaymentId('receipt')
    await api.call('issueCashReceipt', { body: receiptFor(channelKey, paymentId) })
    return paymentId
  }
  const newPromotion = async () => (await api.call('createSandboxPromotion', { body: promotion })).id
  const payWith = async (promotionId: string, total = 10_000) => {
    const paymentId = newPaymentId('discounted')
    await api.call('payInstantly', { path: { paymentId }, body: order(channelKey, { total, promotionId }) })
    return paymentId
  }
  const newSchedule = async () => {
    const body = { payment: monthly(await newKey()), timeToPay: '2099-01-01T00:00:00Z' }
    const { schedule } = await api.call('createPaymentSchedule', { path: { paymentId: newPaymentId('later') }, body })
    return schedule.id
  }
  const referenceOf = async (billingKey: string): Promise<string> => {
    const [row] = await sql<[{ reference: string }]>`
      select state -> 'holdings' -> 0 ->> 'reference' as reference from billing_keys where billing_key = ${billingKey}`
    return row.reference
  }

  test('finds nothing where all is well: used, cancelled, deleted and refused things', async () => {
    const deleted = await newKey()
    await api.call('deleteBillingKey', { path: { billingKey: deleted } })
    await api.send('issueBillingKey', { body: { channelKey, method: card('4000000000000002') } })
    const cancelled = await newReceipt()
    await api.call('cancelCashReceiptByPaymentId', { path: { paymentId: cancelled } })
    await newSchedule()
    await api.call('revokePaymentSchedules', { body: { scheduleIds: [await newSchedule()] } })
    const promotionId = await newPromotion()
    const refunded = await payWith(promotionId)
    await api.call('cancelPayment', { path: { paymentId: refunded }, body: { reason: 'changed my mind' } })
    assert.deepEqual((await audit(sql)).findings, [])
  })

  test('finds each fault, once, and names the thing that has it', async () => {
    const plantings: readonly (readonly [fault: RegExp, plant: () => Promise<unknown>])[] = [
      [
        /snapshot-is-the-replay The billing-key .*request\.customer/,
        async () =>
          sql`update billing_keys set state = jsonb_set(state, '{request,customer}', '{"id":"x"}'), customer_id = 'x'
              where billing_key = ${await newKey()}`,
      ],
      [
        /columns-follow-the-snapshot The billing-key .* column customer_id/,
        async () => sql`update billing_keys set customer_id = 'x' where billing_key = ${await newKey()}`,
      ],
      [
        /journal-has-no-gap The billing-key .* Event 1 is missing/,
        async () => sql`delete from journal where stream_id = ${await newKey()} and version = 1`,
      ],
      [
        /billing-keys-agree The stored card .* is ISSUED here and DELETED at the PG/,
        async () =>
          sql`update sandbox_billing_keys set state = 'DELETED' where reference = ${await referenceOf(await newKey())}`,
      ],
      [
        /billing-keys-agree The stored card lost is unknown here and ISSUED at the PG/,
        async () => sql`
          insert into sandbox_billing_keys (store_id, reference, token, pg_transaction_id, state, code, method, created_at)
          values (${store.storeId}, 'lost', 'lost', 'lost', 'ISSUED', 'approve', '{}', now())`,
      ],
      [
        /columns-follow-the-snapshot The cash-receipt .* column order_name/,
        async () => sql`update cash_receipts set order_name = 'x' where payment_id = ${await newReceipt()}`,
      ],
      [
        /receipts-agree The cash receipt .* is ISSUED for 11000 here and ISSUED for 10999 at the PG/,
        async () => sql`
          update sandbox_cash_receipts set amount = 10999 where reference = (
            select state -> 'receipts' -> 0 ->> 'id' from cash_receipts where payment_id = ${await newReceipt()})`,
      ],
      [
        /budget-adds-up promotion-.* has spent 1001, its transactions hold 1000/,
        async () => {
          const promotionId = await newPromotion()
          await payWith(promotionId)
          await sql`update promotions set spent_amount = 1001 where promotion_id = ${promotionId}`
        },
      ],
      [
        /discount-is-held .* has 1000 of promotion-.*, whose budget holds 999 for it/,
        async () => {
          const promotionId = await newPromotion()
          await payWith(promotionId)
          await sql`update promotion_usages set held_amount = 999 where promotion_id = ${promotionId}`
          await sql`update promotions set spent_amount = 999 where promotion_id = ${promotionId}`
        },
      ],
      [
        /discount-is-held promotion-.* holds 500 for nobody, which no payment knows/,
        async () => {
          const promotionId = await newPromotion()
          await sql`update promotions set spent_amount = 500 where promotion_id = ${promotionId}`
          await sql`
            insert into promotion_usages (store_id, transaction_id, promotion_id, payment_id, held_amount, as_of)
            values (${store.storeId}, 'nobody', ${promotionId}, 'nothing', 500, 0)`
        },
      ],
      [
        /rows-follow-the-snapshot The row .* of payment_schedules is missing/,
        async () => sql`delete from payment_schedules where schedule_id = ${await newSchedule()}`,
      ],
      [
        /rows-follow-the-snapshot .* of payment_schedules has status "REVOKED" instead of "SCHEDULED", due_at null instead of "2099-01-01T/,
        async () =>
          sql`update payment_schedules set status = 'REVOKED', due_at = null where schedule_id = ${await newSchedule()}`,
      ],
      [
        /rows-follow-the-snapshot .* of payment_schedules has due_at "2099-10-28T.* instead of "2099-01-01T/,
        async () =>
          sql`update payment_schedules set due_at = due_at + interval '300 days' where schedule_id = ${await newSchedule()}`,
      ],
      [
        /rows-follow-the-snapshot The row of-nobody of payment_schedules is of a payment that has no such schedule/,
        async () => sql`
          insert into payment_schedules select (jsonb_populate_record(null::payment_schedules,
            to_jsonb(s) || '{"schedule_id": "of-nobody", "payment_id": "nothing"}')).* from payment_schedules s
          where schedule_id = ${await newSchedule()}`,
      ],
      [
        /journal-has-a-snapshot The journal has 1 events of the promotion .*, which is not there/,
        async () => sql`delete from promotions where promotion_id = ${await newPromotion()}`,
      ],
      [
        /undecided-is-due The webhook never-sent was never sent, and nobody will send it/,
        async () => sql`
          insert into webhooks (store_id, webhook_id, environment, type, url, target, content_type, body, created_at)
          values (${store.storeId}, 'never-sent', 'TEST', 'BillingKey.Issued', 'https://shop.example', 'https://shop.example',
            'application/json', '{}', now())`,
      ],
    ]
    for (const [, plant] of plantings) await plant()
    const found = (await audit(sql)).findings.map(({ rule, what }) => `${rule} ${what}`)
    for (const [fault] of plantings)
      assert.equal(found.filter((finding) => fault.test(finding)).length, 1, `${fault} in\n${found.join('\n')}`)
    assert.equal(found.length, plantings.length, found.join('\n'))
  })
})
