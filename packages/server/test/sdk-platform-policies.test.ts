import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { operationIds, operations, type PlatformContractFilterInput } from '@naru/contract'
import { refuses } from './support/api.ts'
import { startNaru } from './support/naru.ts'
import { askForNothing, assertAllErrorsAnswered, contractBody, newContract, newPlatformId } from './support/platform.ts'

const day = 86_400_000

describe('contracts and policies through the official SDK', async () => {
  const naru = await startNaru()
  const store = await naru.newMerchant()
  const { policy } = store.portone.platform
  const { platform } = store.portone

  test('a contract reads as it was created', async () => {
    const method = { monthly: { daysOfMonth: [15, 31] } }
    const body = contractBody({
      memo: 'memo',
      settlementCycle: { lagDays: 3, datePolicy: 'HOLIDAY_BEFORE', method },
    })
    const { contract } = await policy.createPlatformContract({ test: true, ...body })
    const { appliedAt, ...rest } = contract
    assert.deepEqual(rest, {
      id: body.id,
      graphqlId: Buffer.from(`5:${body.id}`).toString('base64'),
      name: '10 %',
      memo: 'memo',
      platformFee: { type: 'FIXED_RATE', rate: 10_000 },
      settlementCycle: {
        lagDays: 3,
        datePolicy: 'HOLIDAY_BEFORE',
        method: { type: 'MONTHLY', daysOfMonth: [15, 31] },
      },
      platformFeeVatPayer: 'PARTNER',
      subtractPaymentVatAmount: false,
      isArchived: false,
      isForTest: true,
    })
    assert.ok(Math.abs(Date.parse(appliedAt) - (await store.now())) < 60_000)
    assert.deepEqual(await policy.getPlatformContract({ id: body.id, test: true }), contract)
  })

  test('an id that is generated has the form of PortOne’s', async () => {
    const { id: _, ...body } = contractBody()
    const { contract } = await policy.createPlatformContract({ test: true, ...body })
    assert.match(contract.id, /^ctr-[a-z0-9]{10}$/)
  })

  test('the live and the test platform share nothing, and the same id may be in both', async () => {
    const id = await newContract(store, { name: 'test' })
    await refuses(policy.getPlatformContract({ id }), 'PLATFORM_CONTRACT_NOT_FOUND')
    await newContract(store, { id, name: 'live', test: false })
    assert.equal((await policy.getPlatformContract({ id })).name, 'live')
    assert.equal((await policy.getPlatformContract({ id, test: true })).name, 'test')
  })

  test('what is wrong with a contract is named', async () => {
    const create = (wanted: Parameters<typeof contractBody>[0]) =>
      policy.createPlatformContract({ test: true, ...contractBody(wanted) })
    await refuses(create({ platformFee: {} }), 'INVALID_REQUEST')
    await refuses(create({ platformFee: { fixedRate: 1, fixedAmount: 1 } }), 'INVALID_REQUEST')
    const cycle = (method: object, lagDays = 1) =>
      create({ settlementCycle: { lagDays, datePolicy: 'CALENDAR_DAY', method } })
    await refuses(cycle({}), 'INVALID_REQUEST')
    await refuses(cycle({ daily: {}, weekly: { daysOfWeek: ['MON'] } }), 'INVALID_REQUEST')
    await refuses(cycle({ daily: {} }, 11), 'INVALID_REQUEST')
    await refuses(cycle({ manualDates: { dates: [{ month: 2, day: 30 }] } }), 'INVALID_REQUEST')
    const id = await newContract(store)
    await refuses(create({ id }), 'PLATFORM_CONTRACT_ALREADY_EXISTS')
  })

  test('a change is made of what is given, and archiving ends changes until recovery', async () => {
    const id = await newContract(store, { memo: 'memo' })
    const { contract } = await policy.updatePlatformContract({ id, test: true, platformFee: { fixedAmount: 500 } })
    assert.deepEqual(contract.platformFee, { type: 'FIXED_AMOUNT', amount: 500 })
    assert.equal(contract.memo, 'memo')
    assert.equal((await policy.archivePlatformContract({ id, test: true })).contract.isArchived, true)
    assert.equal((await policy.archivePlatformContract({ id, test: true })).contract.isArchived, true)
    assert.equal((await policy.getPlatformContract({ id, test: true })).isArchived, true)
    await refuses(policy.updatePlatformContract({ id, test: true, name: 'new' }), 'PLATFORM_ARCHIVED_CONTRACT')
    await refuses(
      policy.createPlatformContract({ test: true, ...contractBody({ id }) }),
      'PLATFORM_CONTRACT_ALREADY_EXISTS',
    )
    assert.equal((await policy.recoverPlatformContract({ id, test: true })).contract.isArchived, false)
    assert.equal((await policy.recoverPlatformContract({ id, test: true })).contract.isArchived, false)
    const renamed = await policy.updatePlatformContract({ id, test: true, name: 'new' })
    assert.equal(renamed.contract.name, 'new')
  })

  test('a scheduled change applies when the clock of the store reaches it', async () => {
    const own = await naru.newMerchant()
    const { now } = await own.api.call('stopSandboxClock')
    const at = (days: number) => new Date(Date.parse(now) + days * day).toISOString()
    const id = await newContract(own, { name: 'old' })
    const of = { id, test: true }
    const { platform: ownPlatform } = own.portone
    await refuses(ownPlatform.scheduleContract({ ...of, update: { name: 'new' }, appliedAt: now }), 'INVALID_REQUEST')
    await refuses(ownPlatform.getPlatformContractSchedule(of), 'PLATFORM_CONTRACT_NOT_FOUND')
    const { scheduledContract } = await ownPlatform.scheduleContract({
      ...of,
      update: { name: 'new' },
      appliedAt: at(2),
    })
    assert.equal(scheduledContract.name, 'new')
    assert.equal(scheduledContract.appliedAt, at(2))
    assert.deepEqual(await ownPlatform.getPlatformContractSchedule(of), scheduledContract)
    await refuses(
      ownPlatform.scheduleContract({ ...of, update: { name: 'other' }, appliedAt: at(1) }),
      'PLATFORM_CONTRACT_SCHEDULE_ALREADY_EXISTS',
    )
    await refuses(own.portone.platform.policy.archivePlatformContract(of), 'PLATFORM_CANNOT_ARCHIVE_SCHEDULED_CONTRACT')
    // What is changed meanwhile is changed in what is scheduled, too.
    await own.portone.platform.policy.updatePlatformContract({ ...of, memo: 'meanwhile' })
    await ownPlatform.rescheduleContract({ ...of, update: { name: 'newer' }, appliedAt: at(3) })
    await own.advance({ days: 2 })
    assert.equal((await own.portone.platform.policy.getPlatformContract(of)).name, 'old')
    const ran = await own.advance({ days: 1 })
    assert.deepEqual(
      ran.map(({ source, at: when }) => [source, when]),
      [['platform change', at(3)]],
    )
    const changed = await own.portone.platform.policy.getPlatformContract(of)
    assert.deepEqual([changed.name, changed.memo, changed.appliedAt], ['newer', 'meanwhile', at(3)])
    await refuses(ownPlatform.getPlatformContractSchedule(of), 'PLATFORM_CONTRACT_NOT_FOUND')
  })

  test('a scheduled change that is cancelled never applies', async () => {
    const id = await newContract(store, { name: 'old' })
    const of = { id, test: true }
    const appliedAt = new Date((await store.now()) + day).toISOString()
    await platform.scheduleContract({ ...of, update: { name: 'new' }, appliedAt })
    assert.deepEqual(await platform.cancelPlatformContractSchedule(of), {})
    await refuses(platform.cancelPlatformContractSchedule(of), 'PLATFORM_CONTRACT_NOT_FOUND')
    await store.advance({ days: 2 })
    assert.equal((await policy.getPlatformContract(of)).name, 'old')
    await policy.archivePlatformContract(of)
    const later = new Date((await store.now()) + day).toISOString()
    await refuses(platform.scheduleContract({ ...of, update: {}, appliedAt: later }), 'PLATFORM_ARCHIVED_CONTRACT')
    await refuses(platform.rescheduleContract({ ...of, update: {}, appliedAt: later }), 'INVALID_REQUEST')
  })

  test('contracts are listed newest first, by every filter', async () => {
    const own = (await naru.another()).clientsOf(store.apiSecret)
    const name = newPlatformId('listed')
    const daily = await newContract(store, { name: `${name} A`, platformFeeVatPayer: 'MERCHANT' })
    const weekly = await newContract(store, {
      name: `${name} b`,
      settlementCycle: { lagDays: 1, datePolicy: 'HOLIDAY_AFTER', method: { weekly: { daysOfWeek: ['MON'] } } },
    })
    const gone = await newContract(store, { name: `${name} c` })
    await policy.archivePlatformContract({ id: gone, test: true })
    const list = async (filter: PlatformContractFilterInput, page = {}) => {
      const { items, page: info } = await own.portone.platform.policy.getPlatformContracts({ test: true, filter, page })
      return [items.map(({ id }) => id), info.totalCount] as const
    }
    const keyword = { name: name.toUpperCase() }
    assert.deepEqual(await list({ keyword }), [[weekly, daily], 2])
    // A field that a newer client may know is no second keyword.
    const newer = { ...keyword, nickname: 'unknown' }
    assert.deepEqual(await list({ keyword: newer }), [[weekly, daily], 2])
    await refuses(list({ keyword: { ...keyword, id: 'both' } }), 'INVALID_REQUEST')
    assert.deepEqual(await list({ keyword }, { number: 1, size: 1 }), [[daily], 2])
    assert.deepEqual(await list({ keyword, isArchived: true }), [[gone], 1])
    assert.deepEqual(await list({ keyword, platformFeePayers: ['MERCHANT'] }), [[daily], 1])
    assert.deepEqual(await list({ keyword, cycleTypes: ['WEEKLY', 'MONTHLY'] }), [[weekly], 1])
    assert.deepEqual(await list({ keyword, datePolicies: ['HOLIDAY_AFTER'] }), [[weekly], 1])
    assert.deepEqual(await list({ keyword, datePolicies: [] }), [[weekly, daily], 2])
    assert.deepEqual(await list({ keyword: { id: daily } }), [[daily], 1])
    await refuses(
      policy.getPlatformContracts({ test: true, filter: { keyword: { id: 'a', name: 'b' } } }),
      'INVALID_REQUEST',
    )
    await refuses(policy.getPlatformContracts({ test: true, page: { size: 1_001 } }), 'INVALID_REQUEST')
    await refuses(policy.getPlatformContracts({ test: true, page: { number: -1 } }), 'INVALID_REQUEST')
  })

  test('an additional-fee policy goes through all of its life', async () => {
    const id = newPlatformId('fee')
    const of = { id, test: true }
    const body = { ...of, name: 'PG', fee: { fixedRate: 3_300 }, vatPayer: 'PARTNER' as const }
    const { additionalFeePolicy } = await policy.createPlatformAdditionalFeePolicy(body)
    const { appliedAt: _, ...rest } = additionalFeePolicy
    assert.deepEqual(rest, {
      id,
      graphqlId: Buffer.from(`3:${id}`).toString('base64'),
      name: 'PG',
      fee: { type: 'FIXED_RATE', rate: 3_300 },
      vatPayer: 'PARTNER',
      isArchived: false,
      isForTest: true,
    })
    await refuses(policy.createPlatformAdditionalFeePolicy(body), 'PLATFORM_ADDITIONAL_FEE_POLICY_ALREADY_EXISTS')
    const { additionalFeePolicy: updated } = await policy.updatePlatformAdditionalFeePolicy({
      ...of,
      vatPayer: 'MERCHANT',
    })
    assert.equal(updated.vatPayer, 'MERCHANT')
    const list = async (keyword: object, filter: object = {}) =>
      (await policy.getPlatformAdditionalFeePolicies({ test: true, filter: { keyword, ...filter } })).items.map(
        (one) => one.id,
      )
    assert.deepEqual(await list({ fee: '3300' }), [id])
    assert.deepEqual(await list({ fee: '33' }), [])
    assert.deepEqual(await list({ id }, { vatPayers: ['PARTNER'] }), [])
    const appliedAt = new Date((await store.now()) + day).toISOString()
    await platform.scheduleAdditionalFeePolicy({ ...of, update: { fee: { fixedAmount: 1 } }, appliedAt })
    await refuses(
      platform.scheduleAdditionalFeePolicy({ ...of, update: {}, appliedAt }),
      'PLATFORM_ADDITIONAL_FEE_POLICY_SCHEDULE_ALREADY_EXISTS',
    )
    await refuses(
      policy.archivePlatformAdditionalFeePolicy(of),
      'PLATFORM_CANNOT_ARCHIVE_SCHEDULED_ADDITIONAL_FEE_POLICY',
    )
    await store.advance({ days: 1 })
    assert.deepEqual((await policy.getPlatformAdditionalFeePolicy(of)).fee, { type: 'FIXED_AMOUNT', amount: 1 })
    await policy.archivePlatformAdditionalFeePolicy(of)
    await refuses(
      policy.updatePlatformAdditionalFeePolicy({ ...of, name: 'x' }),
      'PLATFORM_ARCHIVED_ADDITIONAL_FEE_POLICY',
    )
    assert.deepEqual(await list({ id }), [])
    await policy.recoverPlatformAdditionalFeePolicy(of)
    assert.deepEqual(await list({ id }), [id])
  })

  test('a discount-share policy goes through all of its life, and its shares are filter options', async () => {
    const id = newPlatformId('share')
    const of = { id, test: true }
    const body = { ...of, name: 'coupon', partnerShareRate: 12_345 }
    const { discountSharePolicy } = await policy.createPlatformDiscountSharePolicy(body)
    const { appliedAt: _, ...rest } = discountSharePolicy
    assert.deepEqual(rest, {
      id,
      graphqlId: Buffer.from(`2:${id}`).toString('base64'),
      name: 'coupon',
      partnerShareRate: 12_345,
      isArchived: false,
      isForTest: true,
    })
    await refuses(policy.createPlatformDiscountSharePolicy(body), 'PLATFORM_DISCOUNT_SHARE_POLICY_ALREADY_EXISTS')
    await policy.createPlatformDiscountSharePolicy({
      test: true,
      id: newPlatformId('share'),
      name: 'b',
      partnerShareRate: 5,
    })
    const options = await platform.getPlatformDiscountSharePolicyFilterOptions({ test: true })
    assert.deepEqual(options.partnerShareRates, [5, 12_345])
    const found = await policy.getPlatformDiscountSharePolicies({
      test: true,
      filter: { partnerShareRates: [12_345, 7] },
    })
    assert.deepEqual(
      found.items.map((one) => one.id),
      [id],
    )
    await refuses(policy.createPlatformDiscountSharePolicy({ ...body, partnerShareRate: 100_001 }), 'INVALID_REQUEST')
    await policy.archivePlatformDiscountSharePolicy(of)
    await refuses(
      policy.updatePlatformDiscountSharePolicy({ ...of, name: 'x' }),
      'PLATFORM_ARCHIVED_DISCOUNT_SHARE_POLICY',
    )
    const archived = await platform.getPlatformDiscountSharePolicyFilterOptions({ test: true, isArchived: true })
    assert.deepEqual(archived.partnerShareRates, [12_345])
  })

  test('archiving beside scheduling: exactly one succeeds, whichever server is asked', async () => {
    const other = await naru.another()
    const appliedAt = new Date((await store.now()) + day).toISOString()
    for (let round = 0; round < 20; round++) {
      const id = await newContract(store)
      const of = { id, test: true }
      const outcomes = await Promise.allSettled([
        naru.clientsOf(store.apiSecret).portone.platform.policy.archivePlatformContract(of),
        other
          .clientsOf(store.apiSecret)
          .portone.platform.scheduleContract({ ...of, update: { name: 'new' }, appliedAt }),
      ])
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
    }
  })

  const ids = operationIds.filter((id) => /^.platform.(contracts|[a-z-]+-polic)/.test(operations[id].path))

  test('what is not there is not found', () =>
    askForNothing(
      naru,
      ids.filter((id) => operations[id].path.includes('{id}')),
    ))

  test('discount-share policies that are scheduled or archived', async () => {
    const of = { id: newPlatformId('share'), test: true }
    await policy.createPlatformDiscountSharePolicy({ ...of, name: 'coupon', partnerShareRate: 1 })
    const later = {
      ...of,
      update: { partnerShareRate: 2 },
      appliedAt: new Date((await store.now()) + day).toISOString(),
    }
    await platform.scheduleDiscountSharePolicy(later)
    await refuses(platform.scheduleDiscountSharePolicy(later), 'PLATFORM_DISCOUNT_SHARE_POLICY_SCHEDULE_ALREADY_EXISTS')
    await refuses(
      policy.archivePlatformDiscountSharePolicy(of),
      'PLATFORM_CANNOT_ARCHIVE_SCHEDULED_DISCOUNT_SHARE_POLICY',
    )
    await platform.cancelPlatformDiscountSharePolicySchedule(of)
    await policy.archivePlatformDiscountSharePolicy(of)
    await refuses(platform.scheduleDiscountSharePolicy(later), 'PLATFORM_ARCHIVED_DISCOUNT_SHARE_POLICY')
  })

  test('an additional-fee policy that is archived is not scheduled', async () => {
    const of = { id: newPlatformId('fee'), test: true }
    await policy.createPlatformAdditionalFeePolicy({ ...of, name: 'PG', fee: { fixedRate: 1 }, vatPayer: 'MERCHANT' })
    await policy.archivePlatformAdditionalFeePolicy(of)
    const appliedAt = new Date((await store.now()) + day).toISOString()
    await refuses(
      platform.scheduleAdditionalFeePolicy({ ...of, update: {}, appliedAt }),
      'PLATFORM_ARCHIVED_ADDITIONAL_FEE_POLICY',
    )
  })

  test('every error that the operations list was answered', () => assertAllErrorsAnswered(naru, ids))
})
