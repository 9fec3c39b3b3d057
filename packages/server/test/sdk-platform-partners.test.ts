import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type OperationId, operationIds, operations, type PlatformPartnerFilterInput } from '@naru/contract'
import { setPlatform } from '../src/merchants/setup.ts'
import { refuses, request, thrownBy, typeOf } from './support/api.ts'
import { startNaru } from './support/naru.ts'
import {
  askForNothing,
  assertAllErrorsAnswered,
  businessType,
  defineProperty,
  newContract,
  newPartner,
  newPlatformId,
  partnerBody,
} from './support/platform.ts'

const day = 86_400_000

describe('partners through the official SDK', async () => {
  const naru = await startNaru()
  const store = await naru.newMerchant()
  const { platform } = store.portone
  const { partner: partners } = platform
  const contractId = await newContract(store)
  await defineProperty(naru, store, { key: 'grade', objectType: 'PARTNER' })
  await defineProperty(naru, store, { key: 'channel', objectType: 'TRANSFER' })
  const after = async (days: number) => new Date((await store.now()) + days * day).toISOString()

  test('a business reads as it was created, its account and its company looked up', async () => {
    const body = partnerBody(contractId, {
      memo: 'memo',
      tags: ['서울', '식품', '서울'],
      userDefinedProperties: { grade: { string: 'gold' } },
    })
    const { partner } = await partners.createPlatformPartner({ test: true, ...body })
    const { appliedAt: _, ...rest } = partner
    assert.deepEqual(rest, {
      id: body.id,
      graphqlId: Buffer.from(`4:${body.id}`).toString('base64'),
      name: '파트너',
      contact: { name: '홍길동', email: 'partner@example.com' },
      account: { bank: 'KOOKMIN', currency: 'KRW', number: '12345678901', holder: '홍길동', status: 'VERIFIED' },
      status: 'APPROVED',
      defaultContractId: contractId,
      memo: 'memo',
      tags: ['서울', '식품'],
      type: {
        type: 'BUSINESS',
        companyName: '포트상회',
        taxationType: 'NORMAL',
        businessStatus: 'IN_BUSINESS',
        businessRegistrationNumber: '1010000002',
        representativeName: '홍길동',
        memberCompanyConnectionStatus: 'NOT_CONNECTED',
      },
      isArchived: false,
      isForTest: true,
      userDefinedProperties: { grade: { string: 'gold' } },
    })
    assert.deepEqual(await partners.getPlatformPartner({ id: body.id, test: true }), partner)
  })

  test('a look-up that fails or disagrees refuses no partner', async () => {
    const account = { bank: 'KOOKMIN', currency: 'KRW', holder: '홍길동' } as const
    const business = (businessRegistrationNumber: string) => ({
      business: { ...businessType.business, businessRegistrationNumber },
    })
    for (const [number, registration, accountStatus, businessStatus] of [
      ['990000000001', '1010000069', 'VERIFY_FAILED', 'CLOSED'],
      ['990000000002', '1010000074', 'VERIFY_ERROR', 'SUSPENDED'],
      ['990000000003', '1010000088', 'VERIFY_ERROR', 'NOT_FOUND'],
      ['1', '1010000093', 'VERIFIED', 'VERIFY_ERROR'],
      ['1', '1234567890', 'VERIFIED', 'NOT_FOUND'],
    ] as const) {
      const body = partnerBody(contractId, { account: { ...account, number }, type: business(registration) })
      const { partner } = await partners.createPlatformPartner({ test: true, ...body })
      assert(partner.type.type === 'BUSINESS')
      assert.deepEqual([partner.account.status, partner.type.businessStatus], [accountStatus, businessStatus])
    }
    const dollars = partnerBody(contractId, { account: { ...account, number: '1', currency: 'USD' } })
    const { partner } = await partners.createPlatformPartner({ test: true, ...dollars })
    assert.equal(partner.account.status, 'NOT_VERIFIED')
  })

  test('what a partner cannot be created with', async () => {
    const create = (wanted: Parameters<typeof partnerBody>[1]) =>
      partners.createPlatformPartner({ test: true, ...partnerBody(contractId, wanted) })
    const id = await newPartner(store)
    await refuses(create({ id }), 'PLATFORM_PARTNER_ID_ALREADY_EXISTS')
    await refuses(create({ defaultContractId: 'none' }), 'PLATFORM_CONTRACT_NOT_FOUND')
    const archived = await newContract(store)
    await platform.policy.archivePlatformContract({ id: archived, test: true })
    await refuses(create({ defaultContractId: archived }), 'PLATFORM_CONTRACT_NOT_FOUND')
    const properties = (key: string) => ({ userDefinedProperties: { [key]: { string: 'x' } } })
    await refuses(create(properties('unknown')), 'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND')
    await refuses(create(properties('channel')), 'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND')
    const account = { bank: 'KOOKMIN', currency: 'GBP', number: '1', holder: 'h' } as const
    await refuses(create({ account }), 'PLATFORM_CURRENCY_NOT_SUPPORTED')
    await refuses(create({ type: {} }), 'INVALID_REQUEST')
    await refuses(create({ type: { whtPayer: {}, nonWhtPayer: {} } }), 'INVALID_REQUEST')
    await refuses(create({ memo: 'm'.repeat(257) }), 'INVALID_REQUEST')
    await refuses(create({ tags: Array.from({ length: 11 }, (_, n) => `tag ${n}`) }), 'INVALID_REQUEST')
  })

  test('businesses are looked up in the order asked, and one that is not found does not fail the others', async () => {
    const brnList = ['101-00-00069', '1010000088', '1010000021', '12', '1010000069']
    const { result } = await platform.company.getB2bBusinessInfos({ brnList })
    assert.deepEqual(
      result.map(({ brn, businessInfo, error }) => [brn, businessInfo?.businessStatus ?? error]),
      [
        ['101-00-00069', '폐업자'],
        ['1010000088', 'No business has the registration number 1010000088.'],
        ['1010000021', '계속사업자'],
        ['12', 'The business registration number must be ten digits.'],
        ['1010000069', '폐업자'],
      ],
    )
    const [closed, , simplified] = result.map(({ businessInfo }) => businessInfo)
    assert.equal(closed?.brn, '1010000069')
    assert.equal(closed?.closingDate, '2025-06-30')
    assert.equal(simplified?.taxationType, '부가가치세 간이과세자(세금계산서 발급사업자)')
    assert.equal(simplified?.simplifiedTaxationTypeDate, '2024-07-01')
    assert.deepEqual(await platform.company.getB2bBusinessInfos({ brnList: [] }), { result: [] })
  })

  test('the result of a look-up takes the place of a check, once', async () => {
    const { bank, number } = { bank: 'KOOKMIN', number: '990000000001' } as const
    const look = { bank, accountNumber: number, test: true }
    const { holderName, accountVerificationId } = await platform.account.getPlatformAccountHolder(look)
    const { companyState, companyVerificationId } = await platform.company.getPlatformCompanyState({
      businessRegistrationNumber: '1010000069',
      test: true,
    })
    assert.deepEqual(companyState, {
      taxationType: 'NORMAL',
      businessStatus: 'CLOSED',
      closedSuspendedDate: '2025-06-30',
    })
    const account = { bank, currency: 'KRW', number, holder: holderName, accountVerificationId } as const
    const type = (id: string) => ({
      business: { ...businessType.business, businessRegistrationNumber: '1010000069', companyVerificationId: id },
    })
    const create = (wanted: Parameters<typeof partnerBody>[1]) =>
      partners.createPlatformPartner({ test: true, ...partnerBody(contractId, wanted) })
    await refuses(create({ account: { ...account, holder: '다른 사람' } }), 'PLATFORM_ACCOUNT_VERIFICATION_FAILED')
    await refuses(
      create({ account: { ...account, accountVerificationId: 'none' } }),
      'PLATFORM_ACCOUNT_VERIFICATION_NOT_FOUND',
    )
    await refuses(create({ type: type('none') }), 'INVALID_REQUEST')
    const live = partnerBody(await newContract(store, { test: false }), { account })
    await refuses(partners.createPlatformPartner(live), 'PLATFORM_ACCOUNT_VERIFICATION_NOT_FOUND')
    // A refused request uses nothing up.
    await refuses(create({ account, defaultContractId: 'none' }), 'PLATFORM_CONTRACT_NOT_FOUND')
    const { partner } = await create({ account, type: type(companyVerificationId) })
    assert.equal(partner.account.status, 'VERIFIED')
    await refuses(create({ account }), 'PLATFORM_ACCOUNT_VERIFICATION_ALREADY_USED')
    await refuses(create({ type: type(companyVerificationId) }), 'PLATFORM_COMPANY_VERIFICATION_ALREADY_USED')
    await refuses(
      partners.updatePlatformPartner({ id: partner.id, test: true, account }),
      'PLATFORM_ACCOUNT_VERIFICATION_ALREADY_USED',
    )
  })

  test('holders that look alike are the same, and numbers with and without hyphens', async () => {
    const create = async (account: object) => {
      const body = {
        ...partnerBody(contractId),
        account: { bank: 'KOOKMIN', currency: 'KRW', number: '1109', ...account },
      }
      const { text } = await store.api.send('createPlatformPartner', {
        query: { test: true },
        body: JSON.parse(JSON.stringify(body)),
      })
      return JSON.parse(text).partner.account.status
    }
    for (const holder of ['홍길동 ', '홍길동'.normalize('NFD')]) assert.equal(await create({ holder }), 'VERIFIED')
    assert.equal(await create({ holder: '김바다' }), 'VERIFY_FAILED')
    const look = { bank: 'KOOKMIN', accountNumber: '1109', test: true } as const
    const { holderName, accountVerificationId } = await platform.account.getPlatformAccountHolder(look)
    assert.equal(await create({ number: '11-09', holder: holderName, accountVerificationId }), 'VERIFIED')
  })

  test('blank tags, and fields of the account elsewhere, are refused by name', async () => {
    const refusal = async (more: object) => {
      const body = JSON.parse(JSON.stringify({ ...partnerBody(contractId), ...more }))
      const { status, text } = await store.api.send('createPlatformPartner', { query: { test: true }, body })
      assert.equal(status, 400, text)
      return JSON.parse(text).message
    }
    assert.match(await refusal({ tags: ['tea', ''] }), /tags\[1\] must not be blank/)
    const { account } = partnerBody(contractId)
    assert.match(await refusal({ account: { ...account, holderName: '홍' } }), /account\.holderName must not be given/)
    const { message } = JSON.parse(
      (
        await store.api.send('updatePlatformPartner', {
          path: { id: await newPartner(store) },
          query: { test: true },
          body: JSON.parse('{"accountVerificationId":"v"}'),
        })
      ).text,
    )
    assert.match(message, /accountVerificationId must not be given.*Did you mean account\.accountVerificationId\?/)
  })

  test('a look-up is forgotten after a day', async () => {
    const own = await naru.newMerchant()
    const look = { bank: 'KOOKMIN', accountNumber: '1', test: true } as const
    const { accountVerificationId } = await own.portone.platform.account.getPlatformAccountHolder(look)
    await own.advance({ days: 1, seconds: 1 })
    const account = { bank: 'KOOKMIN', currency: 'KRW', number: '1', holder: '홍길동', accountVerificationId } as const
    await refuses(
      own.portone.platform.partner.createPlatformPartner({
        test: true,
        ...partnerBody(await newContract(own), { account }),
      }),
      'PLATFORM_ACCOUNT_VERIFICATION_NOT_FOUND',
    )
  })

  test('one verification, many partners at once on two servers: one partner', async () => {
    const other = await naru.another()
    const look = { bank: 'KOOKMIN', accountNumber: '1', test: true } as const
    const { accountVerificationId } = await platform.account.getPlatformAccountHolder(look)
    const account = { bank: 'KOOKMIN', currency: 'KRW', number: '1', holder: '홍길동', accountVerificationId } as const
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 ? naru : other)
          .clientsOf(store.apiSecret)
          .portone.platform.partner.createPlatformPartner({ test: true, ...partnerBody(contractId, { account }) }),
      ),
    )
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  })

  test('looking up what cannot be looked up', async () => {
    const holder = (bank: 'KOOKMIN' | 'KODIT', accountNumber: string, more: object = {}) =>
      platform.account.getPlatformAccountHolder({ bank, accountNumber, test: true, ...more })
    const messageOf = async (accountNumber: string): Promise<string> => {
      const call = { path: { bank: 'KOOKMIN', accountNumber }, query: { test: true } } as const
      return JSON.parse((await store.api.send('getPlatformAccountHolder', call)).text).message
    }
    await refuses(holder('KODIT', '1'), 'PLATFORM_NOT_SUPPORTED_BANK')
    await refuses(holder('KOOKMIN', '990000000002'), 'PLATFORM_EXTERNAL_API_FAILED')
    await refuses(holder('KOOKMIN', '990000000003'), 'PLATFORM_EXTERNAL_API_TEMPORARILY_FAILED')
    // What the bank says, and nothing added to it in another language.
    assert.match(await messageOf('990000000003'), /^은행 점검 중입니다[^a-z]*$/i)
    for (const number of ['123-45', '1'.repeat(60)]) {
      await refuses(holder('KOOKMIN', number), 'INVALID_REQUEST')
      assert.equal(await messageOf(number), 'accountNumber must be 1 to 50 digits, without hyphens.')
    }
    const both = { birthdate: '19900101', businessRegistrationNumber: '1010000002' }
    await refuses(holder('KOOKMIN', '1', both), 'INVALID_REQUEST')
    const company = (businessRegistrationNumber: string) =>
      platform.company.getPlatformCompanyState({ businessRegistrationNumber, test: true })
    await refuses(company('1010000088'), 'PLATFORM_COMPANY_NOT_FOUND')
    await refuses(company('1010000093'), 'PLATFORM_EXTERNAL_API_FAILED')
    await refuses(company('123'), 'INVALID_REQUEST')
  })

  test('many partners are created at once, or none', async () => {
    const bodies = Array.from({ length: 50 }, () => partnerBody(contractId))
    const create = (list: typeof bodies) => partners.createPlatformPartners({ test: true, partners: list })
    const [first, second] = bodies
    assert(first && second)
    assert.deepEqual(await thrownBody(create([first, { ...second, id: first.id }])), {
      type: 'PLATFORM_PARTNER_IDS_DUPLICATED',
      ids: [first.id],
    })
    assert.deepEqual(await thrownBody(create([first, { ...second, defaultContractId: 'none' }])), {
      type: 'PLATFORM_CONTRACTS_NOT_FOUND',
      ids: ['none'],
    })
    await refuses(
      create([{ ...first, userDefinedProperties: { unknown: { string: '' } } }]),
      'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND',
    )
    const pounds = { ...first.account, currency: 'GBP' as const }
    await refuses(create([{ ...first, account: pounds }]), 'PLATFORM_CURRENCY_NOT_SUPPORTED')
    await refuses(partners.getPlatformPartner({ id: first.id, test: true }), 'PLATFORM_PARTNER_NOT_FOUND')
    const created = await create(bodies)
    assert.deepEqual(
      created.partners.map(({ id }) => id),
      bodies.map(({ id }) => id),
    )
    assert.deepEqual(await thrownBody(create([partnerBody(contractId), first, second])), {
      type: 'PLATFORM_PARTNER_IDS_ALREADY_EXISTS',
      ids: [first.id, second.id],
    })
  })

  test('a partner changes in what is given: the contact by field, properties by key, tags as a whole', async () => {
    const id = await newPartner(store, {
      memo: 'memo',
      tags: ['a', 'b'],
      userDefinedProperties: { grade: { string: 'gold' } },
    })
    const of = { id, test: true }
    const { partner } = await partners.updatePlatformPartner({
      ...of,
      contact: { phoneNumber: '010-0000-0000' },
      tags: ['c'],
      type: { business: { companyAddress: '서울' } },
    })
    assert.deepEqual(partner.contact, { name: '홍길동', email: 'partner@example.com', phoneNumber: '010-0000-0000' })
    assert.deepEqual([partner.memo, partner.tags], ['memo', ['c']])
    assert.deepEqual(partner.userDefinedProperties, { grade: { string: 'gold' } })
    assert(partner.type.type === 'BUSINESS')
    assert.deepEqual([partner.type.companyName, partner.type.companyAddress], ['포트상회', '서울'])
    const moved = await partners.updatePlatformPartner({
      ...of,
      account: { bank: 'SHINHAN', currency: 'KRW', number: '990000000001', holder: '홍길동' },
      type: { business: { businessRegistrationNumber: '1010000069' } },
    })
    assert.equal(moved.partner.account.status, 'VERIFY_FAILED')
    assert(moved.partner.type.type === 'BUSINESS')
    assert.equal(moved.partner.type.businessStatus, 'CLOSED')
  })

  test('a partner changes its type only with all that the type must have', async () => {
    const id = await newPartner(store, { type: { whtPayer: { birthdate: '1990-01-01' } } })
    const of = { id, test: true }
    const { partner } = await partners.updatePlatformPartner({ ...of, type: { nonWhtPayer: {} } })
    assert.deepEqual(partner.type, { type: 'NON_WHT_PAYER' })
    await refuses(
      partners.updatePlatformPartner({ ...of, type: { business: { companyName: 'c' } } }),
      'PLATFORM_INSUFFICIENT_DATA_TO_CHANGE_PARTNER_TYPE',
    )
    const { companyName, businessRegistrationNumber, representativeName } = businessType.business
    const business = { companyName, businessRegistrationNumber, representativeName }
    const changed = await partners.updatePlatformPartner({ ...of, type: { business } })
    assert.deepEqual(changed.partner.type, {
      type: 'BUSINESS',
      taxationType: 'NORMAL',
      businessStatus: 'IN_BUSINESS',
      ...business,
      memberCompanyConnectionStatus: 'NOT_CONNECTED',
    })
    await refuses(partners.updatePlatformPartner({ ...of, type: {} }), 'INVALID_REQUEST')
  })

  test('what a partner cannot be changed to', async () => {
    const of = { id: await newPartner(store), test: true }
    const account = {
      bank: 'KOOKMIN',
      currency: 'KRW',
      number: '1',
      holder: 'h',
      accountVerificationId: 'none',
    } as const
    await refuses(partners.updatePlatformPartner({ ...of, account }), 'PLATFORM_ACCOUNT_VERIFICATION_NOT_FOUND')
    await refuses(partners.updatePlatformPartner({ ...of, defaultContractId: 'none' }), 'PLATFORM_CONTRACT_NOT_FOUND')
    await refuses(
      partners.updatePlatformPartner({ ...of, userDefinedProperties: { unknown: { string: '' } } }),
      'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND',
    )
    await refuses(partners.updatePlatformPartner({ id: 'none', test: true }), 'PLATFORM_PARTNER_NOT_FOUND')
    await partners.archivePlatformPartner(of)
    await refuses(partners.updatePlatformPartner({ ...of, name: 'n' }), 'PLATFORM_ARCHIVED_PARTNER')
    assert.equal((await partners.recoverPlatformPartner(of)).partner.isArchived, false)
  })

  test('partners are listed by every filter', async () => {
    const tag = newPlatformId('tag')
    const other = await newContract(store)
    const business = await newPartner(store, {
      id: newPlatformId('Listed'),
      name: '가나다 상사',
      memo: '비고 메모',
      tags: [tag, 'first'],
      contact: { name: 'c', email: 'Listed@Example.com' },
      account: { bank: 'SHINHAN', currency: 'KRW', number: '110222333444', holder: '홍길동' },
      defaultContractId: other,
    })
    const person = await newPartner(store, {
      tags: [tag, 'second'],
      defaultContractId: contractId,
      account: { bank: 'KOOKMIN', currency: 'USD', number: '1', holder: 'John' },
      type: { nonWhtPayer: {} },
    })
    const list = async (filter: PlatformPartnerFilterInput) => {
      const found = await partners.getPlatformPartners({ test: true, filter: { tags: [tag], ...filter } })
      return found.items.map(({ id }) => id)
    }
    assert.deepEqual(await list({}), [person, business])
    for (const filter of [
      { tags: ['first', 'none'] },
      { banks: ['SHINHAN'] },
      { accountCurrencies: ['KRW'] },
      { ids: [business, 'none'] },
      { contractIds: [other] },
      { accountStatuses: ['VERIFIED'] },
      { businessStatuses: ['IN_BUSINESS'] },
      { types: ['BUSINESS', 'WHT_PAYER'] },
      { taxationTypes: ['NORMAL'] },
      { memberCompanyConnectionStatuses: ['NOT_CONNECTED'] },
      { keyword: { id: 'listed' } },
      { keyword: { name: '나다' } },
      { keyword: { email: 'listed@example' } },
      { keyword: { businessRegistrationNumber: '101000000' } },
      { keyword: { defaultContractId: other } },
      { keyword: { memo: '메모' } },
      { keyword: { accountNumber: '0222333' } },
      { keyword: { accountHolder: '길동' } },
    ] satisfies PlatformPartnerFilterInput[])
      assert.deepEqual(await list(filter), [business], JSON.stringify(filter))
    assert.deepEqual(await list({ isArchived: true }), [])
    await refuses(list({ keyword: { id: 'a', name: 'b' } }), 'INVALID_REQUEST')
    const options = await platform.getPlatformPartnerFilterOptions({ test: true })
    assert.ok(options.tags.includes(tag))
    assert.deepEqual(options.tags, options.tags.toSorted())
    assert.ok(options.contractSummary.some(({ id, name }) => id === other && name === '10 %'))
    await partners.archivePlatformPartner({ id: business, test: true })
    assert.deepEqual(await list({ isArchived: true }), [business])
    const archived = await platform.getPlatformPartnerFilterOptions({ test: true, isArchived: true })
    assert.ok(archived.tags.includes('first') && !archived.tags.includes('second'))
  })

  test('a change of a partner is scheduled, replaced and cancelled', async () => {
    const own = await naru.newMerchant()
    const { now } = await own.api.call('stopSandboxClock')
    const at = (days: number) => new Date(Date.parse(now) + days * day).toISOString()
    const id = await newPartner(own)
    const of = { id, test: true }
    const { portone } = own
    const update = { contact: { phoneNumber: '1' }, type: { business: { businessRegistrationNumber: '1010000069' } } }
    const { scheduledPartner } = await portone.platform.schedulePartner({ ...of, update, appliedAt: at(1) })
    assert.deepEqual(scheduledPartner.contact, { name: '홍길동', email: 'partner@example.com', phoneNumber: '1' })
    assert(scheduledPartner.type.type === 'BUSINESS')
    assert.equal(scheduledPartner.type.businessStatus, 'CLOSED')
    await refuses(
      portone.platform.schedulePartner({ ...of, update, appliedAt: at(1) }),
      'PLATFORM_PARTNER_SCHEDULE_ALREADY_EXISTS',
    )
    await refuses(portone.platform.partner.archivePlatformPartner(of), 'PLATFORM_CANNOT_ARCHIVE_SCHEDULED_PARTNER')
    // What the contract lists no error for is ignored or invalid.
    const account = {
      bank: 'KOOKMIN',
      currency: 'KRW',
      number: '1',
      holder: '홍길동',
      accountVerificationId: 'none',
    } as const
    const replaced = await portone.platform.reschedulePartner({ ...of, update: { account }, appliedAt: at(2) })
    assert.equal(replaced.scheduledPartner.account.status, 'VERIFIED')
    await refuses(
      portone.platform.reschedulePartner({ ...of, update: { defaultContractId: 'none' }, appliedAt: at(2) }),
      'PLATFORM_CONTRACT_NOT_FOUND',
    )
    await own.advance({ days: 2 })
    const partner = await portone.platform.partner.getPlatformPartner(of)
    assert.deepEqual([partner.account.number, partner.contact.phoneNumber], ['1', undefined])
    assert.equal(partner.appliedAt, at(2))
    await refuses(portone.platform.getPlatformPartnerSchedule(of), 'PLATFORM_PARTNER_NOT_FOUND')
    await portone.platform.schedulePartner({ ...of, update: { name: 'n' }, appliedAt: at(9) })
    assert.deepEqual(await portone.platform.cancelPlatformPartnerSchedule(of), {})
    await portone.platform.partner.archivePlatformPartner(of)
    await refuses(
      portone.platform.schedulePartner({ ...of, update: {}, appliedAt: at(9) }),
      'PLATFORM_ARCHIVED_PARTNER',
    )
  })

  test('what cannot be scheduled for one partner', async () => {
    const of = { id: await newPartner(store, { type: { whtPayer: {} } }), test: true, appliedAt: await after(1) }
    const account = { bank: 'KOOKMIN', currency: 'KRW', number: '1', holder: 'h' } as const
    const { accountVerificationId } = await platform.account.getPlatformAccountHolder({
      bank: 'KOOKMIN',
      accountNumber: '1',
      test: true,
    })
    const schedule = (update: Parameters<typeof platform.schedulePartner>[0]['update']) =>
      platform.schedulePartner({ ...of, update })
    await refuses(
      schedule({ account: { ...account, accountVerificationId: 'none' } }),
      'PLATFORM_ACCOUNT_VERIFICATION_NOT_FOUND',
    )
    await refuses(schedule({ account: { ...account, accountVerificationId } }), 'PLATFORM_ACCOUNT_VERIFICATION_FAILED')
    await refuses(schedule({ defaultContractId: 'none' }), 'PLATFORM_CONTRACT_NOT_FOUND')
    await refuses(
      schedule({ userDefinedProperties: { unknown: { string: '' } } }),
      'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND',
    )
    await refuses(
      schedule({ type: { business: { companyName: 'c' } } }),
      'PLATFORM_INSUFFICIENT_DATA_TO_CHANGE_PARTNER_TYPE',
    )
    await refuses(platform.schedulePartner({ ...of, id: 'none', update: {} }), 'PLATFORM_PARTNER_NOT_FOUND')
  })

  test('many partners are scheduled at once, or none', async () => {
    const own = await naru.newMerchant()
    const { now } = await own.api.call('stopSandboxClock')
    const appliedAt = new Date(Date.parse(now) + day).toISOString()
    const tag = newPlatformId('bulk')
    const first = await newPartner(own, { tags: [tag] })
    const second = await newPartner(own, { tags: [tag] })
    const { platform: ownPlatform } = own.portone
    const schedule = (filter: PlatformPartnerFilterInput, update = {}) =>
      ownPlatform.schedulePlatformPartners({ test: true, filter, update, appliedAt })
    await refuses(schedule({ tags: [tag] }, { defaultContractId: 'none' }), 'PLATFORM_CONTRACT_NOT_FOUND')
    await refuses(
      schedule({ tags: [tag] }, { userDefinedProperties: { unknown: { string: '' } } }),
      'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND',
    )
    await refuses(schedule({ tags: [tag] }, { type: { whtPayer: {} } }), 'INVALID_REQUEST')
    await ownPlatform.schedulePartner({ id: first, test: true, update: {}, appliedAt })
    assert.deepEqual(await thrownBody(schedule({ tags: [tag] })), {
      type: 'PLATFORM_PARTNER_SCHEDULES_ALREADY_EXIST',
      ids: [first],
    })
    await refuses(ownPlatform.getPlatformPartnerSchedule({ id: second, test: true }), 'PLATFORM_PARTNER_NOT_FOUND')
    await ownPlatform.cancelPlatformPartnerSchedule({ id: first, test: true })
    const update = { memo: 'new', type: { business: { companyAddress: '부산' } } }
    assert.deepEqual(await schedule({ tags: [tag] }, update), {})
    await own.advance({ days: 1 })
    for (const id of [first, second]) {
      const partner = await ownPlatform.partner.getPlatformPartner({ id, test: true })
      assert(partner.type.type === 'BUSINESS')
      assert.deepEqual([partner.memo, partner.type.companyAddress, partner.appliedAt], ['new', '부산', appliedAt])
    }
    await ownPlatform.partner.archivePlatformPartner({ id: first, test: true })
    const later = new Date(Date.parse(appliedAt) + day).toISOString()
    await refuses(
      ownPlatform.schedulePlatformPartners({
        test: true,
        filter: { tags: [tag], isArchived: true },
        update,
        appliedAt: later,
      }),
      'PLATFORM_ARCHIVED_PARTNERS_CANNOT_BE_SCHEDULED',
    )
    assert.deepEqual(
      await ownPlatform.schedulePlatformPartners({ test: true, filter: { ids: ['none'] }, update, appliedAt: later }),
      {},
    )
  })

  test('a partner is connected and disconnected, and is fixed in between', async () => {
    const own = await naru.newMerchant()
    const { now } = await own.api.call('stopSandboxClock')
    const appliedAt = new Date(Date.parse(now) + day).toISOString()
    const id = await newPartner(own)
    const of = { id, test: true }
    const client = own.portone.platform.partner
    const connection = async () => {
      const { type } = await client.getPlatformPartner(of)
      return type.type === 'BUSINESS' ? type.memberCompanyConnectionStatus : undefined
    }
    await refuses(client.disconnectPartnerMemberCompany(of), 'PLATFORM_MEMBER_COMPANY_NOT_CONNECTED')
    const { partner } = await client.connectPartnerMemberCompany(of)
    assert(partner.type.type === 'BUSINESS')
    assert.equal(partner.type.memberCompanyConnectionStatus, 'CONNECT_PENDING')
    await refuses(client.archivePlatformPartner(of), 'PLATFORM_PARTNER_PENDING_NTS_OPERATION')
    await refuses(client.recoverPlatformPartner(of), 'PLATFORM_PARTNER_PENDING_NTS_OPERATION')
    await own.advance({ seconds: 3 })
    assert.equal(await connection(), 'CONNECTED')
    await refuses(client.connectPartnerMemberCompany(of), 'PLATFORM_MEMBER_COMPANY_NOT_CONNECTABLE_STATUS')
    const number = { business: { businessRegistrationNumber: '1010000069' } }
    await refuses(
      client.updatePlatformPartner({ ...of, type: number }),
      'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_BRN_UNCHANGEABLE',
    )
    await refuses(
      client.updatePlatformPartner({ ...of, type: { whtPayer: {} } }),
      'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_TYPE_UNCHANGEABLE',
    )
    const { platform: ownPlatform } = own.portone
    const schedule = (update: object) => ownPlatform.schedulePartner({ ...of, update, appliedAt })
    await refuses(schedule({ type: number }), 'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_BRN_UNCHANGEABLE')
    await refuses(schedule({ type: { whtPayer: {} } }), 'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_TYPE_UNCHANGEABLE')
    await refuses(schedule({ name: 'n' }), 'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_CANNOT_BE_SCHEDULED')
    await refuses(
      ownPlatform.reschedulePartner({ ...of, update: { name: 'n' }, appliedAt }),
      'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_CANNOT_BE_SCHEDULED',
    )
    assert.deepEqual(
      await thrownBody(
        ownPlatform.schedulePlatformPartners({ test: true, filter: { ids: [id] }, update: {}, appliedAt }),
      ),
      { type: 'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNERS_CANNOT_BE_SCHEDULED', ids: [id] },
    )
    assert.equal((await client.updatePlatformPartner({ ...of, name: 'still' })).partner.name, 'still')
    await client.disconnectPartnerMemberCompany(of)
    assert.equal(await connection(), 'DISCONNECT_PENDING')
    await own.advance({ seconds: 3 })
    assert.equal(await connection(), 'NOT_CONNECTED')
  })

  test('who cannot be connected', async () => {
    const connect = (id: string) => partners.connectPartnerMemberCompany({ id, test: true })
    await refuses(connect('none'), 'PLATFORM_PARTNER_NOT_FOUND')
    await refuses(connect(await newPartner(store, { type: { whtPayer: {} } })), 'PLATFORM_PARTNER_TYPE_IS_NOT_BUSINESS')
    const business = (more: object) => ({ type: { business: { ...businessType.business, ...more } } })
    const simple = await newPartner(store, business({ taxationType: 'SIMPLE' }))
    await refuses(connect(simple), 'PLATFORM_PARTNER_TAXATION_TYPE_IS_SIMPLE')
    const scheduled = await newPartner(store)
    await platform.schedulePartner({ id: scheduled, test: true, update: {}, appliedAt: await after(1) })
    await refuses(connect(scheduled), 'PLATFORM_PARTNER_SCHEDULE_EXISTS')
    const unreachable = await newPartner(store, business({ businessRegistrationNumber: '1010000114' }))
    await refuses(connect(unreachable), 'PLATFORM_EXTERNAL_API_FAILED')
    const archived = await newPartner(store)
    await partners.archivePlatformPartner({ id: archived, test: true })
    await refuses(connect(archived), 'PLATFORM_ARCHIVED_PARTNER_NTS_NOT_ALLOWED')
    for (const [businessRegistrationNumber, reason] of [
      ['1010000109', /certificate/],
      ['101-00-00109', /certificate/],
      ['1010000069', /closed/],
      ['101-00-00069', /closed/],
      ['1010000017', /SIMPLE/],
      ['101-00-00088', /no company/],
    ] as const) {
      const refused = await newPartner(store, business({ businessRegistrationNumber }))
      await connect(refused)
      await store.advance({ seconds: 3 })
      const { type } = await partners.getPlatformPartner({ id: refused, test: true })
      assert(type.type === 'BUSINESS')
      assert.equal(type.memberCompanyConnectionStatus, 'CONNECT_FAILED')
      assert.match(type.memberCompanyConnectionFailedReason ?? '', reason)
      await connect(refused)
    }
  })

  test('a partner stays while tax invoices of it are under way', async () => {
    const of = { id: await newPartner(store), test: true }
    await partners.connectPartnerMemberCompany(of)
    await store.advance({ seconds: 3 })
    // Tax invoices are not built yet; a payout says which one was asked for.
    await naru.database.sql`
      insert into platform_payouts (merchant_id, is_for_test, payout_id, bulk_payout_id, store_id, partner_id,
        partner_version, partner_type, method, status, status_updated_at, bank, account_number, account_holder, currency,
        amount, supply_amount, tax_free_amount, vat_amount, settlement_amount, settlement_tax_free, income_tax,
        local_income_tax, deduct_wht, settlement_amount_type, tax_invoice_id, tax_invoice_status, created_at)
      select merchant_id, true, 'po-invoice', 'bp-invoice', store_id, ${of.id}, 1, 'BUSINESS', 'DIRECT', 'CONFIRMED', now(),
        'KOOKMIN', '1', '홍길동', 'KRW', 0, 0, 0, 0, 0, 0, 0, 0, false, 'GROSS', 'txi-1', 'REQUESTED', now()
      from stores where store_id = ${store.storeId}`
    await refuses(partners.archivePlatformPartner(of), 'PLATFORM_COUNTERPARTY_ONGOING_TAX_INVOICE_EXISTS')
    await refuses(partners.disconnectPartnerMemberCompany(of), 'PLATFORM_ONGOING_TAX_INVOICE_EXISTS')
    await naru.database
      .sql`update platform_payouts set tax_invoice_status = 'SENDING_COMPLETED' where payout_id = 'po-invoice'`
    await partners.disconnectPartnerMemberCompany(of)
    await store.advance({ seconds: 3 })
    assert.equal((await partners.archivePlatformPartner(of)).partner.isArchived, true)
  })

  test('many partners are connected and disconnected, those that can be', async () => {
    const tag = newPlatformId('network')
    await newPartner(store, { tags: [tag] })
    await newPartner(store, { tags: [tag] })
    await newPartner(store, { tags: [tag], type: { whtPayer: {} } })
    const filter = { tags: [tag] }
    await refuses(
      partners.disconnectBulkPartnerMemberCompany({ test: true, filter }),
      'PLATFORM_TARGET_PARTNER_NOT_FOUND',
    )
    const { bulkTask } = await partners.connectBulkPartnerMemberCompany({ test: true, filter })
    assert.deepEqual(
      [bulkTask.type, bulkTask.status, bulkTask.progressStats.processingCount],
      ['CONNECT_MEMBER_COMPANIES', 'PROCESSING', 2],
    )
    await store.advance({ seconds: 3 })
    const connected = { ...filter, memberCompanyConnectionStatuses: ['CONNECTED' as const] }
    assert.equal((await partners.getPlatformPartners({ test: true, filter: connected })).page.totalCount, 2)
    await refuses(partners.connectBulkPartnerMemberCompany({ test: true, filter }), 'PLATFORM_TARGET_PARTNER_NOT_FOUND')
    const second = await partners.disconnectBulkPartnerMemberCompany({ test: true, filter })
    assert.equal(second.bulkTask.progressStats.processingCount, 2)
  })

  test('the operations’ names of today do the same', async () => {
    const own = await naru.newMerchant()
    await own.api.call('stopSandboxClock')
    const id = await newPartner(own)
    const call = { path: { id }, query: { test: true } }
    const { text } = await own.api.send('disconnectPartnerCounterparty', call)
    assert.equal(JSON.parse(text).type, 'PLATFORM_COUNTERPARTY_NOT_CONNECTED')
    await own.api.call('connectPartnerCounterparty', call)
    const again = await own.api.send('connectPartnerCounterparty', call)
    assert.equal(JSON.parse(again.text).type, 'PLATFORM_COUNTERPARTY_NOT_CONNECTABLE_STATUS')
    await own.advance({ seconds: 3 })
    const bulk = { body: { filter: { ids: [id] } }, query: { test: true } }
    assert.equal(
      (await own.api.call('disconnectBulkPartnerCounterparty', bulk)).bulkTask.progressStats.processingCount,
      1,
    )
    await own.advance({ seconds: 3 })
    assert.equal((await own.api.call('connectBulkPartnerCounterparty', bulk)).bulkTask.type, 'CONNECT_MEMBER_COMPANIES')
  })

  test('archiving beside scheduling, connecting and changing, on two servers: one outcome', async () => {
    const other = await naru.another()
    const appliedAt = await after(9)
    for (let round = 0; round < 15; round++) {
      const of = { id: await newPartner(store), test: true }
      const here = naru.clientsOf(store.apiSecret).portone.platform
      const there = other.clientsOf(store.apiSecret).portone.platform
      const [archived, scheduled, connected] = await Promise.allSettled([
        here.partner.archivePlatformPartner(of),
        there.schedulePartner({ ...of, update: { name: 'new' }, appliedAt }),
        there.partner.connectPartnerMemberCompany(of),
        here.partner.updatePlatformPartner({ ...of, memo: 'new' }),
      ])
      const succeeded = [archived, scheduled, connected].filter(({ status }) => status === 'fulfilled')
      assert.equal(succeeded.length, 1)
    }
  })

  test('either name of the connection’s operations refuses the same', async () => {
    const business = (more: object) => ({ type: { business: { ...businessType.business, ...more } } })
    const person = await newPartner(store, { type: { whtPayer: {} } })
    const simple = await newPartner(store, business({ taxationType: 'SIMPLE' }))
    const archived = await newPartner(store)
    await partners.archivePlatformPartner({ id: archived, test: true })
    const scheduled = await newPartner(store)
    await platform.schedulePartner({ id: scheduled, test: true, update: {}, appliedAt: await after(1) })
    const far = await newPartner(store, business({ businessRegistrationNumber: '1010000114' }))
    // No company is out of reach once it is connected: this one moves away behind the server's back.
    const moved = await newPartner(store)
    const invoiced = await newPartner(store)
    await partners.connectPartnerMemberCompany({ id: moved, test: true })
    await partners.connectPartnerMemberCompany({ id: invoiced, test: true })
    await store.advance({ seconds: 3 })
    const { sql } = naru.database
    await sql`
      update platform_entities set content = jsonb_set(content, '{type,businessRegistrationNumber}', '"1010000114"')
      where id = ${moved}`
    await sql`update platform_payouts set partner_id = ${invoiced}, tax_invoice_status = 'ISSUED' where payout_id = 'po-invoice'`
    const refusedWith = async (id: OperationId, type: string, partnerId?: string, filter: object = {}) => {
      const { text } = await request(naru.url, {
        method: 'POST',
        path: `${operations[id].path.replace('{id}', partnerId ?? '')}?test=true`,
        headers: { authorization: `PortOne ${store.apiSecret}` },
        body: JSON.stringify({ filter }),
      })
      assert.equal(JSON.parse(text).type, type, `${id}: ${text}`)
    }
    for (const name of ['Counterparty', 'MemberCompany'] as const) {
      for (const does of ['connect', 'disconnect'] as const) {
        const [one, many] = [`${does}Partner${name}`, `${does}BulkPartner${name}`] as const
        await refusedWith(one, 'PLATFORM_PARTNER_TYPE_IS_NOT_BUSINESS', person)
        await refusedWith(one, 'PLATFORM_PARTNER_TAXATION_TYPE_IS_SIMPLE', simple)
        await refusedWith(one, 'PLATFORM_ARCHIVED_PARTNER_NTS_NOT_ALLOWED', archived)
        await refusedWith(one, 'PLATFORM_EXTERNAL_API_FAILED', does === 'connect' ? far : moved)
        await refusedWith(many, 'PLATFORM_EXTERNAL_API_FAILED', undefined, { ids: [does === 'connect' ? far : moved] })
        await refusedWith(many, 'PLATFORM_PARTNER_NOT_FOUND', undefined, { ids: ['not-there'] })
        await refusedWith(many, 'PLATFORM_TARGET_PARTNER_NOT_FOUND', undefined, { ids: [person] })
      }
      await refusedWith(`connectPartner${name}`, 'PLATFORM_PARTNER_SCHEDULE_EXISTS', scheduled)
      await refusedWith(`disconnectPartner${name}`, 'PLATFORM_ONGOING_TAX_INVOICE_EXISTS', invoiced)
    }
    const [{ merchantId }] = await sql<[{ merchantId: string }]>`
      select merchant_id as "merchantId" from stores where store_id = ${store.storeId}`
    await setPlatform(sql, merchantId, { taxInvoices: false })
    const other = await naru.another()
    const { api } = other.clientsOf(store.apiSecret)
    for (const name of ['Counterparty', 'MemberCompany'] as const)
      for (const does of ['connect', 'disconnect'] as const) {
        const one = await api.send(`${does}Partner${name}`, { path: { id: person } })
        const many = await api.send(`${does}BulkPartner${name}`, { body: {} })
        assert.deepEqual([typeOf(one), typeOf(many)], ['PLATFORM_BTX_NOT_ENABLED', 'PLATFORM_BTX_NOT_ENABLED'])
      }
    await setPlatform(sql, merchantId, { taxInvoices: true })
  })

  test('look-ups that were used or disagree refuse changes and schedules, too', async () => {
    const of = { id: await newPartner(store), test: true }
    const look = { bank: 'KOOKMIN', accountNumber: '1', test: true } as const
    const account = { bank: 'KOOKMIN', currency: 'KRW', number: '1', holder: '홍길동' } as const
    const { accountVerificationId } = await platform.account.getPlatformAccountHolder(look)
    const { companyVerificationId } = await platform.company.getPlatformCompanyState({
      businessRegistrationNumber: '1010000002',
      test: true,
    })
    const verified = {
      account: { ...account, accountVerificationId },
      type: { business: { companyVerificationId } },
    }
    await refuses(
      partners.updatePlatformPartner({ ...of, account: { ...verified.account, holder: 'other' } }),
      'PLATFORM_ACCOUNT_VERIFICATION_FAILED',
    )
    await partners.updatePlatformPartner({ ...of, ...verified })
    const schedule = (update: object) => platform.schedulePartner({ ...of, update, appliedAt: '2199-01-01T00:00:00Z' })
    await refuses(schedule({ account: verified.account }), 'PLATFORM_ACCOUNT_VERIFICATION_ALREADY_USED')
    await refuses(schedule({ type: verified.type }), 'PLATFORM_COMPANY_VERIFICATION_ALREADY_USED')
    await refuses(
      partners.updatePlatformPartner({ ...of, type: verified.type }),
      'PLATFORM_COMPANY_VERIFICATION_ALREADY_USED',
    )
  })

  const ids = operationIds.filter((id) =>
    /^.platform.(partners|companies|bank-accounts|partner-filter)/.test(operations[id].path),
  )

  test('what is not there is not found', () =>
    askForNothing(
      naru,
      ids.filter((id) => operations[id].path.includes('{id}')),
    ))

  test('every error that the operations list was answered', () =>
    assertAllErrorsAnswered(naru, ids, [
      // Names of PortOne's earlier contract, which has others for them today.
      'updatePlatformPartner PLATFORM_CONNECTED_PARTNER_BRN_UNCHANGEABLE',
      'updatePlatformPartner PLATFORM_CONNECTED_PARTNER_TYPE_UNCHANGEABLE',
      // An archived partner has an error of its own here.
      'connectPartnerCounterparty PLATFORM_ARCHIVED_PARTNER',
      'connectPartnerMemberCompany PLATFORM_ARCHIVED_PARTNER',
    ]))
})

/** The type of the error and the ids it names. */
const thrownBody = async (call: Promise<unknown>) => {
  const { type } = await thrownBy(call)
  const error = await call.catch((reason: unknown) => reason)
  assert(error instanceof Error && 'data' in error)
  const { data } = error
  assert(typeof data === 'object' && data !== null && 'ids' in data && 'graphqlIds' in data)
  assert(Array.isArray(data.ids) && Array.isArray(data.graphqlIds) && data.graphqlIds.length === data.ids.length)
  return { type, ids: data.ids }
}
