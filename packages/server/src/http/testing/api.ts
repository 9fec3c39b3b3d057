import { once } from 'node:events'
import { type IncomingHttpHeaders, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type OperationId, operationIds } from '@naru/contract'
import { pino } from 'pino'
import { createTestDatabase } from '../../../test/support/database.ts'
import type { Sql } from '../../db/connect.ts'
import { day, minute } from '../../kernel/clock.ts'
import { createEncryption, newEncryptionKey } from '../../kernel/encryption.ts'
import { bankInfos } from '../../merchants/banks.ts'
import { type CredentialDirectory, credentialDirectory } from '../../merchants/credentials.ts'
import { createMerchant, createSecret, createStore } from '../../merchants/setup.ts'
import { authOperations } from '../../operations/auth.ts'
import { type AppParts, createApp } from '../app.ts'
import { createAuthentication } from '../authentication.ts'
import type { Handlers } from '../handler.ts'
import { createIdempotency } from '../idempotency.ts'
import type { MerchantTurns } from '../merchant-turns.ts'
import { responseCheck } from '../response-check.ts'
import { createTokens } from '../tokens.ts'

/** The HTTP side alone on a real database and a real socket, with handlers of the test's own. */
export type TestApi = AsyncDisposable & {
  readonly port: number
  readonly sql: Sql
  readonly merchantId: string
  readonly storeId: string
  readonly secretId: string
  readonly secret: string
  readonly credentials: CredentialDirectory
  /** Sends one request as it is: nothing is encoded, collapsed or added but the API secret. */
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>
  /** What the log has at `error` and above. */
  readonly logged: readonly string[]
  /** Answers that broke the contract. */
  readonly violations: readonly string[]
  close(): Promise<void>
}

export type RequestOptions = {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Sent as it is, instead of `body` as JSON. */
  readonly raw?: string | Buffer
}

export type Answer = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: Json
}

/** Read by tests only, which fail where a field is not there. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is what the test asserts
export type Json = any

export type ApiOptions = Pick<AppParts, 'trustedProxies' | 'extend'> & {
  readonly handlers?: Partial<Handlers>
  readonly lease?: number
  readonly arrivalTime?: number
  readonly givenUp?: AbortSignal
  readonly turns?: MerchantTurns
  /** A second server on the database of the first. */
  readonly beside?: TestApi
}

export const startApi = async ({
  handlers = {},
  lease,
  arrivalTime,
  givenUp,
  turns,
  beside,
  trustedProxies,
  extend,
}: ApiOptions = {}): Promise<TestApi> => {
  const database = beside === undefined ? await createTestDatabase() : undefined
  const sql = database?.sql ?? beside?.sql
  if (sql === undefined) throw new Error('no database')
  const tenant = beside ?? (await createTenant(sql))
  const logged: string[] = []
  const violations: string[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void logged.push(line) })
  const credentials = credentialDirectory(sql)
  const lifetimes = { accessToken: 30 * minute, refreshToken: day }
  const authentication = createAuthentication(credentials, createTokens(encryption), lifetimes)
  const idempotency = createIdempotency(sql, encryption, {
    ...(lease === undefined ? {} : { lease }),
    onError: (err) => log.error({ err }, 'idempotency'),
  })
  const table = complete({
    ...authOperations(authentication),
    getBankInfos: async () => ({ items: bankInfos() }),
    ...handlers,
  })
  const checkResponse = responseCheck((violation) => void violations.push(violation))
  const app = createApp({
    handlers: table,
    authentication,
    idempotency,
    log,
    checkResponse,
    arrivalTime,
    givenUp,
    turns,
    trustedProxies,
    extend,
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port }: AddressInfo = addressOf(app.server.address())
  const { merchantId, storeId, secretId, secret } = tenant
  return {
    port,
    sql,
    merchantId,
    storeId,
    secretId,
    secret,
    credentials,
    logged,
    violations,
    request: (method, path, options = {}) => sendRequest(port, secret, method, path, options),
    close: () => app.close(),
    [Symbol.asyncDispose]: async () => {
      await app.close()
      await database?.[Symbol.asyncDispose]()
    },
  }
}

const encryption = createEncryption(newEncryptionKey())

const createTenant = async (sql: Sql) => {
  const merchantId = await createMerchant(sql, 'Merchant')
  const storeId = await createStore(sql, { merchantId, name: 'Store', mode: 'SANDBOX', isRepresentative: true })
  const { secretId, secret } = await createSecret(sql, { merchantId, name: 'Secret' })
  return { merchantId, storeId, secretId, secret }
}

const complete = (some: Partial<Handlers>): Handlers => {
  const none = Object.fromEntries(operationIds.map((id: OperationId) => [id, 'not-built']))
  const all: Partial<Handlers> = { ...none, ...some }
  if (isComplete(all)) return all
  throw new Error('a handler is missing')
}

const isComplete = (handlers: Partial<Handlers>): handlers is Handlers => operationIds.every((id) => id in handlers)

const addressOf = (address: AddressInfo | string | null): AddressInfo => {
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return address
}

const sendRequest = async (
  port: number,
  secret: string,
  method: string,
  path: string,
  { headers = {}, body, raw = body === undefined ? '' : JSON.stringify(body) }: RequestOptions,
): Promise<Answer> => {
  const request = send({ port, method, path, agent: false })
  if (!('authorization' in headers)) request.setHeader('authorization', `PortOne ${secret}`)
  for (const [name, value] of Object.entries(headers)) if (value !== '') request.setHeader(name, value)
  request.setHeader('content-length', Buffer.byteLength(raw))
  request.end(raw)
  const [response] = await once(request, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return {
    status: response.statusCode,
    headers: response.headers,
    text,
    body: text !== '' && isJson(response.headers['content-type']) ? JSON.parse(text) : undefined,
  }
}

const isJson = (contentType: string | undefined): boolean => contentType?.startsWith('application/json') ?? false
