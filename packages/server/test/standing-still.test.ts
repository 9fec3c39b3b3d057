import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import type { Gateway } from '../src/gateways/port/gateway.ts'
import { day } from '../src/kernel/clock.ts'
import { type Answer, type Api, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { paid } from './support/paid.ts'
import { contractBody, newContract, newPartner, partnerBody } from './support/platform.ts'
import { promotionBody } from './support/promotions.ts'
import { card, newPaymentId, order, receiptFor, virtualAccount } from './support/requests.ts'
import { breakableWire } from './support/wire.ts'

const logistics = { company: 'CJ', invoiceNumber: '1234-5678', sentAt: '2026-01-02T12:04:05+09:00' } as const
const person = {
  id: 'customer-1',
  name: '김나루',
  phoneNumber: '010-1234-5678',
  identityNumber: '900101-1',
  ipAddress: '1.2.3.4',
}

/** A request, and how often the PG (or whoever keeps the books of it) did what it asks for. */
type Case = { readonly send: (api: Api) => Promise<Answer>; readonly effects: () => Promise<number> }

describe('a server that stands still between deciding and writing, while a retry reaches another', async () => {
  const naru = await startNaru()
  const wire = await breakableWire(naru.database.url)
  const slow = await naru.another(wire.url)
  after(() => wire[Symbol.asyncDispose]())
  const { sql } = naru.database

  const count = async ({ storeId }: TestStore, table: string): Promise<number> =>
    (await sql`select from ${sql(table)} where store_id = ${storeId}`).count
  const idempotencyKey = 'one-request-two-servers'

  const cases: Readonly<Record<string, (store: TestStore) => Promise<Case>>> = {
    'ApprovalRequested: a payment that is declined': async (store) => {
      const request = { path: { paymentId: newPaymentId() }, body: order(store.channelKey, { total: 990_001 }) }
      return {
        send: (api) => api.send('payInstantly', { ...request, idempotencyKey }),
        effects: () => count(store, 'sandbox_transactions'),
      }
    },
    'CancellationRequested: a partial refund': async (store) => {
      const request = { path: { paymentId: await paid(store) }, body: { reason: 'changed my mind', amount: 300 } }
      return {
        send: (api) => api.send('cancelPayment', { ...request, idempotencyKey }),
        effects: () => count(store, 'sandbox_cancellations'),
      }
    },
    'CancellationStopRequested: stopping a refund': async (store) => {
      const paymentId = await paid(store, { customer: { id: 'sbx-cancel-pending-600' } })
      const { cancellation } = await store.portone.payment.cancelPayment({ paymentId, reason: 'changed my mind' })
      assert(cancellation.status === 'REQUESTED')
      const path = { paymentId, cancellationId: cancellation.id }
      return {
        send: (api) => api.send('stopPaymentCancellation', { path, idempotencyKey }),
        effects: () => count(store, 'sandbox_cancellations'),
      }
    },
    'VirtualAccountCloseRequested: closing an account': async (store) => {
      const path = { paymentId: await paid(store, { method: virtualAccount() }) }
      return {
        send: (api) => api.send('closeVirtualAccount', { path, idempotencyKey }),
        effects: async () =>
          (await store.api.call('getSandboxLedger')).items.filter(({ state }) => state === 'CLOSED').length,
      }
    },
    'FulfilmentRequested: registering a shipment': async (store) => {
      const request = { path: { paymentId: await paid(store, { isEscrow: true }) }, body: { logistics } }
      return {
        send: (api) => api.send('applyEscrowLogistics', { ...request, idempotencyKey }),
        effects: () => count(store, 'sandbox_fulfilments'),
      }
    },
    'IssueRequested: a billing key': async (store) => {
      const body = { channelKey: store.channelKey, method: card() }
      return {
        send: (api) => api.send('issueBillingKey', { body, idempotencyKey }),
        effects: () => count(store, 'sandbox_billing_keys'),
      }
    },
    'DeletionRequested: deleting a billing key': async (store) => {
      const body = { channelKey: store.channelKey, method: card() }
      const { billingKeyInfo } = await store.api.call('issueBillingKey', { body })
      const path = { billingKey: billingKeyInfo.billingKey }
      return {
        send: (api) => api.send('deleteBillingKey', { path, idempotencyKey }),
        effects: async () => (await sql`select from sandbox_billing_keys where state = 'DELETED'`).count,
      }
    },
    'IssueRequested: a cash receipt': async (store) => {
      const body = receiptFor(store.channelKey, newPaymentId('bought-elsewhere'))
      return {
        send: (api) => api.send('issueCashReceipt', { body, idempotencyKey }),
        effects: () => count(store, 'sandbox_cash_receipts'),
      }
    },
    'CancelRequested: cancelling a cash receipt': async (store) => {
      const path = { paymentId: newPaymentId('bought-elsewhere') }
      await store.api.call('issueCashReceipt', { body: receiptFor(store.channelKey, path.paymentId) })
      return {
        send: (api) => api.send('cancelCashReceiptByPaymentId', { path, idempotencyKey }),
        effects: async () =>
          (await sql`select from sandbox_cash_receipts where store_id = ${store.storeId} and state = 'CANCELLED'`)
            .count,
      }
    },
    'SendRequested: an identity verification': async (store) => {
      const path = { identityVerificationId: newPaymentId('person') }
      const body = { channelKey: store.channelKey, customer: person, operator: 'SKT', method: 'SMS' } as const
      return {
        send: (api) => api.send('sendIdentityVerification', { path, body, idempotencyKey }),
        effects: () => count(store, 'sandbox_identities'),
      }
    },
    'ConfirmRequested: a wrong code': async (store) => {
      const path = { identityVerificationId: newPaymentId('person') }
      const body = { channelKey: store.channelKey, customer: person, operator: 'SKT', method: 'SMS' } as const
      await store.api.call('sendIdentityVerification', { path, body })
      return {
        send: (api) => api.send('confirmIdentityVerification', { path, body: { otp: '999999' }, idempotencyKey }),
        effects: async () => {
          const rows = await sql<{ refusals: number }[]>`
            select refusals from sandbox_identities where store_id = ${store.storeId}`
          return rows.reduce((sum, { refusals }) => sum + refusals, 0)
        },
      }
    },
    'PromotionCreated: a promotion': async (store) => ({
      send: (api) => api.send('createSandboxPromotion', { body: promotionBody(), idempotencyKey }),
      effects: () => count(store, 'promotions'),
    }),
    'FrozenContract: a contract of partner settlement': async () => ({
      send: (api) => {
        const { id: _, ...body } = contractBody({ name: 'FrozenContract' })
        return api.send('createPlatformContract', { body, idempotencyKey })
      },
      effects: async () => (await sql`select from platform_entities where content ->> 'name' = 'FrozenContract'`).count,
    }),
    'FrozenPartner: partners': async (store) => {
      const contractId = await newContract(store)
      const partners = [1, 2].map(() => {
        const { id: _, ...partner } = partnerBody(contractId, { name: 'FrozenPartner' })
        return partner
      })
      return {
        send: (api) =>
          api.send('createPlatformPartners', { query: { test: true }, body: { partners }, idempotencyKey }),
        effects: async () =>
          (await sql`select from platform_entities where content ->> 'name' = 'FrozenPartner'`).count / partners.length,
      }
    },
    'FrozenTransfer: a manual transfer': async (store) => {
      const partnerId = await newPartner(store)
      const body = { partnerId, settlementAmount: 300, settlementDate: '2099-01-01', memo: 'FrozenTransfer' }
      return {
        send: (api) => api.send('createPlatformManualTransfer', { query: { test: true }, body, idempotencyKey }),
        effects: async () => (await sql`select from platform_transfers where partner_id = ${partnerId}`).count,
      }
    },
    'FrozenStore: a sandbox store': async () => ({
      send: (api) => api.send('createSandboxStore', { body: { name: 'FrozenStore' }, idempotencyKey }),
      effects: async () => (await sql`select from stores where name = 'FrozenStore'`).count,
    }),
    'from stores where store_id = $1 for update: a reset': async (store) => ({
      send: (api) => api.send('resetSandboxStore', { idempotencyKey }),
      effects: async () => {
        const [row] = await sql<[{ epoch: number }]>`select epoch from stores where store_id = ${store.storeId}`
        return row.epoch
      },
    }),
    'clock_resumes = case: moving a clock': async (store) => {
      const { now } = await store.api.call('stopSandboxClock')
      return {
        send: (api) => api.send('advanceSandboxClock', { body: { days: 1 }, idempotencyKey }),
        effects: async () => ((await store.now()) - Date.parse(now)) / day,
      }
    },
    'with marked as: a script': async (store) => ({
      send: (api) =>
        api.send('createSandboxScript', {
          body: { match: { operation: 'APPROVE' }, steps: ['decline'] },
          idempotencyKey,
        }),
      effects: () => count(store, 'sandbox_scripts'),
    }),
    'resend_count = resend_count + 1: a webhook once more': async (store) => {
      const path = { paymentId: await paid(store) }
      return {
        send: (api) => api.send('resendWebhook', { path, idempotencyKey }),
        effects: async () => {
          const [row] = await sql<[{ count: number }]>`
            select sum(resend_count)::int as count from webhooks where store_id = ${store.storeId}`
          return row.count
        },
      }
    },
  }

  for (const [name, prepare] of Object.entries(cases))
    test(`has one effect: ${name}`, async () => {
      const store = await naru.newMerchant()
      const { send, effects } = await prepare(store)
      const { late } = await wire.freezeAt([String(name.split(':')[0])], () =>
        send(slow.clientsOf(store.apiSecret).api),
      )
      await sql`update idempotency_keys set lease_until = now() - interval '1 second' where store_id = ${store.storeId}`
      const answer = await send(store.api)
      const before = await effects()
      assert.equal(before, 1, answer.text)
      wire.thaw()
      const lateAnswer = await late
      // On a machine so busy that ten seconds have passed, the server knows that it may not act any more.
      if (typeOf(lateAnswer) !== 'IDEMPOTENCY_OUTSTANDING_REQUEST') assert.equal(lateAnswer.text, answer.text)
      assert.equal(await effects(), 1)
      assert.equal((await send(store.api)).text, answer.text)
    })

  test('and the books agree', async () => {
    assert.deepEqual((await audit(sql)).findings, [])
  })
})

/** A line to the PG on which the next call that does something stands still until it is let go. */
const heldLine = () => {
  let held: { readonly arrived: () => void; readonly release: Promise<void> } | undefined
  const standing = async <Value>(call: () => Promise<Value>): Promise<Value> => {
    const here = held
    held = undefined
    here?.arrived()
    await here?.release
    return await call()
  }
  return {
    aroundGateway: (gateway: Gateway): Gateway => ({
      ...gateway,
      authorize: (...given) => standing(() => gateway.authorize(...given)),
      issueVirtualAccount: (...given) => standing(() => gateway.issueVirtualAccount(...given)),
      cancel: (...given) => standing(() => gateway.cancel(...given)),
      issueBillingKey: (...given) => standing(() => gateway.issueBillingKey(...given)),
      chargeBillingKey: (...given) => standing(() => gateway.chargeBillingKey(...given)),
      issueCashReceipt: (...given) => standing(() => gateway.issueCashReceipt(...given)),
      cancelCashReceipt: (...given) => standing(() => gateway.cancelCashReceipt(...given)),
      startIdentity: (...given) => standing(() => gateway.startIdentity(...given)),
    }),
    hold: () => {
      const [arrived, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      held = { arrived: arrived.resolve, release: release.promise }
      return { arrived: arrived.promise, release: release.resolve }
    },
  }
}

describe('a server that stands still between its last look at the clock and the PG, while another moves the clock', async () => {
  const line = heldLine()
  const naru = await startNaru({ aroundGateway: line.aroundGateway })
  const slow = await naru.another()
  const { sql } = naru.database

  /** What Naru has, and what the PG has. */
  type Books = { readonly ours: string; readonly theirs: string; readonly send: (api: Api) => Promise<Answer> }
  const charged = (send: Books['send']): Books => ({ ours: 'payments', theirs: 'sandbox_transactions', send })

  const cases: Readonly<Record<string, (store: TestStore) => Promise<Books>>> = {
    'a payment': async (store) => {
      const request = { path: { paymentId: newPaymentId() }, body: order(store.channelKey) }
      return charged((api) => api.send('payInstantly', request))
    },
    'a virtual account': async (store) => {
      const body = order(store.channelKey, { method: virtualAccount() })
      return charged((api) => api.send('payInstantly', { path: { paymentId: newPaymentId() }, body }))
    },
    'a charge of a billing key': async (store) => {
      const { channelKey } = store
      const { billingKeyInfo } = await store.api.call('issueBillingKey', { body: { channelKey, method: card() } })
      const { method: _, channelKey: __, ...body } = order(channelKey)
      const request = { path: { paymentId: newPaymentId() }, body: { ...body, billingKey: billingKeyInfo.billingKey } }
      return charged((api) => api.send('payWithBillingKey', request))
    },
    'a refund': async (store) => {
      const request = { path: { paymentId: await paid(store) }, body: { reason: 'changed my mind' } }
      return { ours: 'payments', theirs: 'sandbox_cancellations', send: (api) => api.send('cancelPayment', request) }
    },
    'a billing key': async ({ channelKey }) => {
      const body = { channelKey, method: card() }
      const send: Books['send'] = (api) => api.send('issueBillingKey', { body })
      return { ours: 'billing_keys', theirs: 'sandbox_billing_keys', send }
    },
    'a cash receipt': async (store) => {
      const body = receiptFor(store.channelKey, newPaymentId('bought-elsewhere'))
      const send: Books['send'] = (api) => api.send('issueCashReceipt', { body })
      return { ours: 'cash_receipts', theirs: 'sandbox_cash_receipts', send }
    },
    'the cancellation of a cash receipt': async (store) => {
      const path = { paymentId: newPaymentId('bought-elsewhere') }
      await store.api.call('issueCashReceipt', { body: receiptFor(store.channelKey, path.paymentId) })
      const send: Books['send'] = (api) => api.send('cancelCashReceiptByPaymentId', { path })
      return { ours: 'cash_receipts', theirs: 'sandbox_cash_receipts', send }
    },
    'an identity verification': async ({ channelKey }) => {
      const path = { identityVerificationId: newPaymentId('person') }
      const body = { channelKey, customer: person, operator: 'SKT', method: 'SMS' } as const
      const send: Books['send'] = (api) => api.send('sendIdentityVerification', { path, body })
      return { ours: 'identity_verifications', theirs: 'sandbox_identities', send }
    },
  }

  for (const [name, prepare] of Object.entries(cases))
    test(`does nothing that has been found not to be done: ${name}`, async () => {
      const store = await naru.newStore()
      const rowsOf = async (table: string) => {
        const rows = await sql<{ row: string }[]>`
          select (to_jsonb(t) - 'inquiries')::text as row from ${sql(table)} t where store_id = ${store.storeId} order by 1`
        return rows.map(({ row }) => row)
      }
      const { ours, theirs, send } = await prepare(store)
      const [atFirst, begun] = [await rowsOf(theirs), await rowsOf(ours)]
      const { arrived, release } = line.hold()
      const late = send(slow.clientsOf(store.apiSecret).api)
      await Promise.race([arrived, late.then(({ text }) => assert.fail(`it was answered at once: ${text}`))])
      await store.advance({ minutes: 10 })
      const decided = await rowsOf(ours)
      assert.notDeepEqual(decided, begun)
      assert.match(decided.join(), /NARU_NOT_EXECUTED/)
      release()
      assert.notEqual((await late).status, 200)
      assert.deepEqual(await rowsOf(theirs), atFirst)
      await store.advance({ minutes: 10 })
      assert.deepEqual(await rowsOf(ours), decided)
    })

  test('and the books agree', async () => {
    assert.deepEqual((await audit(sql)).findings, [])
  })
})
