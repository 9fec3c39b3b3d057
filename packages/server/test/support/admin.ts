import assert from 'node:assert/strict'
import type { Sql } from '../../src/db/connect.ts'
import type { Json } from '../../src/http/testing/api.ts'
import { createAdminSecret } from '../../src/merchants/admin-secrets.ts'

export type AdminAnswer = { readonly status: number; readonly body: Json }

export type AdminOptions = {
  /** In place of the admin secret. */
  readonly authorization?: string
  readonly idempotencyKey?: string
}

export type AdminApi = (method: string, path: string, body?: object, options?: AdminOptions) => Promise<AdminAnswer>

/** An admin secret of the store's merchant, whose sandbox does without a second factor. */
export const newAdmin = async (sql: Sql, storeId: string): Promise<string> => {
  const [store] = await sql<{ merchantId: string }[]>`
    update stores set asks_second_factor = false where store_id = ${storeId} returning merchant_id as "merchantId"`
  assert(store)
  return (await createAdminSecret(sql, { ...store, storeId, name: 'test' })).secret
}

/** The admin API of one server. */
export const adminOf =
  (url: string, secret: string): AdminApi =>
  async (method, path, body, { authorization = `NaruAdmin ${secret}`, idempotencyKey } = {}) => {
    const response = await fetch(`${url}/admin/platform${path}`, {
      method,
      headers: { authorization, ...(idempotencyKey !== undefined && { 'idempotency-key': `"${idempotencyKey}"` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }
