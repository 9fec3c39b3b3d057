import type { CheckoutForm, SubmitCheckout, SubmitProblem } from '@naru/contract'
import type { PaymentWindow } from '../gateways/port/window.ts'

/**
 * Tells a shopper whose card is of another company than was chosen, by the shop or by themselves: instalments without interest
 * and discounts go by the company. Where the PG does not know whose number it is, the choice counts.
 */
export const refuseOtherCompany = (
  { cardCompanyOf }: Pick<PaymentWindow, 'cardCompanyOf'>,
  form: CheckoutForm,
  { card }: Pick<SubmitCheckout, 'card'>,
): SubmitProblem | undefined => {
  if (form.method !== 'CARD' || !card) return undefined
  const wanted = form.issuer ?? card.issuer
  const company = cardCompanyOf?.(card.number)
  return wanted === undefined || company === undefined || company === wanted ? undefined : 'CARD_COMPANY'
}
