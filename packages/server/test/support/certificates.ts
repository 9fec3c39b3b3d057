import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { isIP } from 'node:net'

/**
 * X.509 certificates for tests, made when they are needed: committed ones would put private keys into the repository and
 * run out one day, `openssl` is not on every machine, and the libraries that make them bring twenty packages or an RSA of
 * their own. Node signs; what is left is writing DER down.
 */
export type Certificate = { readonly certificate: string; readonly key: string }

/** Signs certificates, and is trusted by who has its own. */
export type Authority = Certificate & { sign(names: readonly string[], commonName?: string): Certificate }

/** An authority of its own, which nobody trusts yet. Its certificates are good for as many days as given from now on. */
export const makeAuthority = (name: string, days = 30): Authority => {
  const keys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const own = { subject: name, issuer: name, subjectKey: keys.publicKey, issuerKey: keys.privateKey, days }
  return {
    certificate: write({ ...own, extensions: [extension('551d13', sequence(der(0x01, Buffer.from([0xff]))), true)] }),
    key: pem('PRIVATE KEY', keys.privateKey.export({ type: 'pkcs8', format: 'der' })),
    sign: (names, commonName = 'test') => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      const extensions = names.length === 0 ? [] : [extension('551d11', sequence(...names.map(alternativeName)))]
      return {
        certificate: write({ ...own, subject: commonName, subjectKey: publicKey, extensions }),
        key: pem('PRIVATE KEY', privateKey.export({ type: 'pkcs8', format: 'der' })),
      }
    },
  }
}

type Content = {
  readonly subject: string
  readonly issuer: string
  readonly subjectKey: KeyObject
  readonly issuerKey: KeyObject
  readonly days: number
  readonly extensions: readonly Buffer[]
}

/** RFC 5280, section 4.1. */
const write = ({ subject, issuer, subjectKey, issuerKey, days, extensions }: Content): string => {
  const algorithm = sequence(identifier('2a8648ce3d040302')) // ecdsa-with-SHA256
  const now = Date.now()
  const day = 86_400_000
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.concat([Buffer.from([1]), crypto.getRandomValues(Buffer.alloc(8))])),
    algorithm,
    distinguishedName(issuer),
    sequence(time(Math.min(now, now + days * day) - day), time(now + days * day)),
    distinguishedName(subject),
    subjectKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [der(0xa3, sequence(...extensions))]),
  )
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', content, issuerKey)])
  return pem('CERTIFICATE', sequence(content, algorithm, der(0x03, signature)))
}

const der = (tag: number, content: Buffer): Buffer => {
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts))

const identifier = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))

const distinguishedName = (commonName: string): Buffer =>
  sequence(der(0x31, sequence(identifier('550403'), der(0x0c, Buffer.from(commonName)))))

const time = (instant: number): Buffer =>
  der(0x18, Buffer.from(`${new Date(instant).toISOString().replace(/[-:T]|\.\d+/g, '')}`))

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  sequence(identifier(id), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value))

const alternativeName = (name: string): Buffer =>
  isIP(name) === 4 ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name))

const pem = (label: string, content: Buffer): string =>
  `-----BEGIN ${label}-----\n${content.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`
