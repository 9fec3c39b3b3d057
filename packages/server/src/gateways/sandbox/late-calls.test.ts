import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { second } from '../../kernel/clock.ts'
import { cameTooLate } from '../../kernel/work.ts'
import type { EffectOfGateway } from '../port/gateway.ts'
import type { EffectContext, Outcome } from '../port/terms.ts'
import { accountRequest, cancelRequest, cardCharge, createTestSandbox, type TestSandbox } from './testing/sandbox.ts'

/** `reference` is the call's own; `prepare` makes what it is about, in time, and returns that one's reference. */
type Case = {
  readonly prepare?: (sandbox: TestSandbox, reference: string) => Promise<unknown>
  readonly call: (sandbox: TestSandbox, context: EffectContext, about: string) => Promise<Outcome<unknown>>
}

const target = (reference: string) => ({ reference })
const person = { method: 'SMS', customer: { name: '김나루', phoneNumber: '01012345678' } } as const
const receipt = {
  type: 'PERSONAL',
  orderName: '티셔츠',
  currency: 'KRW',
  amount: 10_000,
  taxFree: 0,
  vat: 909,
  paidAt: 0,
  customer: { identityNumber: '01012345678' },
} as const

const authorized = ({ gateway, context }: TestSandbox, about: string, code?: string) =>
  gateway.authorize(context(about, code, true), cardCharge())
const tokenOf = async ({ sql }: TestSandbox, about: string) => {
  const [row] = await sql<[{ token: string }]>`
    select token from sandbox_billing_keys where store_id = 'store' and reference = ${about}`
  return row.token
}
const stored = ({ gateway, context }: TestSandbox, about: string) =>
  gateway.issueBillingKey(context(about), cardCharge())
const begun = ({ gateway, context }: TestSandbox, about: string) => gateway.startIdentity(context(about), person)
const proof = async (sandbox: TestSandbox) => {
  const method = { kind: 'CARD', ...cardCharge() } as const
  const given = { method, amount: 10_000, currency: 'KRW', now: sandbox.now() } as const
  const agreed = await sandbox.control.authenticate({ storeId: 'store' }, given)
  return agreed.kind === 'authenticated' ? agreed.authorization : assert.fail(agreed.kind)
}

/** What a shopper agreed to, for the call about it. */
const agreements = new Map<string, string>()
const agreedFor = (about: string) => agreements.get(about) ?? assert.fail(`nothing was agreed to for ${about}`)

const cases: Readonly<Record<EffectOfGateway, Case>> = {
  authorize: { call: ({ gateway }, context) => gateway.authorize(context, cardCharge()) },
  approve: {
    prepare: async (sandbox, about) => agreements.set(about, await proof(sandbox)),
    call: ({ gateway }, context, about) =>
      gateway.approve(context, { ...cardCharge(), authorization: agreedFor(about) }),
  },
  issueVirtualAccount: { call: ({ gateway }, context) => gateway.issueVirtualAccount(context, accountRequest()) },
  closeVirtualAccount: {
    prepare: ({ gateway, context }, about) => gateway.issueVirtualAccount(context(about), accountRequest()),
    call: ({ gateway }, context, about) => gateway.closeVirtualAccount(context, target(about)),
  },
  capture: {
    prepare: authorized,
    call: ({ gateway }, context, about) => gateway.capture(context, target(about)),
  },
  cancel: {
    prepare: authorized,
    call: ({ gateway }, context, about) => gateway.cancel(context, target(about), cancelRequest(100)),
  },
  stopCancellation: {
    prepare: async (sandbox, about) => {
      await authorized(sandbox, about)
      const own = sandbox.context(`${about}-call`, 'cancel-pending-600')
      assert.equal((await sandbox.gateway.cancel(own, target(about), cancelRequest(100))).kind, 'pending')
    },
    call: ({ gateway }, context, about) => gateway.stopCancellation(context, target(about)),
  },
  issueBillingKey: { call: ({ gateway }, context) => gateway.issueBillingKey(context, cardCharge()) },
  chargeBillingKey: {
    prepare: stored,
    call: async (sandbox, context, about) =>
      sandbox.gateway.chargeBillingKey(context, { ...cardCharge(), token: await tokenOf(sandbox, about) }),
  },
  deleteBillingKey: {
    prepare: stored,
    call: async (sandbox, context, about) =>
      sandbox.gateway.deleteBillingKey(context, { token: await tokenOf(sandbox, about) }),
  },
  issueCashReceipt: { call: ({ gateway }, context) => gateway.issueCashReceipt(context, receipt) },
  cancelCashReceipt: {
    prepare: ({ gateway, context }, about) => gateway.issueCashReceipt(context(about), receipt),
    call: ({ gateway }, context, about) => gateway.cancelCashReceipt(context, target(about)),
  },
  fulfil: {
    prepare: authorized,
    call: ({ gateway }, context, about) =>
      gateway.fulfil(context, target(about), { kind: 'CONFIRM_ESCROW', fromStore: true }),
  },
  startIdentity: { call: ({ gateway }, context) => gateway.startIdentity(context, person) },
  resendIdentity: {
    prepare: begun,
    call: ({ gateway }, context, about) => gateway.resendIdentity({ ...context, reference: about }),
  },
  confirmIdentity: {
    prepare: begun,
    call: ({ gateway }, context, about) => gateway.confirmIdentity({ ...context, reference: about }, '000000'),
  },
}

/** Calls that use something up besides. */
const further: Readonly<Record<string, Case>> = {
  'issueBillingKey, by an authorization': {
    prepare: async ({ control, now }, about) => {
      const agreed = await control.authorizeBillingKey({ storeId: 'store' }, { ...cardCharge(), now: now() })
      agreements.set(about, agreed.kind === 'authenticated' ? agreed.authorization : assert.fail(agreed.kind))
    },
    call: ({ gateway }, context, about) => gateway.issueBillingKey(context, { authorization: agreedFor(about) }),
  },
  'chargeBillingKey, of a key that counts its charges': {
    prepare: ({ gateway, context }, about) => gateway.issueBillingKey(context(about, 'bk-third-fails'), cardCharge()),
    call: cases.chargeBillingKey.call,
  },
}

describe('a call that reaches the sandbox PG after the time before which it had to act', () => {
  let sandbox: TestSandbox

  before(async () => {
    sandbox = await createTestSandbox()
  })
  after(() => sandbox[Symbol.asyncDispose]())

  /** What a call may change. */
  const books = async () => {
    const money = ['transactions', 'cancellations', 'billing_keys', 'cash_receipts', 'fulfilments', 'identities']
    const tables = [...money, 'authentications', 'billing_authorizations']
    const rows = tables.map(
      (table) => sandbox.sql`select to_jsonb(t)::text as row from ${sandbox.sql(`sandbox_${table}`)} t order by 1`,
    )
    return JSON.stringify(await Promise.all(rows))
  }

  for (const [name, { prepare, call }] of Object.entries({ ...cases, ...further }))
    test(`does nothing, and in time it does: ${name}`, async () => {
      const about = `${name}-about`
      await prepare?.(sandbox, about)
      const before = await books()
      const context = sandbox.context(`${about}-call`, undefined, true)
      await assert.rejects(call(sandbox, { ...context, actBefore: sandbox.now() }, about), cameTooLate)
      assert.equal(await books(), before)
      const inTime = await call(sandbox, { ...context, actBefore: sandbox.now() + second }, about)
      assert.equal(inTime.kind, 'succeeded', JSON.stringify(inTime))
      if (name !== 'resendIdentity') assert.notEqual(await books(), before)
    })
})
