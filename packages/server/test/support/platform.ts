import assert from 'node:assert/strict'
import { type Body, type OperationId, operations } from '@naru/contract'
import { Refusal } from '../../src/kernel/refusal.ts'
import { sandboxStore } from '../../src/merchants/testing/store.ts'
import type { PropertyDefinition, SettingContent } from '../../src/platform/settings/content.ts'
import { defineProperty as withProperty } from '../../src/platform/settings/definitions.ts'
import { changeSetting } from '../../src/platform/settings/store.ts'
import { request } from './api.ts'
import type { TestNaru, TestStore } from './naru.ts'

/** Ids are the merchant's: each test has its own. */
let made = 0
export const newPlatformId = (prefix: string): string => `${prefix}-${++made}`

export const contractBody = (
  wanted: Partial<Body<'createPlatformContract'>> = {},
): Body<'createPlatformContract'> & { id: string } => ({
  id: newPlatformId('contract'),
  name: '10 %',
  platformFee: { fixedRate: 10_000 },
  settlementCycle: { lagDays: 1, datePolicy: 'CALENDAR_DAY', method: { daily: {} } },
  platformFeeVatPayer: 'PARTNER',
  subtractPaymentVatAmount: false,
  ...wanted,
})

/** A contract of a platform, test or live; its id. */
export const newContract = async (
  { portone }: Pick<TestStore, 'portone'>,
  wanted: Partial<Body<'createPlatformContract'>> & { test?: boolean } = {},
): Promise<string> => {
  const { test = true, ...body } = wanted
  const { contract } = await portone.platform.policy.createPlatformContract({ test, ...contractBody(body) })
  return contract.id
}

export const businessType = {
  business: {
    companyName: '포트상회',
    taxationType: 'NORMAL',
    businessRegistrationNumber: '1010000002',
    representativeName: '홍길동',
  },
} as const

export const partnerBody = (
  defaultContractId: string,
  wanted: Partial<Body<'createPlatformPartner'>> = {},
): Body<'createPlatformPartner'> & { id: string } => ({
  id: newPlatformId('partner'),
  name: '파트너',
  contact: { name: '홍길동', email: 'partner@example.com' },
  account: { bank: 'KOOKMIN', currency: 'KRW', number: '12345678901', holder: '홍길동' },
  defaultContractId,
  tags: [],
  type: businessType,
  ...wanted,
})

/** A partner of a test platform, under a contract of its own unless one is named; its id. */
export const newPartner = async (
  store: Pick<TestStore, 'portone'>,
  wanted: Partial<Body<'createPlatformPartner'>> & { test?: boolean } = {},
): Promise<string> => {
  const { test = true, ...body } = wanted
  const contractId = body.defaultContractId ?? (await newContract(store, { test }))
  const { partner } = await store.portone.platform.partner.createPlatformPartner({
    test,
    ...partnerBody(contractId, body),
  })
  return partner.id
}

/** Changes what PortOne keeps in its console, and Naru by `naru platform`; of the test platform unless said otherwise. */
export const changeConsole = async (
  { database }: Pick<TestNaru, 'database'>,
  { storeId }: Pick<TestStore, 'storeId'>,
  change: (content: SettingContent) => SettingContent | Refusal<'INVALID_REQUEST'>,
  isForTest = true,
): Promise<void> => {
  const { sql } = database
  const [merchant] = await sql<{ merchantId: string }[]>`
    select merchant_id as "merchantId" from stores where store_id = ${storeId}`
  assert(merchant)
  const { merchantId } = merchant
  const request = { platform: { merchantId, isForTest, store: sandboxStore({ merchantId, storeId }) }, now: Date.now() }
  const changed = await changeSetting(sql, request, change)
  assert(!(changed instanceof Refusal))
}

export const defineProperty = (
  naru: Pick<TestNaru, 'database'>,
  store: Pick<TestStore, 'storeId'>,
  property: Pick<PropertyDefinition, 'key' | 'objectType'>,
) =>
  changeConsole(naru, store, (content) => withProperty(content, { name: property.key, isSecret: false, ...property }))

/** Errors that any operation of partner settlement can answer; another test has them. */
const common: readonly string[] = ['INVALID_REQUEST', 'UNAUTHORIZED', 'FORBIDDEN', 'PLATFORM_NOT_ENABLED']

/** Fails where an operation lists an error of its own that none of the suite's calls was answered with. */
export const assertAllErrorsAnswered = (
  { answered }: Pick<TestNaru, 'answered'>,
  ids: readonly OperationId[],
  except: readonly string[] = [],
) => {
  const listed = ids.flatMap((id) =>
    operations[id].errors.filter((type) => !common.includes(type)).map((type) => `${id} ${type}`),
  )
  assert.deepEqual(
    listed.filter((one) => !answered.has(one)),
    except,
  )
}

/** Calls operations, each about a thing that is not there. */
export const askForNothing = async (
  { url, apiSecret }: Pick<TestNaru, 'url' | 'apiSecret'>,
  ids: readonly OperationId[],
) => {
  for (const id of ids) {
    const { method, path } = operations[id]
    const body = /schedule/.test(path) ? { update: {}, appliedAt: '2199-01-01T00:00:00Z' } : {}
    const { status, text } = await request(url, {
      method,
      path: `${path.replace('{id}', 'not-there')}?test=true`,
      headers: { authorization: `PortOne ${apiSecret}` },
      body: method === 'POST' || method === 'PUT' || method === 'PATCH' ? JSON.stringify(body) : undefined,
    })
    assert.equal(status, 404, `${id}: ${text}`)
  }
}
