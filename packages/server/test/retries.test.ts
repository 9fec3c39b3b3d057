import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { type OperationDefinition, type OperationId, operationEntries } from '@naru/contract'
import { audit } from '../src/audit/audit.ts'
import { startReceiver } from '../src/webhooks/testing/receiver.ts'
import { adminOf, newAdmin } from './support/admin.ts'
import { type Answer, apiOf, request } from './support/api.ts'
import type { Fragment } from './support/fuzz-books.ts'
import { fillBooks } from './support/fuzz-store.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { newContract, newPartner, newPlatformId, partnerBody } from './support/platform.ts'
import { card, newPaymentId, order } from './support/requests.ts'

/** What takes from the others what they would work on comes after them. */
const last: readonly OperationId[] = [
  'deleteBillingKey',
  'terminateSandboxPromotion',
  'startSandboxClock',
  'advanceSandboxClock',
  'resetSandboxStore',
]

/** What their answers show of the moment, or of the server that was asked, and not of what was done. */
const passing: Readonly<Partial<Record<OperationId, RegExp>>> = {
  startSandboxClock: /"now":"[^"]*",/,
  createPaymentSession: /"url":"[^"]*",/,
}

/** Made by the same code as others, in a state that takes long to reach. */
const others: readonly OperationId[] = [
  'disconnectPartnerCounterparty',
  'disconnectBulkPartnerCounterparty',
  'connectPartnerMemberCompany',
  'disconnectPartnerMemberCompany',
  'connectBulkPartnerMemberCompany',
  'disconnectBulkPartnerMemberCompany',
  'resolveSandboxPayment',
]

const isSame = (one: string, other: string): boolean => isDeepStrictEqual(JSON.parse(one), JSON.parse(other))

describe('a retry after the server died between doing and keeping its answer', async () => {
  const naru = await startNaru()
  const second = await naru.another()
  const { sql } = naru.database
  // No answer is ever kept: as by a server that dies just before.
  await sql`create function never() returns trigger language plpgsql as 'begin return null; end'`
  await sql`
    create trigger answers_get_lost before update on idempotency_keys
    for each row when (new.status is not null) execute function never()`
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('idempotency_keys', 'due_work', 'servers')`
  const everything = async () => {
    const digests = tables.map(
      ({ name }) => `(select coalesce(sum(hash_record_extended(t, 0)), 0)::text from ${name} t) as ${name}`,
    )
    const [row] = await sql.unsafe(`select ${digests.join(', ')}`, [], { prepare: true })
    return { ...row }
  }
  const serverDies = () => sql`update idempotency_keys set lease_until = 'epoch'`
  /** Asks both: a moving clock waits for what its own server has under way, and the other may have called a bank. */
  const rest = async ({ api, apiSecret }: TestStore) => {
    await api.call('stopSandboxClock')
    for (const server of [api, apiOf(second.url, apiSecret)])
      await server.call('advanceSandboxClock', { body: { seconds: 0 } })
  }

  test('gets the first answer and does nothing once more, whatever the operation', async () => {
    const store = await naru.newMerchant()
    await using receiver = await startReceiver()
    const books = await fillBooks(naru, store, receiver.url)
    const known = Object.assign({}, ...books.map((one) => one.known))
    const more = await fitting(store)
    await rest(store)
    let keys = 0
    const send = (url: string, { method, path: template }: OperationDefinition, { path, query, body }: Fragment) => {
      const names: Readonly<Record<string, unknown>> = { ...path }
      const filled = template.replaceAll(/\{(\w+)\}/g, (_, name) =>
        encodeURIComponent(String(names[name] ?? [known[name]].flat()[0])),
      )
      const search = new URLSearchParams(Object.entries({ ...query }))
      return request(url, {
        method,
        path: search.size === 0 ? filled : `${filled}?${search}`,
        headers: { authorization: `PortOne ${store.apiSecret}`, 'idempotency-key': `"the-request-no-${keys}"` },
        body: body === undefined ? undefined : JSON.stringify(body),
      })
    }
    const found: (readonly string[])[] = []
    const unmade: string[] = []
    const entries = operationEntries().filter(([, { method, authenticated }]) => method !== 'GET' && authenticated)
    for (const [id, definition] of entries.toSorted(([a], [b]) => last.indexOf(a) - last.indexOf(b))) {
      let first: Answer | undefined
      const tries = [...(more[id] ?? []), ...books.flatMap((one) => one.together?.[id] ?? [])]
      const refused: string[] = []
      for (const fragment of tries.length === 0 ? [{}] : tries) {
        keys += 1
        first = await send(naru.url, definition, fragment)
        if (first.status !== 200) {
          refused.push(first.text)
          continue
        }
        // What falls due by itself, or is delivered, would be taken for the retry's doing.
        if (!id.endsWith('SandboxClock') && id !== 'resetSandboxStore') await rest(store)
        const before = await everything()
        await serverDies()
        const retry = await send(second.url, definition, fragment)
        const text = (answer: Answer) => answer.text.replace(passing[id] ?? '', '')
        const after = await everything()
        const changed = Object.keys(before).filter((table) => after[table] !== before[table])
        if (retry.status !== 200 || !isSame(text(retry), text(first))) found.push([id, text(first), text(retry)])
        if (changed.length > 0 && id !== 'startSandboxClock') found.push([id, ...changed])
        break
      }
      if (first?.status !== 200) unmade.push(`${id}: ${refused.join(' ')}`)
    }
    assert.deepEqual(found, [])
    assert.deepEqual(
      unmade.filter((one) => !others.some((id) => one.startsWith(`${id}:`))),
      [],
    )
  })

  test('and what people decide about payouts is decided once', async () => {
    const store = await naru.newMerchant()
    const secret = await newAdmin(sql, store.storeId)
    const contractId = await newContract(store, { test: false })
    const today = new Date((await store.now()) + 9 * 3_600_000).toISOString().slice(0, 10)
    const owe = async () => {
      const { partner } = await store.api.call('createPlatformPartner', { body: partnerBody(contractId) })
      const body = { partnerId: partner.id, settlementAmount: 1_000, settlementDate: today }
      await store.api.call('createPlatformManualTransfer', { body })
    }
    let keys = 0
    const once = async (method: string, path: string, body?: object) => {
      keys += 1
      const idempotencyKey = `what-people-decide-${keys}`
      const first = await adminOf(naru.url, secret)(method, path, body, { idempotencyKey })
      assert.equal(first.status, 200, `${path}: ${JSON.stringify(first.body)}`)
      await rest(store)
      const before = await everything()
      await serverDies()
      const retry = await adminOf(second.url, secret)(method, path, body, { idempotencyKey })
      assert.deepEqual(retry, first, path)
      assert.deepEqual(await everything(), before, path)
      return first.body
    }
    await rest(store)
    // Noon in Korea, when banks are open, whatever the time of day is now.
    const scheduledAt = `${new Date((await store.now()) + 86_400_000).toISOString().slice(0, 10)}T03:00:00Z`
    await owe()
    const discarded = (await once('POST', '/bulk-payouts', { settlementDates: [today] })).id
    await once('POST', `/bulk-payouts/${discarded}/discard`)
    await owe()
    const { id } = await once('POST', '/bulk-payouts', { settlementDates: [today] })
    await once('POST', `/bulk-payouts/${id}/selection`, { isSelected: true })
    await once('POST', `/bulk-payouts/${id}/generate`)
    await once('POST', `/bulk-payouts/${id}/memos`, { depositMemo: '정산' })
    await once('POST', `/bulk-payouts/${id}/execute`, { scheduledAt })
    await once('POST', `/bulk-payouts/${id}/cancel-schedule`)
    await once('POST', `/bulk-payouts/${id}/execute`)
    const account = { bank: 'KOOKMIN', accountNumber: '12345678901', accountHolder: '홍길동' }
    await once('POST', '/remittances', { ...account, amount: 1_000 })
    await once('PUT', '/holidays/2026-03-04', { name: '임시공휴일', isClosed: true })
    await once('DELETE', '/holidays/2026-03-04')
  })

  test('and the books agree', async () => {
    assert.deepEqual((await audit(sql)).findings, [])
  })
})

/** Requests that the books of the fuzz tests make only by chance. */
const fitting = async (store: TestStore): Promise<Readonly<Partial<Record<OperationId, readonly Fragment[]>>>> => {
  const { api, channelKey } = store
  const pay = async (wanted = {}) => {
    const paymentId = newPaymentId()
    await api.call('payInstantly', { path: { paymentId }, body: order(channelKey, wanted) })
    return { path: { paymentId } }
  }
  const live = { test: false }
  const contractId = await newContract(store, live)
  const partner = () => newPartner(store, { ...live, defaultContractId: contractId })
  const day = '2026-01-02'
  const manual = (partnerId: string, settlementDate: string) => ({
    body: { partnerId, settlementAmount: 10, settlementDate },
  })
  const owed = async () => {
    const partnerId = await partner()
    await api.call('createPlatformManualTransfer', manual(partnerId, day))
    const body = { filter: { partnerIds: [partnerId] } }
    return (await api.call('getPlatformPartnerSettlements', { body })).items.map(({ id }) => id)
  }
  const logistics = { company: 'CJ', invoiceNumber: '1234', sentAt: '2026-01-02T12:04:05+09:00' } as const
  const escrow = await pay({ isEscrow: true })
  const shipped = await pay({ isEscrow: true })
  await api.call('applyEscrowLogistics', { ...shipped, body: { logistics } })
  const orderOf = (partnerId: string) => ({
    partnerId,
    paymentId: newPlatformId('order'),
    orderDetail: { orderAmount: 10_000 },
    discounts: [],
    additionalFees: [],
    externalPaymentDetail: { currency: 'KRW' as const },
  })
  const orderBody = orderOf(await partner())
  const registered = await api.call('createPlatformOrderTransfer', { body: orderOf(await partner()) })
  const transferId = registered.transfer.id
  const verification = newPaymentId('verification')
  return {
    cancelPayment: [{ ...(await pay()), body: { reason: 'too late', amount: 10 } }],
    applyEscrowLogistics: [{ ...escrow, body: { logistics } }],
    modifyEscrowLogistics: [{ ...shipped, body: { logistics } }],
    progressSandboxEscrow: [{ ...shipped, body: { status: 'DELIVERED' } }],
    disputeSandboxPayment: [{ ...(await pay()), body: { as: 'OPEN' } }],
    confirmIdentityVerification: [{ body: { otp: '000000' } }],
    createPlatformAdditionalFeePolicy: [{ body: { name: 'Fee', fee: { fixedAmount: 100 }, vatPayer: 'PARTNER' } }],
    createPlatformDiscountSharePolicy: [{ body: { name: 'Share', partnerShareRate: 50_000 } }],
    schedulePartner: [
      { path: { id: await partner() }, body: { update: { memo: 'later' }, appliedAt: '2099-12-31T23:59:59Z' } },
    ],
    createPlatformOrderTransfer: [{ body: orderBody }],
    createPlatformOrderCancelTransfer: [
      {
        body: {
          transferId,
          cancellationId: newPlatformId('cancel'),
          orderDetail: { orderAmount: 10 },
          externalCancellationDetail: {},
        },
      },
    ],
    createPlatformManualTransfer: [manual(await partner(), '2099-01-04')],
    deletePlatformPartnerSettlements: [{ body: { partnerSettlementIds: await owed() } }],
    completePlatformPayoutByPartnerSettlementIds: [
      { body: { bulkPayoutId: newPlatformId('paid'), partnerSettlementIds: await owed() } },
    ],
    createSandboxStore: [{ body: { name: 'Another' } }],
    openSandboxIdentityVerification: [{ path: { identityVerificationId: verification }, body: { channelKey } }],
    renewSandboxBillingKey: [{ body: { card: card().card } }],
    advanceSandboxClock: [{ body: { days: 1 } }],
  }
}
