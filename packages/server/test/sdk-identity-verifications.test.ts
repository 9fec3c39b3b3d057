import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { GetIdentityVerificationsBody } from '@naru/contract'
import { refuses, typeOf } from './support/api.ts'
import { storeAt } from './support/channels.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { person, requestFor } from './support/provoke-verifying.ts'

describe('identity verification through the official SDK', async () => {
  const naru = await startNaru()

  const clientOf = ({ portone, channelKey }: TestStore) => {
    const { identityVerification: client } = portone
    return {
      send: (id: string, customer: Partial<typeof person> = {}, method: 'SMS' | 'APP' = 'SMS') =>
        client.sendIdentityVerification(requestFor(channelKey, id, customer, method)),
      resend: (identityVerificationId: string) => client.resendIdentityVerification({ identityVerificationId }),
      confirm: (identityVerificationId: string, otp?: string) =>
        client.confirmIdentityVerification({ identityVerificationId, ...(otp === undefined ? {} : { otp }) }),
      read: (identityVerificationId: string) => client.getIdentityVerification({ identityVerificationId }),
    }
  }

  test('a person who types the code of the message is verified; the journal holds nothing that tells them apart', async () => {
    const store = await naru.newStore()
    const { send, resend, confirm, read } = clientOf(store)
    await send('id-1')
    const ready = await read('id-1')
    assert(ready.status === 'READY')
    assert.deepEqual(ready.requestedCustomer, {
      id: 'customer-1',
      name: '홍길동',
      phoneNumber: '01012345678',
      birthYear: '2001',
      birthMonth: '02',
      birthDay: '03',
    })
    await resend('id-1')
    const { identityVerification } = await confirm('id-1', '000000')
    assert.deepEqual(identityVerification, await read('id-1'))
    const { ci = '', di = '', ...customer } = identityVerification.verifiedCustomer
    assert.deepEqual(customer, {
      id: 'customer-1',
      name: '홍길동',
      phoneNumber: '01012345678',
      birthDate: '2001-02-03',
      gender: 'MALE',
      isForeigner: false,
      operator: 'SKT',
    })
    assert(ci.length > 80 && di.length > 40)
    const [row] = await naru.database.sql`
      select (select string_agg(j::text, ' ') from journal j where j.store_id = ${store.storeId})
          || (select string_agg(v::text, ' ') from identity_verifications v where v.store_id = ${store.storeId}) as everything`
    for (const secret of [ci, di, person.identityNumber]) assert(!String(row?.everything).includes(secret))
  })

  test('the same person is always the same, and another is another', async () => {
    const store = await naru.newStore()
    const { send, confirm } = clientOf(store)
    const ciOf = async (id: string, name: string) => {
      await send(id, { name })
      return (await confirm(id, '000000')).identityVerification.verifiedCustomer.ci
    }
    const [first, again, other] = [await ciOf('a', '김하나'), await ciOf('b', '김하나'), await ciOf('c', '김둘')]
    assert.equal(first, again)
    assert.notEqual(first, other)
  })

  test('the third wrong code ends the attempt; another can be sent under the same id', async () => {
    const store = await naru.newStore()
    const { send, confirm, read } = clientOf(store)
    await send('id')
    for (const left of [2, 1, 0]) {
      await refuses(confirm('id', '123456'), 'PG_PROVIDER', 'SBX_OTP_WRONG')
      assert.equal((await read('id')).status, left > 0 ? 'READY' : 'FAILED')
    }
    await refuses(confirm('id', '000000'), 'IDENTITY_VERIFICATION_NOT_SENT')
    await send('id')
    assert.equal((await confirm('id', '000000')).identityVerification.status, 'VERIFIED')
  })

  test('telephone numbers choose what goes wrong', async () => {
    const store = await naru.newStore()
    const { send, confirm, read } = clientOf(store)
    const goesWrong = async (phoneNumber: string, pgCode: string, status: string) => {
      await send(phoneNumber, { phoneNumber })
      await refuses(confirm(phoneNumber, '000000'), 'PG_PROVIDER', pgCode)
      assert.equal((await read(phoneNumber)).status, status)
    }
    await goesWrong('01000000001', 'SBX_OTP_WRONG', 'READY')
    await goesWrong('01000000002', 'SBX_OTP_NOT_SENT', 'READY')
    await goesWrong('01000000004', 'SBX_UNDER_AGE', 'FAILED')
    await refuses(send('limit', { phoneNumber: '01000000003' }), 'PG_PROVIDER', 'SBX_IDENTITY_LIMIT')
    const failed = await read('limit')
    assert(failed.status === 'FAILED')
    assert.equal(failed.failure.pgCode, 'SBX_IDENTITY_LIMIT')
  })

  test('in an app the person approves, and the merchant confirms without a code', async () => {
    const store = await naru.newStore()
    const { send, resend, confirm } = clientOf(store)
    await send('id', {}, 'APP')
    await refuses(resend('id'), 'INVALID_REQUEST')
    await refuses(confirm('id'), 'PG_PROVIDER', 'SBX_IDENTITY_NOT_APPROVED')
    await store.api.call('approveSandboxIdentityVerification', { path: { identityVerificationId: 'id' } })
    assert.equal((await confirm('id')).identityVerification.status, 'VERIFIED')
  })

  test('in the window the person is verified without the merchant', async () => {
    const store = await naru.newStore()
    const path = { identityVerificationId: 'id' }
    const body = { channelKey: store.channelKey, customer: { name: '홍길동' }, customData: 'mine' }
    await store.api.call('openSandboxIdentityVerification', { path, body })
    const { read } = clientOf(store)
    assert.equal((await read('id')).status, 'READY')
    await store.api.call('approveSandboxIdentityVerification', { path })
    const verified = await read('id')
    assert(verified.status === 'VERIFIED')
    assert.deepEqual([verified.verifiedCustomer.name, verified.customData], ['홍길동', 'mine'])
  })

  test('answers that get lost are asked for, and nothing is sent or counted twice', async () => {
    const store = await naru.newStore()
    const { send, confirm } = clientOf(store)
    await send('id', { id: 'sbx-identity-doubt' })
    assert.equal((await confirm('id', '000000')).identityVerification.status, 'VERIFIED')
    const [books] = await naru.database.sql`
      select count(*) as sent from sandbox_identities where store_id = ${store.storeId}`
    assert.equal(Number(books?.sent), 1)
  })

  test('a retry with the same Idempotency-Key answers the same; at once, one of two is told so', async () => {
    const { api, channelKey } = await naru.newStore()
    const { identityVerificationId, ...body } = requestFor(channelKey, 'id')
    const path = { identityVerificationId }
    const sending = { path, body, idempotencyKey: 'send-this-once-only' }
    for (const _ of [1, 2]) assert.equal((await api.send('sendIdentityVerification', sending)).status, 200)
    const race = { path: { identityVerificationId: 'race' }, body }
    const both = await Promise.all([
      api.send('sendIdentityVerification', race),
      api.send('sendIdentityVerification', race),
    ])
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409])
    const confirming = { path, body: { otp: '000000' }, idempotencyKey: 'confirm-this-once-only' }
    const answers = [
      await api.call('confirmIdentityVerification', confirming),
      await api.call('confirmIdentityVerification', confirming),
    ]
    assert.deepEqual(answers[1], answers[0])
  })

  test('what cannot be a person, a number or an address is refused, before the channel is looked for', async () => {
    const store = await naru.newStore()
    const { send, confirm } = clientOf(store)
    const { channelKey, api } = store
    for (const customer of [
      { name: ' ' },
      { name: 'x'.repeat(101) },
      { phoneNumber: '02-123-4567' },
      { phoneNumber: '' },
      { ipAddress: 'localhost' },
      { identityNumber: '0102' },
      { identityNumber: '0102303' },
      { identityNumber: 'abcdefg' },
      { id: 'x'.repeat(201) },
    ])
      await refuses(send('id', customer), 'INVALID_REQUEST')
    const { identityNumber: _, ...nameless } = person
    const { identityVerificationId, ...body } = requestFor(channelKey, 'id')
    const path = { identityVerificationId }
    const bare = await api.send('sendIdentityVerification', { path, body: { ...body, customer: nameless } })
    assert.equal(typeOf(bare), 'INVALID_REQUEST')
    await send('id')
    await refuses(confirm('id'), 'INVALID_REQUEST')
    const wrongTwice = requestFor('no-such-channel', 'id', { name: ' ' })
    await refuses(store.portone.identityVerification.sendIdentityVerification(wrongTwice), 'INVALID_REQUEST')
  })

  test('KCP takes short ids alone, and wants to know the medium', async () => {
    const { api, channelKey } = await storeAt(naru, 'KCP_V2')
    const send = (id: string, bypass?: Record<string, unknown>) => {
      const { identityVerificationId, ...body } = requestFor(channelKey, id)
      return api.send('sendIdentityVerification', {
        path: { identityVerificationId },
        body: { ...body, ...(bypass ? { bypass } : {}) },
      })
    }
    const medium = { kcpV2: { media_type: 'MC01' } }
    assert.match((await send('not-alphanumeric', medium)).text, /"INVALID_REQUEST".*identityVerificationId/)
    for (const bypass of [undefined, {}, { kcpV2: null }, { kcpV2: 'MC01' }, { kcpV2: { media_type: 1 } }])
      assert.match(
        (await send('alphanumeric1', bypass)).text,
        /"INVALID_REQUEST".*bypass\.kcpV2\.media_type is required/,
      )
    assert.equal((await send('alphanumeric1', medium)).status, 200)
  })

  test('lists find by every filter, and nothing of another store', async () => {
    const store = await naru.newStore()
    const other = await naru.newStore()
    const { send, confirm } = clientOf(store)
    await clientOf(other).send('foreign')
    await send('sent', { name: '김하나', phoneNumber: '01011112222' })
    await send('verified', { identityNumber: '9912312' })
    const { identityVerification } = await confirm('verified', '000000')
    await refuses(send('failed', { phoneNumber: '01000000003' }), 'PG_PROVIDER', 'SBX_IDENTITY_LIMIT')
    const find = async (
      filter: GetIdentityVerificationsBody['filter'],
      sort: GetIdentityVerificationsBody['sort'] = {},
    ) => {
      const found = await store.portone.identityVerification.getIdentityVerifications({
        sort,
        ...(filter ? { filter } : {}),
      })
      return found.items.map((item) => ('id' in item ? item.id : ''))
    }
    assert.deepEqual(await find({}), ['failed', 'verified', 'sent'])
    assert.deepEqual(await find({}, { order: 'ASC' }), ['sent', 'verified', 'failed'])
    assert.deepEqual(await find({ statuses: ['READY'] }), ['sent'])
    assert.deepEqual(await find({ identityVerificationId: 'sent' }), ['sent'])
    assert.deepEqual(await find({ timeRangeField: 'VERIFIED_AT' }), ['verified'])
    assert.deepEqual(await find({ timeRangeField: 'FAILED_AT' }), ['failed'])
    assert.deepEqual(await find({ pgTxId: identityVerification.pgTxId }), ['verified'])
    assert.deepEqual(await find({ customer: { name: '김하나' } }), ['sent'])
    assert.deepEqual(await find({ customer: { phoneNumber: '010-1111-2222' } }), ['sent'])
    assert.deepEqual(await find({ customer: { birthYear: '1999', birthMonth: '12', birthDay: '31' } }), ['verified'])
    assert.deepEqual(await find({ customer: { birthMonth: '2' } }), ['failed', 'sent'])
    assert.deepEqual(await find({ customer: { gender: 'FEMALE' } }), ['verified'])
    assert.deepEqual(await find({ isTest: false }), [])
    assert.deepEqual(await find({ version: 'V1' }), [])
    assert.deepEqual(await find({ carriers: ['KT'] }), [])
    assert.deepEqual(await find({ pgProviders: ['DANAL'] }), [])
    assert.equal((await find({ pgCompanies: ['TOSSPAYMENTS'] })).length, 3)
    await refuses(clientOf(other).read('sent'), 'IDENTITY_VERIFICATION_NOT_FOUND')
    const wrong = store.portone.identityVerification.getIdentityVerifications({ page: { size: 0 } })
    await refuses(wrong, 'INVALID_REQUEST')
  })

  test('lists cover both ends of a window, and the last 90 days without one', async () => {
    const store = await naru.newStore()
    const { send, confirm } = clientOf(store)
    await send('waits')
    await send('verified')
    await store.advance({ minutes: 1 })
    const { identityVerification } = await confirm('verified', '000000')
    const list = async (filter: object, sort: object = {}) => {
      const { items } = await store.api.call('getIdentityVerifications', { body: { filter, sort } })
      return items.map(({ id }) => id)
    }
    const { requestedAt, verifiedAt, statusChangedAt } = identityVerification
    const just = (text: string, milliseconds: number) => new Date(Date.parse(text) + milliseconds).toISOString()
    const named = { identityVerificationId: 'verified' }
    assert.deepEqual(await list({ ...named, from: requestedAt, until: requestedAt }), ['verified'])
    assert.deepEqual(await list({ ...named, from: just(requestedAt, 1) }), [])
    const ofVerified = { timeRangeField: 'VERIFIED_AT' }
    assert.deepEqual(await list({ ...ofVerified, from: verifiedAt, until: verifiedAt }), ['verified'])
    assert.deepEqual(await list({ ...ofVerified, until: just(verifiedAt, -1) }), [])
    assert.deepEqual(await list({ timeRangeField: 'STATUS_UPDATED_AT', from: statusChangedAt }), ['verified'])
    for (const order of ['ASC', 'DESC'])
      assert.deepEqual(await list({}, { by: 'VERIFIED_AT', order }), ['verified', 'waits'])
    assert.deepEqual(await list({}, { by: 'STATUS_UPDATED_AT', order: 'ASC' }), ['waits', 'verified'])
    await store.advance({ days: 90 })
    assert.deepEqual(await list({}), [])
    assert.deepEqual(await list({ from: requestedAt }), ['verified'])
  })
})
