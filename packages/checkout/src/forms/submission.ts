import type { CheckoutView } from '@naru/contract'
import type { Submission } from '../use-checkout.ts'
import { wholeExpiry } from './expiry.ts'

/** What was typed and agreed to, as the server wants it. */
export const submissionOf = ({ form, consents: shown }: CheckoutView, data: FormData): Submission => {
  const text = (name: string): string | undefined => {
    const value = data.get(name)
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
  }
  const [name, phoneNumber, email] = [text('name'), text('phoneNumber'), text('email')]
  const customer = { ...(name && { name }), ...(phoneNumber && { phoneNumber }), ...(email && { email }) }
  const outcome = text('outcome')
  const consents = shown.map(({ id, version }) => ({ id, version }))
  const common = { customer, consents, ...(outcome && { outcome }) }
  switch (form.method) {
    case 'CARD':
      return card(common, text, data.get('usesPoints') !== null)
    case 'VIRTUAL_ACCOUNT':
    case 'TRANSFER': {
      const [bank, number, type, receiptNumber] = [
        text('bank'),
        text('accountNumber'),
        text('receiptType'),
        text('receiptNumber'),
      ]
      const receipt = type && receiptNumber ? { receipt: { type, number: receiptNumber } } : {}
      return typed({ ...common, account: { bank, ...(number && { number }) }, ...receipt })
    }
    case 'EASY_PAY':
      return typed({ ...common, wallet: text('wallet') })
    case 'MOBILE':
      return typed({ ...common, mobile: { carrier: text('carrier'), birth: text('birthSeven') } })
    case 'IDENTITY':
      return typed({ ...common, identity: { carrier: text('carrier'), birth: text('birthSeven') } })
    case 'GIFT_CERTIFICATE':
      return typed({ ...common, giftCertificate: { type: text('certificate'), number: text('certificateNumber') } })
    case 'CONVENIENCE_STORE':
    case 'CRYPTO':
      return common
  }
}

const card = (
  common: Pick<Submission, 'customer' | 'consents' | 'outcome'>,
  text: (name: string) => string | undefined,
  usesPoints: boolean,
): Submission => {
  const number = text('cardNumber') ?? ''
  const [expiryMonth = '', expiryYear = ''] = wholeExpiry(text('expiry') ?? '').split('/')
  const [birth, password, issuer] = [text('birth'), text('password'), text('issuer')]
  return typed({
    ...common,
    card: {
      number: number.replaceAll(' ', ''),
      expiryMonth,
      expiryYear,
      month: Number(text('month') ?? 0),
      usesPoints,
      ...(birth && { birth }),
      ...(password && { password }),
      ...(issuer && { issuer }),
    },
  })
}

/** The options of a select are the server's own; it looks at every value once more. */
const typed = (submission: object): Submission => submission as Submission
