import { setPlatform } from '../../src/merchants/setup.ts'
import type { TestNaru } from './naru.ts'
import type { Provoke } from './provoke.ts'

/** Errors of looking businesses up. */
export const provokeBusinesses = async (naru: TestNaru, { throws }: Provoke): Promise<void> => {
  const id = 'getB2bBusinessInfos'
  const look = ({ portone }: Pick<TestNaru, 'portone'>, ...brnList: string[]) =>
    portone.platform.company.getB2bBusinessInfos({ brnList })
  await throws(id, 'UNAUTHORIZED', look(naru.clientsOf('no-such-secret')))
  await throws(id, 'FORBIDDEN', look(await naru.newStore()))
  const merchant = await naru.newMerchant()
  await throws(id, 'INVALID_REQUEST', look(merchant, ...Array<string>(101).fill('1010000002')))
  await throws(id, 'B2B_EXTERNAL_SERVICE', look(merchant, '1010000002', '101-00-00093'))
  const { sql } = naru.database
  const [{ merchantId }] = await sql<[{ merchantId: string }]>`
    select merchant_id as "merchantId" from stores where store_id = ${merchant.storeId}`
  await setPlatform(sql, merchantId, { platform: false })
  const other = await naru.another()
  await throws(id, 'B2B_NOT_ENABLED', look(other.clientsOf(merchant.apiSecret)))
}
