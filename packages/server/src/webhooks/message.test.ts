import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Announcement, defaultFormat, writeMessage } from './message.ts'

const at = Date.UTC(2024, 3, 25, 10)
const common = { storeId: 'store-1', environment: 'LIVE', at } as const
const ofPayment = { ...common, paymentId: 'payment 1&2', transactionId: 'transaction-1' }
const flatJson = { version: '2024-01-01', contentType: 'application/json' } as const
const flatForm = { version: '2024-01-01', contentType: 'application/x-www-form-urlencoded' } as const

test('2024-04-25 wraps what happened in an envelope with the time it happened', () => {
  assert.equal(
    writeMessage({ ...ofPayment, type: 'Transaction.Paid' }, defaultFormat)?.body,
    '{"type":"Transaction.Paid","timestamp":"2024-04-25T10:00:00.000Z","data":{"storeId":"store-1",' +
      '"paymentId":"payment 1&2","transactionId":"transaction-1"}}',
  )
})

test('a cancellation names itself, a confirmation its amount, a billing key no payment', () => {
  const dataOf = (announcement: Announcement) => JSON.parse(writeMessage(announcement, defaultFormat)?.body ?? '').data
  assert.deepEqual(dataOf({ ...ofPayment, type: 'Transaction.Cancelled', cancellationId: 'cancellation-1' }), {
    storeId: 'store-1',
    paymentId: 'payment 1&2',
    transactionId: 'transaction-1',
    cancellationId: 'cancellation-1',
  })
  assert.deepEqual(dataOf({ ...ofPayment, type: 'Transaction.Confirm', totalAmount: 1000 }), {
    storeId: 'store-1',
    paymentId: 'payment 1&2',
    transactionId: 'transaction-1',
    totalAmount: 1000,
  })
  assert.deepEqual(dataOf({ ...common, type: 'BillingKey.Issued', billingKey: 'billing-key-1' }), {
    storeId: 'store-1',
    billingKey: 'billing-key-1',
  })
})

test('2024-04-25 is JSON even where the store chose a form', () => {
  const message = writeMessage(
    { ...ofPayment, type: 'Transaction.Paid' },
    { version: '2024-04-25', contentType: 'application/x-www-form-urlencoded' },
  )
  assert.equal(message?.contentType, 'application/json')
  assert.equal(JSON.parse(message?.body ?? '').type, 'Transaction.Paid')
})

test('2024-01-01 is flat, as JSON or as a form', () => {
  const announcement: Announcement = { ...ofPayment, type: 'Transaction.PartialCancelled', cancellationId: 'c' }
  assert.deepEqual(writeMessage(announcement, flatJson), {
    contentType: 'application/json',
    body: '{"payment_id":"payment 1&2","tx_id":"transaction-1","status":"PartialCancelled"}',
  })
  assert.deepEqual(writeMessage(announcement, flatForm), {
    contentType: 'application/x-www-form-urlencoded',
    body: 'payment_id=payment+1%262&tx_id=transaction-1&status=PartialCancelled',
  })
  assert.equal(
    writeMessage({ ...ofPayment, type: 'Transaction.Confirm', totalAmount: 1000 }, flatForm)?.body,
    'payment_id=payment+1%262&tx_id=transaction-1&total_amount=1000',
  )
})

test('2024-01-01 knows the eight payment statuses and nothing of disputes and billing keys', () => {
  const cancellation = { ...ofPayment, cancellationId: 'c' }
  const announcements: readonly Announcement[] = [
    { ...ofPayment, type: 'Transaction.Ready' },
    { ...ofPayment, type: 'Transaction.Paid' },
    { ...ofPayment, type: 'Transaction.VirtualAccountIssued' },
    { ...ofPayment, type: 'Transaction.Failed' },
    { ...ofPayment, type: 'Transaction.PayPending' },
    { ...cancellation, type: 'Transaction.PartialCancelled' },
    { ...cancellation, type: 'Transaction.Cancelled' },
    { ...cancellation, type: 'Transaction.CancelPending' },
    { ...ofPayment, type: 'Transaction.DisputeCreated' },
    { ...ofPayment, type: 'Transaction.DisputeResolved' },
    { ...common, type: 'BillingKey.Ready', billingKey: 'b' },
    { ...common, type: 'BillingKey.Issued', billingKey: 'b' },
    { ...common, type: 'BillingKey.Failed', billingKey: 'b' },
    { ...common, type: 'BillingKey.Deleted', billingKey: 'b' },
    { ...common, type: 'BillingKey.Updated', billingKey: 'b' },
  ]
  const statuses = announcements.map((announcement) => {
    const message = writeMessage(announcement, flatJson)
    return message === undefined ? undefined : JSON.parse(message.body).status
  })
  assert.deepEqual(statuses, [
    ...['Ready', 'Paid', 'VirtualAccountIssued', 'Failed', 'PayPending'],
    ...['PartialCancelled', 'Cancelled', 'CancelPending'],
    ...Array(7).fill(undefined),
  ])
})
