import { codeOf } from '../../kernel/error-code.ts'
import type { TlsMode, TlsSettings } from './tls-settings.ts'

/** What went wrong with TLS on the way to the database, and what to do about it, for who runs Naru. */
const failure = (code: string, message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { code })

export const notOffered = (host: string, mode: TlsMode): Error =>
  failure(
    'TLS_NOT_OFFERED',
    `The database server ${host} does not support TLS, but sslmode=${mode} in DATABASE_URL requires it. Turn it on there ` +
      '(ssl = on in postgresql.conf). Use sslmode=disable only on a trusted network.',
  )

/** The server may answer with an error that begins with E: when it is too busy to start a process, for one. */
export const oddAnswer = (host: string, answer: string): Error =>
  answer.startsWith('E')
    ? failure('57P03', `The database server ${host} is refusing connections for now: ${printable(answer.slice(1))}`)
    : failure(
        'NOT_POSTGRESQL',
        `The server at ${host} does not respond like PostgreSQL (it answered "${printable(answer.slice(0, 20))}" to the ` +
          'request for TLS). Check the host and port in DATABASE_URL. Behind a proxy that terminates TLS, add ' +
          'sslnegotiation=direct.',
      )

const printable = (text: string): string => text.replace(/[^\x20-\x7e]+/g, ' ').trim()

export const fileUnreadable = (parameter: string, path: string, cause: unknown): Error =>
  failure(
    'CERTIFICATE_FILE_UNREADABLE',
    `The file in ${parameter} of DATABASE_URL cannot be used: ${path} (${messageOf(cause)}).`,
    cause,
  )

/** The same failure with a message that names the remedy. What may pass by itself is left as it is. */
export const explained = (error: unknown, host: string, settings: TlsSettings): unknown => {
  const code = codeOf(error) ?? 'TLS'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return failure(
      code,
      `The certificate of the database server ${host} is for another name (${messageOf(error)}). In DATABASE_URL, use a ` +
        'name that it is for; or, with sslrootcert for your own authority, use sslmode=verify-ca.',
      error,
    )
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return failure(
      code,
      `The certificate of the database server ${host} is not currently valid (${messageOf(error)}). Renew it, or check ` +
        'the clock of this machine.',
      error,
    )
  if (untrusted.has(code))
    return failure(
      code,
      `The certificate of the database server ${host} is not trusted (${messageOf(error)}). ${trust(settings)}`,
      error,
    )
  if (code === 'ECONNRESET' && settings.direct)
    return failure(
      code,
      `The database server ${host} closed the connection. sslnegotiation=direct needs PostgreSQL 17 or newer. ` +
        'For an older version, remove it from DATABASE_URL.',
      error,
    )
  if (code === 'ECONNRESET') return error
  return failure(code, `TLS with the database server ${host} failed: ${messageOf(error)}`, error)
}

/**
 * A server may refuse our certificate only when the handshake has ended for us (TLS 1.3), with an alert. Its error goes
 * to whoever listens, so it is changed rather than replaced.
 */
export const explainAlert = (error: Error, host: string, { sslcert }: TlsSettings): void => {
  if (!codeOf(error)?.includes('_ALERT_')) return
  const ours =
    sslcert === undefined ? 'sslcert and sslkey in DATABASE_URL, and name one' : `sslcert=${sslcert}, and renew it`
  error.message =
    `The database server ${host} does not accept our certificate (${error.message.trim()}). Check ${ours} that its ` +
    'authority (ssl_ca_file in postgresql.conf) has signed.'
}

const untrusted: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
])

const trust = ({ sslrootcert }: TlsSettings): string =>
  sslrootcert === undefined
    ? "Add sslrootcert=<file> to DATABASE_URL, with the certificate of the server's authority. Your provider offers it for download."
    : `sslrootcert=${sslrootcert} in DATABASE_URL must hold the certificate of the authority that signed it.`

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
