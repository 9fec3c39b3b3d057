import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Addresses of one family that begin with the same bits. */
export type AddressRange = ReturnType<typeof ipaddr.parseCIDR>

/**
 * Reads an address or a range, such as `10.1.2.3` or `10.0.0.0/8`; `undefined` where it is neither. A prefix of 0 is none:
 * it would be everybody, which no list of ours means. Nor is `08`, which some readers take for octal.
 */
export const readAddressRange = (text: string): AddressRange | undefined => {
  const [address = '', prefix, ...rest] = text.split('/')
  if (isIP(address) === 0 || rest.length > 0) return undefined
  const bits = isIP(address) === 4 ? 32 : 128
  if (prefix === undefined) return [ipaddr.parse(address), bits]
  const isPrefix = /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= bits
  return isPrefix ? [ipaddr.parse(address), Number(prefix)] : undefined
}

/** Whether the address is of the range, and of its family. */
export const isInRange = ([base, bits]: AddressRange, address: string): boolean => {
  const parsed = ipaddr.parse(address)
  return parsed.kind() === base.kind() && parsed.match(base, bits)
}
