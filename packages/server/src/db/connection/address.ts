import postgres from 'postgres'
import type { SessionKind } from './session-kind.ts'
import { limitNames, type SessionSettings } from './session-settings.ts'
import { readTlsSettings, type TlsSettings, tlsParameters, UnusableAddress } from './tls-settings.ts'

/** One server: a port on a host, or the file of a Unix socket. */
export type Target = { readonly host: string; readonly port: number } | { readonly path: string }

/** Where the database is and how the way to it is protected. */
export type Address = {
  /** What the driver understands of the URL: database, user, password, settings. */
  readonly url: string
  /** One or several, to be tried in turn. */
  readonly targets: readonly Target[]
  /** Absent on a Unix socket, where PostgreSQL offers no TLS. */
  readonly tls?: TlsSettings | undefined
  /** Which of several servers it is to be; absent: any. */
  readonly sought?: SessionKind | undefined
  /** How long one try to connect may take, in seconds. */
  readonly connectTimeout: number
  /** The limits of statements and transactions that the URL gives. */
  readonly limits: SessionSettings
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads a `postgres://` URL, with libpq's environment variables for what it does not say (the driver reads PGHOST and
 * others by itself). What the driver does not know it would send to the server as a setting, which refuses it; so that
 * is taken out. Throws `UnusableAddress`, or `TypeError` where the URL is none.
 */
export const readAddress = (url: string, environment: Environment = process.env): Address => {
  const [base = '', query = ''] = url.split('?')
  const parameters = new URLSearchParams(query)
  const taken = new Map(notForTheDriver.map((name) => [name, parameters.get(name) || undefined]))
  for (const name of notForTheDriver) parameters.delete(name)
  // The driver does not know libpq's word for its own default.
  if (parameters.get('target_session_attrs') === 'any') parameters.delete('target_session_attrs')
  const rest = parameters.size === 0 ? base : `${base}?${parameters}`
  const written = taken.get('host')
  // Nothing is dialled by this. Our own parser lost: `URL` refuses the lists of hosts that the driver takes.
  const { options } = postgres(rest, written === undefined ? {} : { host: written })
  const { host, port, path } = options
  const parameter = (name: string) => taken.get(name) ?? (environment[`PG${name.toUpperCase()}`] || undefined)
  const connectTimeout = secondsOf(parameter('connect_timeout'))
  const limits = Object.fromEntries(
    limitNames.flatMap((name) => {
      const value = taken.get(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
  if (path) return { url: rest, targets: [{ path }], connectTimeout, limits }
  const targets = host.map((name, index) => ({ host: name, port: port[index] ?? 5432 }))
  const tls = readTlsSettings(parameter)
  return { url: rest, targets, tls, sought: kindOf(options.target_session_attrs), connectTimeout, limits }
}

/** Five seconds, unless the URL (or libpq's `PGCONNECT_TIMEOUT`) says otherwise. */
const secondsOf = (written = '5'): number => {
  if (/^[1-9][0-9]{0,3}$/.test(written)) return Number(written)
  throw new UnusableAddress(`has connect_timeout=${written}. Give whole seconds, from 1 to 9999.`)
}

const kindOf = (asked: string | undefined): SessionKind | undefined => {
  if (asked === undefined || asked === 'primary' || asked === 'read-write') return asked
  throw new UnusableAddress(`has target_session_attrs=${asked}, but Naru writes. Give primary or read-write.`)
}

/**
 * `channel_binding` and `gssencmode` stand in the URLs of hosted databases. Nothing here can do them, and libpq too does
 * without by default.
 */
const notForTheDriver = ['host', ...tlsParameters, 'channel_binding', 'gssencmode', 'connect_timeout', ...limitNames]
