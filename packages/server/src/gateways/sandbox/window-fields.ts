import type { Bank, EasyPayProvider } from '@naru/contract'
import { day } from '../../kernel/clock.ts'
import { randomDigits } from '../../kernel/ids.ts'
import { mobileNumber } from '../../kernel/mobile-number.ts'
import { type ResidentBirth, residentBirth } from '../../kernel/resident-birth.ts'
import type {
  IdentityOrder,
  MethodInWindow,
  MethodToStore,
  PaymentOrder,
  StoringOrder,
  WindowOrder,
} from '../port/window.ts'
import type { ShownInWindow, WindowStep } from './pg-window.ts'
import { field, optionsOf } from './window-html.ts'
import { windowTexts as texts } from './window-texts.ts'

/** What was typed into the sandbox PG's own window, by the names of its fields. */
export type Typed = Readonly<Record<string, string>>

/** What a window asks for. */
export const fieldsOf = (order: WindowOrder, typed: Typed): string =>
  order.kind === 'IDENTITY' ? personFields(order, typed) : methodFields(order, typed)

const methodFields = (order: PaymentOrder | StoringOrder, typed: Typed): string => {
  const words = texts[order.language]
  const bank = `<label>${words.bank}<select name="bank">${optionsOf(words.banks, typed.bank)}</select></label>`
  switch (order.payMethod) {
    case 'CARD': {
      const value = typed.card ?? '4242 4242 4242 4242'
      return field({ label: words.card, name: 'card', autocomplete: 'cc-number', value })
    }
    case 'VIRTUAL_ACCOUNT':
      return bank
    case 'TRANSFER': {
      const value = typed.account ?? '110-123-456789'
      return order.kind === 'PAYMENT'
        ? bank
        : bank + field({ label: words.account, name: 'account', autocomplete: 'off', value })
    }
    case 'MOBILE':
      return phoneField(order, typed.phone)
    case 'EASY_PAY':
    case 'PAYPAL':
    case 'ALIPAY':
    case 'ALIPAY_PLUS':
    case 'GIFT_CERTIFICATE':
    case 'CONVENIENCE_STORE':
    case 'CRYPTO':
      return ''
  }
}

const phoneField = ({ language }: WindowOrder, value = '010-1234-5678'): string =>
  field({ label: texts[language].phone, name: 'phone', autocomplete: 'tel', value })

const carriers = { SKT: 'SKT', KT: 'KT', LGU: 'LG U+' } as const

const personFields = (order: IdentityOrder, typed: Typed): string => {
  const { name, phoneNumber } = order.person
  const words = texts[order.language]
  return [
    field({ label: words.name, name: 'name', autocomplete: 'name', value: typed.name ?? name ?? '김나루' }),
    field({ label: words.birth, name: 'birth', autocomplete: 'off', value: typed.birth ?? '9001011' }),
    `<label>${words.carrier}<select name="carrier">${optionsOf(carriers, typed.carrier)}</select></label>`,
    phoneField(order, typed.phone ?? phoneNumber),
  ].join('')
}

/** What was typed and pressed; what is missing or absurd is taken for what the form shows first. */
export const stepOf = (order: WindowOrder, typed: Typed, now: number): WindowStep => ({
  shown: shownOf(order, typed, now),
  leaves: typed.step !== 'agree',
  testCode: typed.outcome || undefined,
  phoneNumber: phoneOf(typed.phone),
  otp: typed.otp || undefined,
})

const shownOf = (order: WindowOrder, typed: Typed, now: number): ShownInWindow => {
  switch (order.kind) {
    case 'PAYMENT':
      return { kind: 'PAYMENT', order, method: order.method ?? paymentMethodOf(order, typed, now) }
    case 'BILLING_KEY':
      return { kind: 'BILLING_KEY', order, method: methodToStore(order, typed) }
    case 'IDENTITY': {
      const { gender, isForeigner, ...day } = residentBirth(typed.birth ?? '') ?? usualBirth
      const { name = '김나루', phone, carrier } = typed
      const operator = carrier === 'KT' || carrier === 'LGU' ? carrier : 'SKT'
      const customer = { ...order.person, name, phoneNumber: phoneOf(phone), ...day }
      return { kind: 'IDENTITY', order, person: { method: 'WINDOW', operator, customer, gender, isForeigner } }
    }
  }
}

const usualBirth: ResidentBirth = {
  birthYear: '1990',
  birthMonth: '01',
  birthDay: '01',
  gender: 'MALE',
  isForeigner: false,
}

const phoneOf = (text = ''): string => mobileNumber(text) ?? digitsOf(text)

const digitsOf = (text = ''): string => text.replaceAll(/\D/g, '')

const banks: readonly Bank[] = ['SHINHAN', 'KOOKMIN', 'WOORI', 'HANA']

const bankOf = ({ bank }: Typed): Bank => banks.find((one) => one === bank) ?? 'SHINHAN'

const credentialOf = ({ card }: Typed) => ({ number: digitsOf(card), expiryYear: '40', expiryMonth: '12' })

const paymentMethodOf = ({ payMethod }: PaymentOrder, typed: Typed, now: number): MethodInWindow => {
  const wallet = (provider: EasyPayProvider): MethodInWindow => ({
    kind: 'EASY_PAY',
    method: { type: 'PaymentMethodEasyPay', provider, easyPayMethod: { type: 'PaymentMethodCard' } },
  })
  switch (payMethod) {
    case 'CARD':
      return { kind: 'CARD', credential: credentialOf(typed), installmentMonth: 0 }
    case 'VIRTUAL_ACCOUNT': {
      const account = { kind: 'VIRTUAL_ACCOUNT', accountType: 'NORMAL', bank: bankOf(typed) } as const
      return { ...account, expiresAt: now + 7 * day, validFor: 7 * day }
    }
    case 'TRANSFER':
      return { kind: 'TRANSFER', method: { type: 'PaymentMethodTransfer', bank: bankOf(typed) } }
    case 'MOBILE':
      return { kind: 'MOBILE', method: { type: 'PaymentMethodMobile', phoneNumber: phoneOf(typed.phone) } }
    case 'EASY_PAY':
      return wallet('KAKAOPAY')
    case 'PAYPAL':
      return wallet('PAYPAL')
    case 'ALIPAY':
    case 'ALIPAY_PLUS':
      return wallet('ALIPAY')
    case 'GIFT_CERTIFICATE':
      return {
        kind: 'GIFT_CERTIFICATE',
        method: { type: 'PaymentMethodGiftCertificate', approvalNumber: randomDigits(8) },
      }
    case 'CONVENIENCE_STORE':
      return { kind: 'CONVENIENCE_STORE', method: { type: 'PaymentMethodConvenienceStore' } }
    case 'CRYPTO':
      return { kind: 'CRYPTO', method: { type: 'PaymentMethodCrypto' } }
  }
}

const methodToStore = ({ payMethod }: StoringOrder, typed: Typed): MethodToStore => {
  switch (payMethod) {
    case 'CARD':
      return { credential: credentialOf(typed) }
    case 'TRANSFER': {
      const digits = digitsOf(typed.account)
      const accountNumber = digits.slice(-4).padStart(Math.min(Math.max(digits.length, 4), 20), '*')
      return { method: { type: 'BillingKeyPaymentMethodTransfer', bank: bankOf(typed), accountNumber } }
    }
    case 'MOBILE':
      return { method: { type: 'BillingKeyPaymentMethodMobile', phoneNumber: phoneOf(typed.phone) } }
    case 'EASY_PAY':
    case 'PAYPAL': {
      const provider = payMethod === 'PAYPAL' ? 'PAYPAL' : 'KAKAOPAY'
      const method = { type: 'BillingKeyPaymentMethodEasyPayCharge' } as const
      return { method: { type: 'BillingKeyPaymentMethodEasyPay', provider, method } }
    }
  }
}
