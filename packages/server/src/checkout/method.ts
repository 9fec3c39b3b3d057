import type { BrowserPayment, CheckoutForm, PaymentMethod, SubmitCheckout, SubmitProblem } from '@naru/contract'
import type { MethodInWindow } from '../gateways/port/window.ts'
import { day, hour, type Instant, toIso } from '../kernel/clock.ts'
import { randomDigits } from '../kernel/ids.ts'
import { mobileNumber } from '../kernel/mobile-number.ts'
import { maskedCard } from '../payments/requests/instant.ts'
import { transferMethod } from '../payments/requests/transfer.ts'
import type { Found } from './find.ts'
import { formFor } from './form-for.ts'
import type { CheckoutParts } from './parts.ts'
import { dueInstant } from './pay-method.ts'

/** What a shopper pays with. */
export type Chosen = {
  /** With a card's number, which goes to the window and nowhere else. */
  readonly inWindow: (now: Instant) => MethodInWindow
  /** As the attempt shows it from now on. */
  readonly shown?: (now: Instant) => PaymentMethod
  readonly receipt?: SubmitCheckout['receipt']
}

/**
 * What the shopper chose, if the page offered it: the page is in the shopper's hands. Otherwise what to mend.
 */
export const chosenMethod = (
  parts: CheckoutParts,
  found: Found,
  asked: BrowserPayment,
  submission: SubmitCheckout,
): Chosen | SubmitProblem => {
  const form = formFor(parts, found)
  switch (form.method) {
    case 'CARD':
      return chosenCard(form, asked, submission)
    case 'VIRTUAL_ACCOUNT':
      return chosenAccount(form, asked, submission, found.store.name)
    case 'TRANSFER':
      return chosenTransfer(form, submission)
    case 'EASY_PAY':
      return chosenWallet(form, asked, submission)
    case 'MOBILE':
      return chosenPhone(form, submission)
    case 'GIFT_CERTIFICATE':
      return chosenCertificate(form, submission)
    case 'CONVENIENCE_STORE':
      return chosenStore(asked)
    case 'CRYPTO':
      return simple('CRYPTO', { type: 'PaymentMethodCrypto' })
    case 'IDENTITY':
      return 'METHOD'
  }
}

type FormOf<Method extends CheckoutForm['method']> = Extract<CheckoutForm, { method: Method }>

type Simple = 'EASY_PAY' | 'MOBILE' | 'GIFT_CERTIFICATE' | 'CRYPTO'

const simple = (kind: Simple, method: PaymentMethod): Chosen => ({
  inWindow: () => ({ kind, method }),
  shown: () => method,
})

const chosenCard = (form: FormOf<'CARD'>, asked: BrowserPayment, { card }: SubmitCheckout): Chosen | SubmitProblem => {
  if (!card || !form.months.includes(card.month)) return 'METHOD'
  if (card.issuer === undefined ? form.isLimited && !form.issuer : !form.issuers.includes(card.issuer)) return 'METHOD'
  const { number, expiryYear, expiryMonth, birth, password, month, usesPoints } = card
  const issuer = form.issuer ?? card.issuer
  const isFree = issuer !== undefined && form.freeMonths[issuer]?.includes(month)
  return {
    shown: () => ({ type: 'PaymentMethodCard', card: maskedCard(number) }),
    inWindow: () => ({
      kind: 'CARD',
      credential: {
        number,
        expiryYear,
        expiryMonth,
        birthOrBusinessRegistrationNumber: birth,
        passwordTwoDigits: password,
      },
      installmentMonth: month,
      useFreeInterestFromMerchant: isFree || asked.card?.useFreeInterestFromMall,
      useCardPoint: usesPoints,
      issuer,
    }),
  }
}

/** PGs give a week where the shop does not say. */
const usualDeadline = 7 * day

const chosenAccount = (
  form: FormOf<'VIRTUAL_ACCOUNT'>,
  asked: BrowserPayment,
  { account, receipt }: SubmitCheckout,
  storeName: string,
): Chosen | SubmitProblem => {
  if (!account || !form.banks.includes(account.bank)) return 'METHOD'
  const { accountExpiry = {}, fixedOption } = asked.virtualAccount ?? {}
  const dueDate = accountExpiry.dueDate === undefined ? undefined : dueInstant(accountExpiry.dueDate)
  const validFor = accountExpiry.validHours === undefined ? usualDeadline : accountExpiry.validHours * hour
  return {
    receipt: offered(form.receipt, receipt),
    inWindow: (now) => ({
      kind: 'VIRTUAL_ACCOUNT',
      bank: account.bank,
      expiresAt: dueDate ?? now + validFor,
      validFor: dueDate === undefined ? validFor : undefined,
      accountType: fixedOption ? 'FIXED' : 'NORMAL',
      pgAccountId: fixedOption?.pgAccountId,
      accountNumber: fixedOption?.accountNumber,
      // Whose account it is: shoppers compare it before they send money. Their own name would not say anything.
      remitteeName: asked.storeDetails?.storeName ?? storeName,
    }),
  }
}

const chosenTransfer = (form: FormOf<'TRANSFER'>, { account, receipt }: SubmitCheckout): Chosen | SubmitProblem => {
  if (!account || !form.banks.includes(account.bank)) return 'METHOD'
  const method = transferMethod({ bank: account.bank, ...(account.number && { accountNumber: account.number }) })
  return {
    inWindow: () => ({ kind: 'TRANSFER', method }),
    shown: () => method,
    receipt: offered(form.receipt, receipt),
  }
}

const chosenWallet = (
  form: FormOf<'EASY_PAY'>,
  { easyPay }: BrowserPayment,
  { wallet }: SubmitCheckout,
): Chosen | SubmitProblem => {
  if (!wallet || !form.wallets.includes(wallet)) return 'METHOD'
  const paysWith = easyPay?.availablePayMethods?.[0] ?? 'CARD'
  const easyPayMethod =
    paysWith === 'CARD'
      ? ({ type: 'PaymentMethodCard' } as const)
      : ({ type: 'PaymentMethodEasyPayMethodCharge' } as const)
  return simple('EASY_PAY', { type: 'PaymentMethodEasyPay', provider: wallet, easyPayMethod })
}

const chosenPhone = (form: FormOf<'MOBILE'>, { mobile, customer }: SubmitCheckout): Chosen | SubmitProblem => {
  if (!mobile || !form.carriers.includes(mobile.carrier)) return 'METHOD'
  const phoneNumber = mobileNumber(customer.phoneNumber ?? '') ?? ''
  return simple('MOBILE', { type: 'PaymentMethodMobile', phoneNumber })
}

const chosenCertificate = (
  form: FormOf<'GIFT_CERTIFICATE'>,
  { giftCertificate }: SubmitCheckout,
): Chosen | SubmitProblem => {
  if (!giftCertificate || !form.types.includes(giftCertificate.type)) return 'METHOD'
  const { type: giftCertificateType } = giftCertificate
  return simple('GIFT_CERTIFICATE', {
    type: 'PaymentMethodGiftCertificate',
    giftCertificateType,
    approvalNumber: randomDigits(8),
  })
}

const chosenStore = (asked: BrowserPayment): Chosen => {
  const { validHours, dueDate } = asked.convenienceStore?.paymentDeadline ?? {}
  const numbers = { confirmationNumber: randomDigits(6), receiptNumber: randomDigits(11) }
  const deadline = (now: Instant) =>
    toIso((dueDate === undefined ? undefined : dueInstant(dueDate)) ?? now + (validHours ?? 72) * hour)
  const method = (now: Instant) =>
    ({ type: 'PaymentMethodConvenienceStore', ...numbers, paymentDeadline: deadline(now) }) as const
  return { inWindow: (now) => ({ kind: 'CONVENIENCE_STORE', method: method(now) }), shown: method }
}

const offered = ({ isOffered }: { readonly isOffered: boolean }, receipt: SubmitCheckout['receipt']) =>
  isOffered ? receipt : undefined
