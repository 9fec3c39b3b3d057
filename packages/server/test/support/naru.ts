import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { after } from 'node:test'
import { PortOneClient } from '@portone/server-sdk'
import { pino } from 'pino'
import type { SandboxChoices } from '../../src/configuration.ts'
import { type ResponseCheck, responseCheck } from '../../src/http/response-check.ts'
import { createEncryption, readEncryptionKey } from '../../src/kernel/encryption.ts'
import { createSandboxChannel, type SandboxCredentials } from '../../src/merchants/bootstrap.ts'
import {
  addWebhookSecret,
  createChannel,
  createMerchant,
  createSecret,
  createStore,
  type NewWebhookSettings,
  setWebhook,
} from '../../src/merchants/setup.ts'
import { startServer } from '../../src/server.ts'
import { type Api, apiOf } from './api.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { startWebhookReceiver, type WebhookReceiver } from './receiver.ts'

/** A sandbox store of a test's own, with the official SDK's client for it. */
export type TestStore = {
  readonly storeId: string
  readonly apiSecret: string
  readonly channelKey: string
  /** The same PG with capture by hand. */
  readonly manualChannelKey: string
  readonly webhookSecrets: readonly string[]
  readonly portone: PortOneClient
  readonly api: Api
  readonly webhooks: WebhookReceiver
  /** What its clock shows, in milliseconds. */
  now(): Promise<number>
  advance(distance: { days?: number; hours?: number; minutes?: number; seconds?: number }): Promise<readonly Ran[]>
}

export type Ran = { readonly source: string; readonly id: string; readonly at: string }

export type StoreOptions = {
  /** How the store wants its webhooks; by default as a new store does. */
  readonly webhook?: Partial<Pick<NewWebhookSettings, 'version' | 'contentType'>>
  /** During a rotation there are two. */
  readonly secrets?: 1 | 2
  /** What its receiver answers; by default that all is well. */
  readonly answer?: RequestListener
}

export type TestNaru = {
  readonly url: string
  readonly database: TestDatabase
  readonly apiSecret: string
  /** What credentials of channels are encrypted with. */
  readonly encryptionKey: string
  /** With the secret of the whole merchant. */
  readonly portone: PortOneClient
  readonly api: Api
  /** The store of the merchant-level secret. */
  readonly storeId: string
  readonly channelKey: string
  newStore(options?: StoreOptions): Promise<TestStore>
  /** The only store of a merchant of its own, with a secret of the whole merchant: for partner settlement, which is the merchant's. */
  newMerchant(options?: StoreOptions): Promise<TestStore>
  /** Which errors these servers have answered: the operation, a space, and the error's type. */
  readonly answered: ReadonlySet<string>
  /** Another server on the same database, which it may reach by a wire of its own. */
  another(databaseUrl?: string, options?: { readonly patience: number }): Promise<TestNaru>
  /** A client for a store of this database, through this server. */
  clientsOf(apiSecret: string): { portone: PortOneClient; api: Api }
  /** Stops the server; the database stays. */
  close(): Promise<void>
}

/** What stands around the server: a line to its PG that loses a call, callers that come too often, or few connections. */
type Around = Pick<
  NonNullable<Parameters<typeof startServer>[1]>,
  'aroundGateway' | 'aroundWindows' | 'aroundBank' | 'limits' | 'wallClock'
> & {
  readonly databaseConnections?: number
  /** Proxies whose `X-Forwarded-For` says where a browser is: for tests with several of them. */
  readonly trustedProxies?: readonly string[]
  /** Which of the errors that the server logs are meant. */
  readonly expects?: (line: string) => boolean
  /** Hears what the server logs as a warning, as JSON. */
  readonly warns?: (line: string) => void
}

type Shared = {
  readonly sandbox: SandboxChoices
  readonly around: Around
  readonly database: TestDatabase
  readonly encryptionKey: string
  readonly apiSecret: string
  readonly problems: string[]
  readonly answered: Set<string>
  readonly cleanups: (() => Promise<void>)[]
}

/**
 * The whole server in this process, on a database of its own. Every answer is held to the contract, and every webhook to
 * its signature; what does not fit, and whatever the server logs as an error, fails the suite at its end. To be called
 * inside `describe`.
 */
export const startNaru = async (around: Around = {}, sandbox: SandboxChoices = {}): Promise<TestNaru> => {
  const database = await createTestDatabase()
  const shared: Shared = {
    database,
    around,
    sandbox,
    encryptionKey: randomBytes(32).toString('base64'),
    apiSecret: randomBytes(24).toString('hex'),
    problems: [],
    answered: new Set(),
    cleanups: [],
  }
  after(async () => {
    for (const cleanup of shared.cleanups.reverse()) await cleanup()
    await database[Symbol.asyncDispose]()
    assert.deepEqual(shared.problems, [])
  })
  return await serve(shared)
}

const serve = async (
  shared: Shared,
  databaseUrl = shared.database.url,
  // A store's clock that moves by years outlasts the 50 s of a client where the machine is busy.
  { patience } = { patience: 240_000 },
): Promise<TestNaru> => {
  const { database, encryptionKey, apiSecret, problems, answered } = shared
  const { databaseConnections, trustedProxies, warns, ...around } = shared.around
  const write = (line: string) => {
    if (warns && Object(JSON.parse(line)).level === pino.levels.values.warn) warns(line)
    else if (!around.expects?.(line)) problems.push(line)
  }
  const server = await startServer(
    {
      port: 0,
      host: '127.0.0.1',
      databaseUrl,
      databaseConnections,
      trustedProxies,
      dataDirectory: '/nowhere',
      encryptionKey,
      logLevel: 'error',
      allowedTargets: [],
      sandbox: { ...shared.sandbox, apiSecret },
    },
    {
      patience,
      isDatabaseStrict: true,
      log: pino({ level: warns ? 'warn' : 'error' }, { write }),
      checkResponse: recording(
        answered,
        responseCheck((violation) => void problems.push(violation)),
      ),
      ...around,
    },
  )
  shared.cleanups.push(server.close)
  const clientsOf = (secret: string) => ({
    portone: PortOneClient({ secret, baseUrl: server.url }),
    api: apiOf(server.url, secret),
  })
  const { sandbox } = server
  assert(sandbox !== undefined)
  const { storeId, channelKey } = sandbox
  const merchant = clientsOf(apiSecret)
  return {
    url: server.url,
    database,
    apiSecret,
    encryptionKey,
    ...merchant,
    storeId,
    channelKey,
    clientsOf,
    answered,
    newStore: (options) =>
      newStore(shared, (body) => merchant.api.call('createSandboxStore', { body }), clientsOf, options),
    newMerchant: (options) => newStore(shared, (body) => createMerchantStore(shared, body), clientsOf, options),
    another: (databaseUrl, options) => serve(shared, databaseUrl, options),
    close: server.close,
  }
}

/** Notes which operation answered which error, besides holding the answer to the contract. */
const recording =
  (answered: Set<string>, check: ResponseCheck): ResponseCheck =>
  (id, answer) => {
    if (answer.status !== 200) answered.add(`${id} ${JSON.parse(answer.body).type}`)
    check(id, answer)
  }

const newStore = async (
  { database, encryptionKey, problems, cleanups }: Shared,
  create: (wanted: { webhookUrl: string }) => Promise<Omit<SandboxCredentials, 'isRepresentative'>>,
  clientsOf: TestNaru['clientsOf'],
  { webhook, secrets = 1, answer }: StoreOptions = {},
): Promise<TestStore> => {
  const webhooks = await startWebhookReceiver((problem) => void problems.push(problem), answer)
  cleanups.push(async () => await webhooks[Symbol.asyncDispose]())
  const { storeId, apiSecret, channelKey, webhookSecret } = await create({ webhookUrl: webhooks.url })
  assert(apiSecret !== undefined)
  const { sql } = database
  const encryption = encryptionOf(encryptionKey)
  const manualChannelKey = await createChannel(sql, encryption, {
    storeId,
    name: 'Capture by hand',
    type: 'TEST',
    adapter: 'sandbox',
    pgProvider: 'TOSSPAYMENTS',
    pgMerchantId: 'sandbox-manual',
    manualCapture: true,
  })
  if (webhook) await setWebhook(sql, storeId, 'TEST', { url: webhooks.url, ...webhook })
  const second = secrets === 2 ? [(await addWebhookSecret(sql, encryption, storeId, 'TEST')).secret] : []
  const webhookSecrets = [webhookSecret, ...second]
  webhooks.trust(...webhookSecrets)
  const clients = clientsOf(apiSecret)
  return {
    storeId,
    apiSecret,
    channelKey,
    manualChannelKey,
    webhookSecrets,
    ...clients,
    webhooks,
    now: async () => Date.parse((await clients.api.call('getSandboxClock')).now),
    advance: async (distance) => (await clients.api.call('advanceSandboxClock', { body: distance })).ran,
  }
}

/** As an operator does it with `naru store create` and `naru secret create`. */
const createMerchantStore = (
  { database, encryptionKey }: Shared,
  { webhookUrl }: { webhookUrl: string },
): Promise<Omit<SandboxCredentials, 'isRepresentative'>> =>
  database.sql.begin(async (sql) => {
    const encryption = encryptionOf(encryptionKey)
    const merchantId = await createMerchant(sql, 'Market')
    const storeId = await createStore(sql, { merchantId, name: 'Market', mode: 'SANDBOX', isRepresentative: true })
    const channelKey = await createSandboxChannel(sql, encryption, storeId)
    const { secret: apiSecret } = await createSecret(sql, { merchantId, name: 'Market' })
    await setWebhook(sql, storeId, 'TEST', { url: webhookUrl })
    const { secret: webhookSecret } = await addWebhookSecret(sql, encryption, storeId, 'TEST')
    return { storeId, apiSecret, channelKey, webhookSecret }
  })

const encryptionOf = (text: string) => {
  const key = readEncryptionKey(text)
  assert(key !== undefined)
  return createEncryption(key)
}
