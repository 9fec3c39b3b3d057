import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Body } from '@naru/contract'
import { createSecret, setPlatform } from '../src/merchants/setup.ts'
import { refuses, typeOf } from './support/api.ts'
import { startNaru } from './support/naru.ts'
import { newPartner } from './support/platform.ts'
import { orderOf } from './support/platform-transfers.ts'
import { order } from './support/requests.ts'

describe('the setting of partner settlement', async () => {
  const naru = await startNaru()
  const { platform } = naru.portone

  const defaults = {
    supportsMultipleOrderTransfersPerPartner: false,
    adjustSettlementDateAfterHolidayIfEarlier: true,
    deductWht: true,
    settlementAmountType: 'GROSS',
    manualSettlementPerTransfer: false,
  }

  test('begins with PortOne’s defaults, and changes in what is given, live and test apart', async () => {
    assert.deepEqual(await platform.getPlatformSetting(), { ...defaults, isForTest: false })
    const change = { defaultDepositMemo: '정산', settlementAmountType: 'NET' as const }
    const { setting } = await platform.updatePlatformSetting({ test: true, ...change })
    assert.deepEqual(setting, { ...defaults, ...change, isForTest: true })
    const second = await platform.updatePlatformSetting({ test: true, deductWht: false })
    assert.deepEqual(second.setting, { ...setting, deductWht: false })
    assert.deepEqual(await platform.getPlatformSetting({ test: true }), second.setting)
    assert.deepEqual(await platform.getPlatformSetting(), { ...defaults, isForTest: false })
  })

  test('has no memo that is longer than a bank statement shows', async () => {
    const tooLong = { defaultDepositMemo: '정'.repeat(31) }
    await refuses(platform.updatePlatformSetting(tooLong), 'INVALID_REQUEST')
    const { setting } = await platform.updatePlatformSetting({ defaultDepositMemo: '정'.repeat(30), test: true })
    assert.equal(setting.defaultDepositMemo?.length, 30)
  })

  test('keeps nothing that the contract does not know', async () => {
    const stray = { calculator: { platformFee: 'stolen' }, isForTest: false }
    await naru.api.call('updatePlatformSetting', { body: { ...stray, deductWht: true } })
    const { settlementFormula } = await naru.api.call('getPlatform')
    assert.equal(settlementFormula.platformFee, '(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT')
  })

  test('is the same in PortOne’s earlier contract, which has the formulas too', async () => {
    const query = { test: true }
    const before = await naru.api.call('getPlatform', { query })
    assert.deepEqual(before.settlementFormula, {
      platformFee: '(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT',
      discountShare: 'DISCOUNT_AMOUNT * FIXED_RATE',
      additionalFee: '(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT',
    })
    assert.equal(before.roundType, 'DOWN')
    assert.equal(before.graphqlId, Buffer.from(`1:${before.merchantId}`).toString('base64'))
    const body = {
      roundType: 'OFF',
      settlementFormula: { platformFee: 'PAYMENT_AMOUNT * FIXED_RATE' },
      settlementRule: { subtractWhtInPayoutAmount: true, supportsMultipleOrderTransfersPerPartner: true },
    } as const
    const { platform: changed } = await naru.api.call('updatePlatform', { query, body })
    assert.deepEqual(changed, {
      ...before,
      roundType: 'OFF',
      settlementFormula: { ...before.settlementFormula, ...body.settlementFormula },
      settlementRule: { ...before.settlementRule, ...body.settlementRule },
    })
    const setting = await platform.getPlatformSetting(query)
    assert.deepEqual([setting.deductWht, setting.supportsMultipleOrderTransfersPerPartner], [true, true])
  })

  test('refuses formulas that cannot be computed, naming each and where', async () => {
    const settlementFormula = {
      platformFee: 'ORDER_AMOUNT / 10',
      discountShare: 'ORDER_AMOUNT * FIXED_RATE',
      additionalFee: 'ceil(1, 2)',
    }
    const { status, text } = await naru.api.send('updatePlatform', { body: { settlementFormula } })
    assert.equal(status, 400)
    const { type, platformFee, discountShare, additionalFee } = JSON.parse(text)
    assert.equal(type, 'PLATFORM_INVALID_SETTLEMENT_FORMULA')
    assert.deepEqual(
      [platformFee.type, platformFee.operator, platformFee.position.startIndex],
      ['INVALID_OPERATOR', '/', 13],
    )
    assert.deepEqual([discountShare.type, discountShare.name], ['UNSUPPORTED_VARIABLE', 'ORDER_AMOUNT'])
    assert.deepEqual(
      [additionalFee.type, additionalFee.functionName, additionalFee.expectedCount, additionalFee.currentCount],
      ['UNEXPECTED_FUNCTION_ARGUMENTS', 'ceil', 1, 2],
    )
  })

  test('has definitions that PortOne keeps in its console, replaced as a whole', async () => {
    const query = { test: true }
    const { isForTest: _, ...before } = await naru.api.call('getSandboxPlatformDefinitions', { query })
    const half = { formula: 'ORDER_AMOUNT * HALF', roundType: 'UP' } as const
    const parameter = { key: 'HALF', name: 'Half', defaultValue: { decimal: 5, decimalScale: 1 } }
    const body: Required<Omit<Body<'setSandboxPlatformDefinitions'>, 'isForTest'>> = {
      formulas: { platformFee: half },
      vatRoundType: 'OFF',
      userDefinedFormulas: [{ key: 'half', ...half }],
      parameters: [parameter],
      properties: [{ key: 'region', name: 'Region', objectType: 'PARTNER', isSecret: false }],
    }
    const formulas = { ...(await naru.api.call('setSandboxPlatformDefinitions', { query, body: {} })).formulas }
    const set = await naru.api.call('setSandboxPlatformDefinitions', { query, body })
    assert.deepEqual(set, { isForTest: true, ...body, formulas: { ...formulas, platformFee: half } })
    assert.deepEqual(await naru.api.call('getSandboxPlatformDefinitions', { query }), set)
    assert.notDeepEqual(await naru.api.call('getSandboxPlatformDefinitions'), set)
    await naru.api.call('setSandboxPlatformDefinitions', { query, body: before })
    assert.deepEqual(await naru.api.call('getSandboxPlatformDefinitions', { query }), { isForTest: true, ...before })
  })

  test('takes back what it gave, and refuses a misspelt definition, which would be lost', async () => {
    const query = { test: true }
    const known = await naru.api.call('getSandboxPlatformDefinitions', { query })
    const back = { ...known }
    assert.deepEqual(await naru.api.call('setSandboxPlatformDefinitions', { query, body: back }), known)
    const { formulas, ...others } = known
    const misspelt = { ...others, formula: formulas }
    const refused = await naru.api.send('setSandboxPlatformDefinitions', { query, body: misspelt })
    assert.equal(refused.status, 400)
    assert.match(refused.text, /formula must not be given: there is no such field\. Did you mean formulas\?/)
    const body = { ...known, formulas: { ...formulas, colour: 'red' } }
    const nested = await naru.api.send('setSandboxPlatformDefinitions', { query, body })
    assert.match(nested.text, /formulas\.colour must not be given: there is no such field\./)
  })

  test('refuses definitions that contradict each other, and says where', async () => {
    const before = await naru.api.call('getSandboxPlatformDefinitions')
    const refused = async (body: Body<'setSandboxPlatformDefinitions'>, expected: RegExp) => {
      const { status, text } = await naru.api.send('setSandboxPlatformDefinitions', { body })
      assert.equal(status, 400)
      assert.match(JSON.parse(text).message, expected)
    }
    const own = (key: string, formula = '1') => ({ key, formula, roundType: 'DOWN' }) as const
    const ofPartners = (key: string) => ({ key, name: key, objectType: 'PARTNER', isSecret: false }) as const
    await refused(
      { userDefinedFormulas: [own('margin', '1 +\n NONSENSE')] },
      /margin: INVALID_VARIABLE \(NONSENSE\) at line 2, character 2/,
    )
    await refused({ userDefinedFormulas: [own('a', 'b'), own('b')] }, /a: INVALID_VARIABLE \(b\)/)
    await refused({ userDefinedFormulas: [own('a'), own('a')] }, /userDefinedFormulas\[1\]\.key/)
    const parameters = [{ key: 'a', name: 'A', defaultValue: { decimal: 1 } }]
    await refused({ userDefinedFormulas: [own('a')], parameters }, /parameters\[0\]\.key/)
    await refused({ parameters: [{ key: 'no key', name: 'A', defaultValue: { decimal: 1 } }] }, /parameters\[0\]\.key/)
    await refused({ properties: [ofPartners('a'), ofPartners('a')] }, /properties\[1\]\.key/)
    const eleven = Array.from({ length: 11 }, (_, index) => ofPartners(`a${index}`))
    await refused({ properties: eleven }, /at most 10 of the type PARTNER/)
    assert.deepEqual(await naru.api.call('getSandboxPlatformDefinitions'), before)
  })

  test('changes that come at once are all made', async () => {
    const other = await naru.another()
    await Promise.all([
      platform.updatePlatformSetting({ defaultDepositMemo: 'deposit' }),
      other.portone.platform.updatePlatformSetting({ defaultWithdrawalMemo: 'withdrawal' }),
      other.api.call('updatePlatformSetting', { body: { manualSettlementPerTransfer: true } }),
      naru.api.call('updatePlatform', { body: { roundType: 'UP' } }),
    ])
    const setting = await naru.api.call('getPlatformSetting')
    assert.deepEqual(
      [setting.defaultDepositMemo, setting.defaultWithdrawalMemo, setting.manualSettlementPerTransfer],
      ['deposit', 'withdrawal', true],
    )
    assert.equal((await naru.api.call('getPlatform')).roundType, 'UP')
  })
})

describe('resetting a sandbox store', async () => {
  const naru = await startNaru()

  test('forgets what a merchant settles with the representative store, and with no other', async () => {
    const partnerId = await newPartner(naru)
    const store = await naru.newStore()
    const { partner } = naru.portone.platform
    await store.api.call('resetSandboxStore')
    assert.equal((await partner.getPlatformPartner({ id: partnerId, test: true })).id, partnerId)
    await naru.api.call('resetSandboxStore')
    await refuses(partner.getPlatformPartner({ id: partnerId, test: true }), 'PLATFORM_PARTNER_NOT_FOUND')
    // An id is free again: nothing remembers it.
    await newPartner(naru, { id: partnerId })
  })
})

describe('registering an order again after a reset', async () => {
  const naru = await startNaru()
  const { sql } = naru.database
  const register = async (partnerId: string, paymentId: string) => {
    await naru.api.call('payInstantly', { path: { paymentId }, body: order(naru.channelKey) })
    const body = orderOf(partnerId, paymentId)
    return await naru.api.send('createPlatformOrderTransfer', { query: { test: true }, body })
  }

  test('works where a secret of the merchant reset the store, and not where one of that store did', async () => {
    const partnerId = await newPartner(naru)
    assert.equal((await register(partnerId, 'order-1')).status, 200)
    const [owner] = await sql<[{ merchantId: string }]>`
      select merchant_id as "merchantId" from stores where store_id = ${naru.storeId}`
    const { secret } = await createSecret(sql, { ...owner, storeId: naru.storeId, name: 'one store' })
    await naru.clientsOf(secret).api.call('resetSandboxStore')
    assert.equal(typeOf(await register(partnerId, 'order-1')), 'PLATFORM_TRANSFER_ALREADY_EXISTS')
    await naru.api.call('resetSandboxStore')
    assert.equal((await register(await newPartner(naru), 'order-1')).status, 200)
  })
})

describe('a merchant without partner settlement', async () => {
  const naru = await startNaru()
  const { sql } = naru.database
  const [merchant] = await sql<[{ merchantId: string }]>`select merchant_id as "merchantId" from merchants`
  const { merchantId } = merchant
  const partnerId = await newPartner(naru)

  test('is refused tax invoices where those are switched off', async () => {
    await setPlatform(sql, merchantId, { taxInvoices: false })
    const other = await naru.another()
    const { partner } = other.portone.platform
    await refuses(partner.connectPartnerMemberCompany({ id: partnerId, test: true }), 'PLATFORM_BTX_NOT_ENABLED')
    await refuses(partner.disconnectBulkPartnerMemberCompany({ test: true }), 'PLATFORM_BTX_NOT_ENABLED')
    assert.equal((await partner.getPlatformPartner({ id: partnerId, test: true })).id, partnerId)
  })

  test('is refused everything where it is switched off', async () => {
    await setPlatform(sql, merchantId, { platform: false })
    const other = await naru.another()
    await refuses(other.portone.platform.getPlatformSetting(), 'PLATFORM_NOT_ENABLED')
    await refuses(other.portone.platform.policy.getPlatformContracts(), 'PLATFORM_NOT_ENABLED')
    const answer = await other.api.send('archivePlatformPartner', { path: { id: partnerId } })
    assert.equal(typeOf(answer), 'PLATFORM_NOT_ENABLED')
  })
})
