import type { CheckoutView } from '@naru/contract'
import { money } from '../money.ts'
import type { Texts } from '../texts.ts'
import { Notice } from './notice.tsx'

type Props = {
  readonly order: Pick<CheckoutView, 'amount' | 'refund'>
  readonly language: CheckoutView['language']
  readonly texts: Texts
  readonly next: string | undefined
}

/** What was paid, unless it went back since, or is going back. */
export const Paid = ({ order: { amount, refund }, language, texts, next }: Props) => {
  if (!amount || !refund) return <Notice title={texts.doneTitle} next={next} />
  const { refunded, underWay, isWhole } = refund
  const title = isWhole ? texts.refundedTitle : refunded > 0 ? texts.partlyRefundedTitle : texts.doneTitle
  const text = underWay > 0 ? texts.refunding(money({ ...amount, total: underWay }, language)) : undefined
  return <Notice title={title} text={text} next={next} />
}
