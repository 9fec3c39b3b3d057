import { type CheckoutResult, resultFields } from '@naru/contract'
import { isWrittenInFull } from '../kernel/web-url.ts'

/** What a browser runs or reads from its own disk instead of going somewhere. */
const dangerous = /^(javascript|data|vbscript|blob|file|about|filesystem|view-source):/i

/** Whether a shopper may be sent there: to a web page, or into an app. */
export const isRedirectTarget = (url: string): boolean => {
  const parsed = URL.parse(url)
  if (parsed === null || dangerous.test(parsed.protocol)) return false
  return /^https?:$/.test(parsed.protocol) ? isWrittenInFull(url) : /^[a-z][a-z0-9+.-]*:/i.test(url)
}

/** Every name that a result may have. */
const resultNames: ReadonlySet<string> = new Set(['transactionType', ...resultFields])

/**
 * The shop's URL with the result in its query, before a fragment. Whatever it already has by a name of a result is removed, also
 * where this result has none: a coupon's `code` would tell a shop that a payment that was made has failed. Others stay as they are
 * written. Everything is percent-encoded, a space as `%20`: React Native's SDK splits at the first `=` and knows no `+`.
 */
export const withResult = (url: string, result: CheckoutResult): string => {
  const [beforeFragment = '', ...fragment] = url.split('#')
  const [base = '', ...query] = beforeFragment.split('?')
  const kept = query
    .join('?')
    .split('&')
    .filter((pair) => pair !== '' && !resultNames.has(nameOf(pair)))
  const added = Object.entries(result).map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`)
  const hash = fragment.length === 0 ? '' : `#${fragment.join('#')}`
  return `${base}?${[...kept, ...added].join('&')}${hash}`
}

const nameOf = (pair: string): string => {
  const [name = ''] = pair.split('=')
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
