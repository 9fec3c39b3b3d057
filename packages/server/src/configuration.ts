import { resolve } from 'node:path'
import { readAddress } from './db/connection/address.ts'
import { UnusableAddress } from './db/connection/tls-settings.ts'
import { readAddressRange } from './kernel/address-range.ts'
import { second } from './kernel/clock.ts'
import { isAddressable } from './kernel/text.ts'
import { webUrlProblem } from './kernel/web-url.ts'
import { createTargetGuard } from './webhooks/target-guard.ts'

/** What the environment says, completed and checked. Everything else has one good value and no switch. */
export type Configuration = {
  readonly port: number
  readonly host: string
  /** Absent: Naru runs its own PostgreSQL in the data directory. */
  readonly databaseUrl?: string | undefined
  /** At most so many connections to the database at once. Several servers share what PostgreSQL allows. */
  readonly databaseConnections?: number | undefined
  readonly dataDirectory: string
  /** 32 bytes in base64 or hex; absent with the embedded database, which keeps a key file. */
  readonly encryptionKey?: string | undefined
  /** Under which URL others reach this server, for the banner and for links. */
  readonly publicUrl?: string | undefined
  /** How long the server still answers once it is told to stop, in milliseconds; not at all unless given. */
  readonly shutdownDelay?: number | undefined
  readonly logLevel: LogLevel
  readonly allowedTargets: readonly string[]
  /** Names under which what needs no credential may be read, besides that of `publicUrl`. */
  readonly allowedHosts?: readonly string[] | undefined
  /** Addresses and ranges of proxies before this server, whose word for the shopper's address is taken. */
  readonly trustedProxies?: readonly string[] | undefined
  /** Whether webhooks of sandbox stores, too, may reach public addresses and `allowedTargets` only. */
  readonly guardsSandbox?: boolean | undefined
  readonly sandbox: SandboxChoices
}

/** What the first sandbox store is set up with, where a script wants to know it beforehand. */
export type SandboxChoices = {
  readonly storeId?: string | undefined
  readonly apiSecret?: string | undefined
  readonly channelKey?: string | undefined
  readonly checkoutProfileKey?: string | undefined
  readonly webhookSecret?: string | undefined
  readonly webhookUrl?: string | undefined
}

/** None that a usual framework, database or PortOne's own sample shops (8080) listen on: a shop runs beside Naru. */
const defaultPort = 8686

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** Everything that is wrong with the environment, in one message. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    )
    this.problems = problems
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the configuration. An empty variable counts as absent. Throws `ConfigurationError` naming all that is wrong. */
export const readConfiguration = (environment: Environment): Configuration => {
  const problems: string[] = []
  const read = <Value>(name: string, parse: (text: string) => Value | Problem): Value | undefined => {
    const text = environment[name]?.trim()
    if (text === undefined || text === '') return undefined
    const value = parse(text)
    if (!(value instanceof Problem)) return value
    problems.push(`${name} ${value.what}`)
    return undefined
  }
  const configuration: Configuration = {
    port: read('PORT', port) ?? defaultPort,
    host: read('HOST', (text) => text) ?? '127.0.0.1',
    databaseUrl: read('DATABASE_URL', (text) => databaseUrl(text, environment)),
    databaseConnections: read('NARU_DATABASE_CONNECTIONS', connections),
    dataDirectory: resolve(read('NARU_DATA_DIR', (text) => text) ?? '.naru'),
    encryptionKey: read('NARU_ENCRYPTION_KEY', encryptionKey),
    publicUrl: read('NARU_PUBLIC_URL', publicUrl),
    shutdownDelay: read('NARU_SHUTDOWN_DELAY', shutdownDelay) ?? (environment.DATABASE_URL?.trim() ? 5 * second : 0),
    logLevel: read('NARU_LOG_LEVEL', logLevel) ?? 'info',
    allowedTargets: read('NARU_WEBHOOK_ALLOWED_TARGETS', allowedTargets) ?? [],
    allowedHosts: read('NARU_ALLOWED_HOSTS', hostNames),
    trustedProxies: read('NARU_TRUSTED_PROXIES', addressRanges),
    // A developer's own machine is his own network; a server that others share stands in somebody's.
    guardsSandbox: Boolean(environment.DATABASE_URL?.trim()),
    sandbox: {
      storeId: read('NARU_STORE_ID', chosenId),
      apiSecret: read('NARU_API_SECRET', apiSecret),
      channelKey: read('NARU_CHANNEL_KEY', chosenId),
      checkoutProfileKey: read('NARU_CHECKOUT_PROFILE_KEY', chosenId),
      webhookSecret: read('NARU_WEBHOOK_SECRET', webhookSecret),
      webhookUrl: read('NARU_WEBHOOK_URL', (text) => webUrl(text)),
    },
  }
  if (
    configuration.databaseUrl !== undefined &&
    configuration.encryptionKey === undefined &&
    environment.NARU_ENCRYPTION_KEY === undefined
  )
    problems.push(
      `NARU_ENCRYPTION_KEY is required with DATABASE_URL: every server on it needs the same key. ${makeKey}`,
    )
  if (problems.length > 0) throw new ConfigurationError(problems)
  return configuration
}

class Problem {
  readonly what: string
  constructor(what: string) {
    this.what = what
  }
}

const makeKey = 'Make one with: openssl rand -base64 32'

const port = (text: string): number | Problem =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65_535
    ? Number(text)
    : new Problem(`is "${text}", which is no port. Give a number from 1 to 65535, or 0 for any free one.`)

const connections = (text: string): number | Problem =>
  /^[1-9]\d{0,3}$/.test(text) && Number(text) >= 4 && Number(text) <= 1_000
    ? Number(text)
    : new Problem(`is "${text}". Give a number from 4 to 1000.`)

const shutdownDelay = (text: string): number | Problem =>
  /^\d{1,3}$/.test(text) && Number(text) <= 600
    ? Number(text) * second
    : new Problem(`is "${text}". Give a number of seconds from 0 to 600.`)

const databaseUrl = (text: string, environment: Environment): string | Problem => {
  const example = 'Give one such as postgres://user:password@host:5432/database.'
  if (!/^postgres(ql)?:\/\//.test(text)) return new Problem(`is no PostgreSQL URL. ${example}`)
  try {
    readAddress(text, environment)
    return text
  } catch (error) {
    return new Problem(error instanceof UnusableAddress ? error.message : `cannot be read. ${example}`)
  }
}

const encryptionKey = (text: string): string | Problem => {
  const isHex = /^[0-9a-f]{64}$/i.test(text)
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(text)
  return isHex || isBase64 ? text : new Problem(`must be 32 bytes in base64 or hex. ${makeKey}`)
}

const webUrl = (text: string, example?: string): string | Problem => {
  const problem = webUrlProblem(text, example)
  return problem === undefined ? text : new Problem(`must ${problem}.`)
}

const publicUrl = (text: string): string | Problem => {
  const url = webUrl(text, 'https://pay.shop.example')
  if (url instanceof Problem) return url
  const { pathname, search, hash, origin } = new URL(url)
  return `${pathname}${search}${hash}` === '/'
    ? origin
    : new Problem(
        `is "${text}". Leave out the path and the query: PortOne's SDKs drop it, so the API must be at the root.`,
      )
}

const logLevel = (text: string): LogLevel | Problem =>
  logLevels.find((level) => level === text.toLowerCase()) ??
  new Problem(`is "${text}". Give one of ${logLevels.join(', ')}.`)

const list = (text: string): readonly string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

/** Held to the guard that uses them: a mistyped entry would otherwise stop the server after it has begun to start. */
const allowedTargets = (text: string): readonly string[] | Problem => {
  const targets = list(text)
  try {
    createTargetGuard(targets)
    return targets
  } catch (error) {
    return new Problem(`cannot be used: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const hostNames = (text: string): readonly string[] | Problem => {
  const names = list(text)
  const broken = names.find((name) => !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(name))
  return broken === undefined
    ? names
    : new Problem(`contains "${broken}". Give host names by commas, without scheme, port or path.`)
}

/** Not all addresses: whoever trusts everybody lets every client say who it is. */
const addressRanges = (text: string): readonly string[] | Problem => {
  const ranges = list(text)
  const broken = ranges.find((range) => readAddressRange(range) === undefined)
  return broken === undefined
    ? ranges
    : new Problem(`contains "${broken}". Give addresses or ranges by commas, such as 10.0.0.5 or 10.0.0.0/8.`)
}

const chosenId = (text: string): string | Problem =>
  /^[\x21-\x7e]{1,255}$/.test(text) && isAddressable(text)
    ? text
    : new Problem('must be 1 to 255 printable characters without spaces, and neither "." nor "..".')

const apiSecret = (text: string): string | Problem =>
  /^[\x21-\x7e]{16,255}$/.test(text) ? text : new Problem('must be 16 to 255 printable characters without spaces.')

const webhookSecret = (text: string): string | Problem =>
  /^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/.test(text)
    ? text
    : new Problem('must be "whsec_" and then base64, such as: echo "whsec_$(openssl rand -base64 32)"')
