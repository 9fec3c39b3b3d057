import type { CryptoTransfer } from '../gateways/port/window.ts'
import { type Instant, minute, storeTime, toIso } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import { findAnyChannel, type Store } from '../merchants/store.ts'
import type { LoadedPayment } from '../payments/parts.ts'
import { type Attempt, paidAttempt, undecidedAttempt } from '../payments/state/payment.ts'
import { languageOf, type Words } from './language.ts'
import type { CheckoutParts } from './parts.ts'
import { Unopened, unopenedBy } from './problem.ts'

/** Whose order it is, as it is now. */
type Order = { readonly store: Store; readonly loaded: LoadedPayment }

/**
 * Why a payment takes no new attempt, in the page's language, since shops show it to the shopper. One whose approval is still
 * under way, as after a reload, is not paid: PortOne's `PaymentAlreadyPaid` would say too much. Where it waits for the shopper
 * it says for what, and when there is another way: an address for coins, or a number for a till, may be paid until then, and an
 * order must not be paid twice.
 */
export const refusedNow = async (
  parts: CheckoutParts,
  refusal: Refusal,
  { store, loaded }: Order,
  asked: Parameters<typeof languageOf>[0],
): Promise<Unopened> => {
  const { body } = refusal
  if (body.type !== 'ALREADY_PAID') return unopenedBy(refusal, asked)
  const language = languageOf(asked)
  const paid = paidAttempt(loaded.state)
  if (paid?.phase === 'CANCELLED')
    return new Unopened('PaymentAlreadyPaid', paidAndRefunded[language], { detail: body.message })
  if (paid) return unopenedBy(refusal, asked)
  const undecided = undecidedAttempt(loaded.state)
  const transfer = undecided && (await transferOf(parts, { store, loaded }, undecided))
  if (transfer) {
    const until = `It waits for a transfer of coins until ${toIso(transfer.expiresAt)}; then the order can be paid anew.`
    const message = waitingForCoins(transfer, storeTime(loaded.clock))[language]
    return new Unopened('InvalidEntityState', message, { detail: `${body.message} ${until}` })
  }
  const isAtTill = undecided?.phase === 'PAY_PENDING' && undecided.method?.type === 'PaymentMethodConvenienceStore'
  return new Unopened('InvalidEntityState', (isAtTill ? waitingAtTill : underWay)[language], { detail: body.message })
}

const transferOf = async (
  parts: CheckoutParts,
  { store, loaded }: Order,
  { method, phase, channel: { key }, transactionId: reference }: Attempt,
): Promise<CryptoTransfer | undefined> => {
  if (method?.type !== 'PaymentMethodCrypto' || phase !== 'PAY_PENDING' || key === undefined) return undefined
  const channel = findAnyChannel(store, key)
  if (channel instanceof Refusal) return undefined
  return await parts.windowOf(channel).cryptoTransfer({ storeId: store.storeId, reference, clock: loaded.clock })
}

const paidAndRefunded: Words = {
  ko: '결제 후 전액 환불된 주문입니다. 쇼핑몰에서 다시 주문해 주세요.',
  en: 'This order was paid and refunded in full. Please order again in the shop.',
}

const underWay: Words = {
  ko: '결제가 진행 중입니다. 결과가 확정되면 상점에 알려 드립니다.',
  en: 'The payment is in progress. The shop will be told the result.',
}

const waitingAtTill: Words = {
  ko: '편의점 결제를 기다리고 있는 주문입니다. 발급된 번호로 결제하거나, 결제 기한이 지난 뒤 다른 수단으로 결제해 주세요.',
  en: 'This order is waiting to be paid at a convenience store. Pay with the number that you got, or in another way once its deadline is over.',
}

const waitingForCoins = ({ coin, amount, received, expiresAt }: CryptoTransfer, now: Instant): Words => {
  const minutes = Math.max(1, Math.ceil((expiresAt - now) / minute))
  const inMinutes = minutes === 1 ? '1 minute' : `${minutes} minutes`
  if (received !== undefined)
    return {
      ko: `가상자산이 ${received} ${coin}만 입금된 주문입니다. ${minutes}분 안에 안내받은 주소로 부족한 ${amount} ${coin}를 더 보내 주세요.`,
      en: `Only ${received} ${coin} have arrived for this order. Send the missing ${amount} ${coin} to the address that you got, within ${inMinutes}.`,
    }
  return {
    ko: `가상자산 입금을 기다리고 있는 주문입니다. 이미 보냈다면 다시 결제하지 말고 기다려 주세요. 보내지 않았다면 ${minutes}분 뒤에 다른 수단으로 결제할 수 있습니다.`,
    en: `This order is waiting for a crypto transfer. If you have sent it, wait and do not pay again. If you have not, you can pay in another way in ${inMinutes}.`,
  }
}
