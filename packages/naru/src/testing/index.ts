/** A Naru for tests: `import { startNaru } from 'naru/testing'`. */
import { startServer } from './server.ts'
import { createStore, type NaruStore, type StoreOptions } from './store.ts'

export type { ReceivedWebhook, WebhookHandler } from './receiver.ts'
export type { Distance, NaruStore, Ran, StoreOptions, WebhookMatch } from './store.ts'

export type NaruOptions = {
  /** A server that runs already, such as a service container of CI. Where it is absent, one is started. */
  readonly url?: string | undefined
  /** With `url`: its merchant's API secret. */
  readonly apiSecret?: string | undefined
  /** Further settings of a server that is started, such as `{ NARU_LOG_LEVEL: 'debug' }`. */
  readonly environment?: Readonly<Record<string, string>>
}

export type Naru = {
  /** The `baseUrl` for PortOne's SDK. */
  readonly url: string
  /** Good for every store. */
  readonly apiSecret: string
  /** A store for one test. Tests with a store each run side by side. */
  createStore(options?: StoreOptions): Promise<NaruStore>
  /** Stops the server, if it was started here, and deletes its data. */
  stop(): Promise<void>
}

/** Starts a Naru on a free port, with a database of its own, or uses the one at `url`. */
export const startNaru = async ({ url, apiSecret, environment = {} }: NaruOptions = {}): Promise<Naru> => {
  const server = url === undefined ? await startServer(environment) : running(url, apiSecret)
  const stores: NaruStore[] = []
  return {
    url: server.url,
    apiSecret: server.apiSecret,
    createStore: async (options = {}) => {
      const store = await createStore(server, options)
      stores.push(store)
      return store
    },
    stop: async () => {
      await Promise.all(stores.splice(0).map((store) => store.close()))
      await server.stop()
    },
  }
}

const running = (url: string, apiSecret: string | undefined) => {
  if (!apiSecret) throw new Error(`startNaru needs an apiSecret for ${url}: the one that its banner shows.`)
  return { url: url.replace(/\/+$/, ''), apiSecret, stop: async () => undefined }
}
