import type { CheckoutView } from '@naru/contract'

type Amount = NonNullable<CheckoutView['amount']>

/** `50,000원` in Korean, `₩50,000` in English; other currencies with their code, which leaves no doubt. */
export const money = ({ total, currency, digits }: Amount, language: CheckoutView['language']): string => {
  const number = (total / 10 ** digits).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  if (currency === 'KRW') return language === 'ko' ? `${number}원` : `₩${number}`
  return `${currency} ${number}`
}
