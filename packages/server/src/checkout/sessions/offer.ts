import type {
  BrowserPayMethod,
  BrowserPayment,
  CheckoutPaymentMethod,
  CreatePaymentSessionBody,
  EasyPayProvider,
  EvaluatedCheckoutMethod,
} from '@naru/contract'
import { Refusal } from '../../kernel/refusal.ts'
import { findChannel, type Store } from '../../merchants/store.ts'
import type { CheckoutParts } from '../parts.ts'
import { evaluateProfile, findProfileOf } from './profile.ts'

type Content = Omit<CreatePaymentSessionBody, 'ttlSeconds'>

/** What the profile offers, or of it the one way that the merchant chose. */
export const methodsOf = async (
  parts: CheckoutParts,
  { profileKey, storeId, country, currency, totalAmount: amount, paymentMethod }: Content,
): Promise<readonly EvaluatedCheckoutMethod[]> => {
  const profile = await findProfileOf(parts.sql, storeId, profileKey)
  const offered = profile ? evaluateProfile(profile, { country, currency, amount }) : []
  return paymentMethod === undefined ? offered : offered.filter((method) => method.paymentMethod === paymentMethod)
}

/** The ways to pay whose PGs take the order: a longer name than a PG takes would be refused when the buyer is there. */
export const payableIn = (
  parts: Pick<CheckoutParts, 'windowOf'>,
  store: Store,
  order: Content,
  methods: readonly EvaluatedCheckoutMethod[],
): readonly EvaluatedCheckoutMethod[] =>
  methods.filter((method) => refusedFor(parts, store, order, method) === undefined)

/** Why nobody can pay an order in any of the ways that it is offered in, naming the field and the remedy. */
export const refuseOrder = async (parts: CheckoutParts, store: Store, order: Content): Promise<string | undefined> => {
  const reasons = (await methodsOf(parts, order)).map((method) => refusedFor(parts, store, order, method))
  return reasons.includes(undefined) ? undefined : reasons[0]
}

const refusedFor = (
  { windowOf }: Pick<CheckoutParts, 'windowOf'>,
  store: Store,
  { orderName, currency, redirectUrl }: Content,
  { channelKey, paymentMethod }: EvaluatedCheckoutMethod,
): string | undefined => {
  const channel = findChannel(store, channelKey)
  if (channel instanceof Refusal) return undefined
  const { pgProvider, manualConfirm } = channel
  if (manualConfirm && redirectUrl === undefined) return noWayForToken(channelKey)
  const { payMethod } = payMethodOf(paymentMethod)
  return windowOf(channel).refusePayment?.({ pgProvider, orderName, payMethod, currency })
}

/** The shopper would read that it is paid, and nobody could ever confirm it. */
const noWayForToken = (channelKey: string): string =>
  `redirectUrl: the payments of the channel ${channelKey} are confirmed by your server (POST /payments/{paymentId}/confirm), and only the ` +
  'redirectUrl brings it the paymentToken. Give one, or use a channel without manual confirmation.'

const wallets: Readonly<Partial<Record<CheckoutPaymentMethod, EasyPayProvider>>> = {
  N_PAY: 'NAVERPAY',
  KAKAO_PAY: 'KAKAOPAY',
  TOSS_PAY: 'TOSSPAY',
  ALIPAY_CN: 'ALIPAY',
  ALIPAY_HK: 'ALIPAY_HK',
  TRUE_MONEY: 'TRUE_MONEY',
  DANA: 'DANA',
  TOUCH_N_GO: 'TOUCH_N_GO',
  G_CASH: 'G_CASH',
  WE_CHAT_PAY: 'WECHAT',
  KLARNA: 'KLARNA',
  GRAB_PAY_MY: 'GRABPAY',
  GRAB_PAY_SG: 'GRABPAY',
  SHOPEE_PAY_TH: 'SHOPEEPAY',
  PAY_PAY: 'PAYPAY',
  BPI: 'BPI',
  RABBIT_LINE_PAY: 'RABBIT_LINE_PAY',
  AMAZON_PAY: 'AMAZONPAY',
  RAKUTEN_PAY: 'RAKUTENPAY',
  D_BARAI: 'DBARAI',
  AU_PAY: 'AUPAY',
  MERPAY: 'MERPAY',
}

/** What is asked of the checkout for a way to pay of a profile. */
export const payMethodOf = (
  method: CheckoutPaymentMethod,
): Pick<BrowserPayment, 'easyPay'> & { readonly payMethod: BrowserPayMethod } => {
  const easyPayProvider = wallets[method]
  if (easyPayProvider !== undefined) return { payMethod: 'EASY_PAY', easyPay: { easyPayProvider } }
  if (method === 'PAY_PAL') return { payMethod: 'PAYPAL' }
  return { payMethod: method === 'CONVENIENCE_STORE_JP' || method === 'E_CONTEXT' ? 'CONVENIENCE_STORE' : 'CARD' }
}
