import { sha256 } from '../../../kernel/ids.ts'

/** What the PG calls a thing, all from one hash: the same request gives the same identifiers on every run. */
export type Identifiers = {
  /** `sbx_` and 20 characters of base32 (extended hex alphabet, lower case): 100 bits of the hash. */
  readonly id: string
  /** 8 digits, as card companies give them. */
  readonly approvalNumber: string
  /** 10 digits: the part of a virtual account number that tells accounts of one bank apart. */
  readonly accountDigits: string
}

/** `operation` keeps a payment and a cancellation that share a reference apart. */
export const identifiersOf = (channelKey: string, operation: string, reference: string): Identifiers => {
  const hash = sha256(`${channelKey}|${operation}|${reference}`)
  const first100Bits = BigInt(`0x${hash.toString('hex', 0, 13)}`) >> 4n
  return {
    id: `sbx_${first100Bits.toString(32).padStart(20, '0')}`,
    approvalNumber: digits(hash.readBigUInt64BE(16), 8),
    accountDigits: digits(hash.readBigUInt64BE(24), 10),
  }
}

const digits = (number: bigint, count: number): string =>
  (number % 10n ** BigInt(count)).toString().padStart(count, '0')
