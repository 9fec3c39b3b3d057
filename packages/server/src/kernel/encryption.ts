import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'

/** Keeps secrets unreadable in the database and its backups: AES-256-GCM with the installation's one key. */
export type Encryption = {
  /**
   * `context` says what the secret belongs to, such as `channel store-1 channel-2`. It is not stored, but decrypting
   * under another context fails, so that a ciphertext copied into another row is worthless.
   */
  encrypt(text: string, context: string): Buffer
  /** Throws where the key or the context is another one, or a byte has changed. */
  decrypt(sealed: Uint8Array, context: string): string
  /** Another key of 32 bytes made from this one, for a purpose that must not share a key with encryption. */
  derive(purpose: string): Buffer
  /** Tells keys apart without giving anything away about them. */
  readonly fingerprint: string
}

export const encryptionKeyLength = 32

export const newEncryptionKey = (): Buffer => randomBytes(encryptionKeyLength)

/** Reads 32 bytes written as base64, base64url or hex; `undefined` when the text is none of these. */
export const readEncryptionKey = (text: string): Buffer | undefined => {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined
  return Buffer.from(text, 'base64')
}

export const createEncryption = (key: Uint8Array): Encryption => {
  // Made once: from its bytes Node would make it again for each text, which takes three times as long as all the rest.
  const secret = createSecretKey(key)
  return {
    encrypt: (text, context) => encrypt(secret, text, context),
    decrypt: (sealed, context) => decrypt(secret, sealed, context),
    derive: (purpose) => Buffer.from(hkdfSync('sha256', key, '', `naru ${purpose}`, 32)),
    fingerprint: createHash('sha256').update('naru key fingerprint').update(key).digest('hex').slice(0, 16),
  }
}

/** The first byte says how the rest is laid out, should that ever change: nonce, ciphertext, tag. */
const layout = 1
const nonceLength = 12
const tagLength = 16

const encrypt = (key: KeyObject, text: string, context: string): Buffer => {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  return Buffer.concat([Buffer.of(layout), nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

const decrypt = (key: KeyObject, sealed: Uint8Array, context: string): string => {
  const bytes = Buffer.from(sealed)
  if (bytes[0] !== layout || bytes.length < 1 + nonceLength + tagLength) throw new Error(`Not a ciphertext: ${context}`)
  const nonce = bytes.subarray(1, 1 + nonceLength)
  const tag = bytes.subarray(-tagLength)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  decipher.setAAD(Buffer.from(context)).setAuthTag(tag)
  const content = bytes.subarray(1 + nonceLength, -tagLength)
  try {
    return Buffer.concat([decipher.update(content), decipher.final()]).toString('utf8')
  } catch (cause) {
    throw new Error(`Cannot decrypt the ${context}: it was encrypted with another key, or damaged.`, { cause })
  }
}
