import { readFile } from 'node:fs/promises'
import { isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect, getCACertificates, type SecureContextOptions } from 'node:tls'
import { occurrence } from './occurrence.ts'
import { explainAlert, explained, fileUnreadable, notOffered, oddAnswer } from './tls-errors.ts'
import type { TlsSettings } from './tls-settings.ts'

/** PostgreSQL's request for TLS: its own length, 8, and a number that is no protocol version. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

/** Makes of an open connection to `host` an encrypted one. With `prefer` it may stay as it is. */
export type Secure = (socket: Socket, host: string) => Promise<Socket>

/**
 * Reads what the settings name: at each dial, so that renewed certificates are used without a restart; and before it,
 * because nothing may be waited for between PostgreSQL's answer and the first byte of TLS. What then rejects says what
 * to do.
 */
export const prepareTls = async (settings: TlsSettings): Promise<Secure> => {
  if (settings.mode === 'disable') return async (socket) => socket
  const certificates = await readCertificates(settings)
  return async (socket, host) => {
    if (!settings.direct && !(await offersTls(socket, host, settings))) return socket
    try {
      const encrypted = connect({ ...certificates, ...verification(host, settings), socket })
      encrypted.on('error', () => {})
      await occurrence(encrypted, 'secureConnect', host)
      encrypted.prependListener('error', (error) => explainAlert(error, host, settings))
      return encrypted
    } catch (error) {
      throw explained(error, host, settings)
    }
  }
}

const readCertificates = async (settings: TlsSettings): Promise<SecureContextOptions> => {
  const { sslrootcert, sslcert, sslkey, sslpassword } = settings
  return {
    ...(sslrootcert === 'system' && { ca: getCACertificates('system') }),
    ...(sslrootcert !== undefined && sslrootcert !== 'system' && { ca: await readPem('sslrootcert', sslrootcert) }),
    ...(sslcert !== undefined && { cert: await readPem('sslcert', sslcert) }),
    ...(sslkey !== undefined && { key: await readPem('sslkey', sslkey) }),
    ...(sslpassword !== undefined && { passphrase: sslpassword }),
  }
}

const readPem = async (parameter: string, path: string): Promise<string> => {
  const content = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fileUnreadable(parameter, path, cause)
  })
  // Node takes an empty text for an absent one, and would trust every public authority.
  if (!content.includes('-----BEGIN')) throw fileUnreadable(parameter, path, new Error('it is not a PEM file'))
  return content
}

const offersTls = async (socket: Socket, host: string, { mode }: TlsSettings): Promise<boolean> => {
  const answered = occurrence(socket, 'data', host)
  socket.write(sslRequest)
  const answer = String(await answered)
  if (answer === 'S') return true
  if (answer === 'N' && mode === 'prefer') return false
  // More than one byte: somebody on the way may have put in what would be taken for the server's (CVE-2021-23222).
  throw answer === 'N' ? notOffered(host, mode) : oddAnswer(host, answer)
}

const verification = (host: string, { mode, direct }: TlsSettings): ConnectionOptions => ({
  host,
  // Where many databases share an address, the name says which (SNI). An IP address is none.
  ...(isIP(host) === 0 && { servername: host }),
  // PostgreSQL refuses direct TLS without it.
  ...(direct && { ALPNProtocols: ['postgresql'] }),
  rejectUnauthorized: mode === 'verify-ca' || mode === 'verify-full',
  ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
})
