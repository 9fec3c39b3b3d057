import { type BrowserPayMethod, type BrowserPayment, browserPayMethods, type PgProvider } from '@naru/contract'
import type { PaymentTerms } from '../gateways/port/window.ts'
import { fromIso, type Instant } from '../kernel/clock.ts'
import type { Channel } from '../merchants/store.ts'
import type { CheckoutRequest } from './attempt.ts'
import type { CheckoutParts } from './parts.ts'
import { Unopened } from './problem.ts'

/** How the shopper pays. PGs with one way to pay leave `payMethod` out; a card is what the others of them can. */
export const payMethodOf = (
  { payMethod }: Pick<BrowserPayment, 'payMethod'>,
  pgProvider: PgProvider,
): BrowserPayMethod => payMethod ?? onlyMethods[pgProvider] ?? 'CARD'

const onlyMethods: Readonly<Partial<Record<PgProvider, BrowserPayMethod>>> = { PAYPAL_V2: 'PAYPAL', TRIPLE_A: 'CRYPTO' }

type Windows = Pick<CheckoutParts, 'windowOf'>

/** PGs with one way to pay, for which PortOne's guides leave `payMethod` out. */
const withOneMethod: ReadonlySet<PgProvider> = new Set([
  'EXIMBAY',
  'EXIMBAY_V2',
  'PAYLETTER_GLOBAL',
  'PAYMENTWALL',
  'PAYPAL_V2',
  'TRIPLE_A',
])

/** Where several ways to pay are possible, the shop has to say which: our guess could be none that its PG contract has. */
export const refuseNoMethod = ({ pgProvider }: Channel, { payMethod }: BrowserPayment): Unopened | undefined =>
  payMethod !== undefined || withOneMethod.has(pgProvider)
    ? undefined
    : new Unopened('BadRequest', `payMethod must be given: one of ${browserPayMethods.join(', ')}.`)

/** A window in which nobody could pay is not opened. */
export const refuseUnpayable = (
  { windowOf }: Windows,
  channel: Channel,
  { orderName, payMethod, currency }: Omit<PaymentTerms, 'pgProvider'>,
): Unopened | undefined => {
  const { pgProvider } = channel
  return refusedBy(windowOf(channel).refusePayment?.({ pgProvider, orderName, payMethod, currency }))
}

/** A window that could come to nothing, whatever it is for, is not opened. */
export const refuseUseless = (
  { windowOf }: Windows,
  channel: Channel,
  { customer, bypass }: CheckoutRequest['request'],
): Unopened | undefined => {
  const told = { testCode: bypass?.sandbox?.testCode, customerId: customer?.customerId }
  return refusedBy(windowOf(channel).refuseWindow?.(told))
}

const refusedBy = (reason: string | undefined): Unopened | undefined =>
  reason === undefined ? undefined : new Unopened('RequestParseFailed', reason)

/** What of the options for one pay method contradicts itself. Options of other methods are ignored, as PortOne does. */
export const refuseMethod = ({ pgProvider }: Channel, asked: BrowserPayment, now: Instant): Unopened | undefined => {
  switch (payMethodOf(asked, pgProvider)) {
    case 'CARD':
      return refuseCard(asked)
    case 'VIRTUAL_ACCOUNT':
      return refuseDeadline('virtualAccount.accountExpiry', asked.virtualAccount?.accountExpiry, now)
    case 'CONVENIENCE_STORE':
      return refuseDeadline('convenienceStore.paymentDeadline', asked.convenienceStore?.paymentDeadline, now)
    case 'MOBILE':
      return asked.productType === undefined
        ? new Unopened('BadRequest', 'productType is required for MOBILE: give REAL or DIGITAL.')
        : undefined
    case 'TRANSFER':
    case 'EASY_PAY':
    case 'GIFT_CERTIFICATE':
    case 'PAYPAL':
    case 'ALIPAY':
    case 'ALIPAY_PLUS':
    case 'CRYPTO':
      return undefined
  }
}

const refuseCard = ({ card, promotionId }: BrowserPayment): Unopened | undefined => {
  const { fixedMonth, availableMonthList } = card?.installment?.monthOption ?? {}
  if (fixedMonth !== undefined && availableMonthList !== undefined)
    return new Unopened('BadRequest', 'card.installment.monthOption takes fixedMonth or availableMonthList, not both.')
  if (promotionId !== undefined && card?.cardCompany === undefined)
    return new Unopened(
      'BadRequest',
      'promotionId needs card.cardCompany: a promotion is for the cards of one company.',
    )
  return undefined
}

type Deadline = { readonly validHours?: number | undefined; readonly dueDate?: string | undefined }

const refuseDeadline = (at: string, { validHours, dueDate }: Deadline = {}, now: Instant): Unopened | undefined => {
  if (validHours !== undefined && dueDate !== undefined)
    return new Unopened('BadRequest', `${at} takes validHours or dueDate, not both.`)
  if (dueDate === undefined) return undefined
  const due = dueInstant(dueDate)
  if (due === undefined)
    return new Unopened('BadRequest', `${at}.dueDate must be a date such as 20260131 or 2026-01-31 18:00:00.`)
  return due > now ? undefined : new Unopened('BadRequest', `${at}.dueDate must be in the future.`)
}

/**
 * Reads `20260131`, `20260131180000`, `2026-01-31`, `2026-01-31 18:00:00` in Korean time, or RFC 3339. A date alone means
 * its end.
 */
export const dueInstant = (text: string): Instant | undefined => {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})(?:[ T]?(\d{2}):?(\d{2}):?(\d{2}))?$/.exec(text.trim())
  if (!match) return /[zZ]$|[+-]\d{2}:\d{2}$/.test(text) ? fromIso(text) : undefined
  const [, year, month, day, hour = '23', minute = '59', second = '59'] = match
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}+09:00`
  const instant = fromIso(iso)
  // Date.parse takes the 31st of a shorter month for the 1st of the next.
  const isReal =
    instant !== undefined && new Date(instant + koreanOffset).toISOString().startsWith(`${year}-${month}-${day}`)
  return isReal ? instant : undefined
}

const koreanOffset = 9 * 3_600_000
