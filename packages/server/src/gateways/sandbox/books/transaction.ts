import type { Bank, Card, Currency, PaymentMethod } from '@naru/contract'
import type { Instant } from '../../../kernel/clock.ts'
import type { Amount } from '../../../kernel/money.ts'
import type { GatewayDispute, GatewayEscrow } from '../../port/fulfilment.ts'
import type { GatewayPayment, VirtualAccount } from '../../port/payment.ts'
import type { Approval, Outcome } from '../../port/terms.ts'
import type { WalletInWindow } from '../../port/window.ts'
import { rememberedBehaviour } from '../scenarios/codes.ts'
import { recordedFailure } from '../scenarios/failures.ts'
import type { Identifiers } from './identifiers.ts'

/** A payment as the sandbox PG's books have it. */
export type Transaction = TransactionFacts & {
  readonly storeId: string
  readonly channelKey: string
  readonly reference: string
  readonly pgTransactionId: string
  readonly state: TransactionState
  /** The scenario, remembered for what happens to the payment later. */
  readonly code: string
  readonly pgCode: string | null
  /** What we were asked to charge; `amount` is what was charged. */
  readonly askedAmount: Amount
  readonly amount: Amount
  readonly cancelledAmount: Amount
  /** Held for cancellations that are pending. */
  readonly reservedAmount: Amount
  readonly currency: Currency
  readonly orderName: string
  readonly createdAt: Instant
  /** When it got its present state. */
  readonly settledAt: Instant | null
  /** Set from the start where the PG captures of its own accord. */
  readonly capturedAt: Instant | null
  /** Set once somebody ended a doubt by hand: from then on inquiries are answered. */
  readonly resolvedAt: Instant | null
  readonly remitterName: string | null
  readonly dispute: 'OPEN' | 'WON' | 'LOST' | null
  readonly disputedAt: Instant | null
  readonly disputeSettledAt: Instant | null
  /** What a lost dispute took: all that had not been refunded. */
  readonly chargedBackAmount: Amount
  /** What became of the goods, beyond what we were told. */
  readonly escrow: GatewayEscrow['status'] | null
  readonly escrowAt: Instant | null
  readonly isAutomaticallyConfirmed: boolean
}

/** NONE: the request came, and the PG did and knows nothing. */
export type TransactionState = 'NONE' | 'PENDING' | 'APPROVED' | 'WAITING' | 'DEPOSITED' | 'CLOSED' | 'FAILED'

export type TransactionFacts =
  | { readonly kind: 'CARD'; readonly data: CardData }
  | { readonly kind: 'TRANSFER' | WalletInWindow['kind']; readonly data: MoneyData }
  | { readonly kind: 'VIRTUAL_ACCOUNT'; readonly data: AccountData }

/** The card as it may be shown: never the number, the expiry or the password. */
export type CardData = {
  readonly card: Card
  readonly approvalNumber: string
  readonly installmentMonth: number
  readonly isInterestFreeFromMerchant: boolean
  readonly pointUsed: boolean
}

/** What is debited by itself: an account, a wallet, a telephone bill. */
export type MoneyData = { readonly method: PaymentMethod }

export type AccountData = {
  readonly bank: Bank
  readonly accountNumber: string
  readonly accountType: 'NORMAL' | 'FIXED'
  readonly remitteeName?: string | undefined
  readonly expiresAt: Instant
}

type DebitTransaction = Exclude<Transaction, { kind: 'VIRTUAL_ACCOUNT' }>
type AccountTransaction = Extract<Transaction, { kind: 'VIRTUAL_ACCOUNT' }>

/** The state that a successful request leads to. */
export const successOf = (kind: Transaction['kind']): TransactionState =>
  kind === 'VIRTUAL_ACCOUNT' ? 'WAITING' : 'APPROVED'

/** What the caller of an approval or issue is told, at first and whenever it repeats the reference. */
export const answerOf = (transaction: Transaction): Outcome<Approval | VirtualAccount> => {
  if (isSilent(transaction)) return { kind: 'unknown', reason: 'timeout' }
  switch (transaction.state) {
    case 'NONE':
      return { kind: 'unknown', reason: 'disconnect' }
    case 'PENDING':
      return { kind: 'pending', pgTransactionId: transaction.pgTransactionId }
    case 'FAILED':
      return { kind: 'failed', failure: recordedFailure(transaction.pgCode) }
    case 'APPROVED':
    case 'WAITING':
    case 'DEPOSITED':
    case 'CLOSED':
      return { kind: 'succeeded', value: resultOf(transaction) }
  }
}

/** What an inquiry is told. */
export const paymentOf = (transaction: Transaction): GatewayPayment => {
  const { state, pgTransactionId } = transaction
  const settledAt = transaction.settledAt ?? transaction.createdAt
  switch (state) {
    case 'NONE':
      return { state: 'NONE' }
    case 'PENDING':
      return { state: 'PENDING', pgTransactionId }
    case 'FAILED':
      return { state: 'FAILED', failure: recordedFailure(transaction.pgCode) }
    case 'CLOSED':
      return { state: 'CLOSED', closedAt: settledAt }
    case 'APPROVED':
    case 'WAITING':
    case 'DEPOSITED':
      if (transaction.kind !== 'VIRTUAL_ACCOUNT') {
        return {
          state: 'APPROVED',
          approval: approvalOf(transaction),
          captured: transaction.capturedAt !== null,
          ...disputesOf(transaction),
          ...escrowOf(transaction),
        }
      }
      if (state !== 'DEPOSITED') return { state: 'WAITING_FOR_DEPOSIT', virtualAccount: accountOf(transaction) }
      return {
        state: 'DEPOSITED',
        virtualAccount: accountOf(transaction),
        deposit: { paidAt: settledAt, remitterName: transaction.remitterName ?? undefined },
        ...escrowOf(transaction),
      }
  }
}

const escrowOf = ({ escrow, escrowAt, isAutomaticallyConfirmed }: Transaction): { escrow?: GatewayEscrow } =>
  escrow === null || escrowAt === null ? {} : { escrow: { status: escrow, at: escrowAt, isAutomaticallyConfirmed } }

const disputesOf = (transaction: Transaction): { disputes?: readonly GatewayDispute[] } => {
  const { pgTransactionId, dispute, disputedAt, disputeSettledAt, chargedBackAmount } = transaction
  if (dispute === null || disputedAt === null) return {}
  const objection = {
    pgDisputeId: `${pgTransactionId}-dispute`,
    reason: '상품을 받지 못했습니다',
    createdAt: disputedAt,
  }
  if (disputeSettledAt === null) return { disputes: [objection] }
  const chargeback = { pgCancellationId: `${pgTransactionId}-chargeback`, amount: chargedBackAmount }
  const resolution = { at: disputeSettledAt, ...(chargedBackAmount > 0 ? { chargeback } : {}) }
  return { disputes: [{ ...objection, resolution }] }
}

/** Whether the PG gives no answer about this payment until somebody resolves it by hand. */
export const isSilent = (transaction: Transaction): boolean =>
  transaction.resolvedAt === null && rememberedBehaviour(transaction.code).inquiry === 'SILENT'

/** One reference names one request: the same reference with other contents is a mistake of the caller. */
export const isSameRequest = (recorded: Transaction, asked: Transaction): boolean =>
  recorded.kind === asked.kind &&
  recorded.askedAmount === asked.askedAmount &&
  recorded.currency === asked.currency &&
  recorded.orderName === asked.orderName

export const cardDataOf = (
  card: Card,
  identifiers: Identifiers,
  terms: {
    readonly installmentMonth: number
    readonly useFreeInterestFromMerchant?: boolean | undefined
    readonly useCardPoint?: boolean | undefined
  },
): CardData => ({
  card,
  approvalNumber: identifiers.approvalNumber,
  installmentMonth: terms.installmentMonth,
  isInterestFreeFromMerchant: terms.installmentMonth > 0 && terms.useFreeInterestFromMerchant === true,
  pointUsed: terms.useCardPoint === true,
})

const resultOf = (transaction: Transaction): Approval | VirtualAccount =>
  transaction.kind === 'VIRTUAL_ACCOUNT' ? accountOf(transaction) : approvalOf(transaction)

const approvalOf = (transaction: DebitTransaction): Approval => {
  const { pgTransactionId, amount, currency } = transaction
  const approvedAt = transaction.settledAt ?? transaction.createdAt
  const said = { pgTransactionId, approvedAt, amount, currency }
  const approval = { type: 'approval' as const, pgTransactionId, approvedAt, amount }
  if (transaction.kind !== 'CARD')
    return { ...approval, method: transaction.data.method, response: JSON.stringify(said) }
  const { approvalNumber, card } = transaction.data
  const response = JSON.stringify({ ...said, approvalNumber, cardNumber: card.number })
  return { ...approval, method: methodOf(transaction.data), response }
}

const methodOf = (data: CardData): PaymentMethod => ({
  type: 'PaymentMethodCard',
  card: data.card,
  approvalNumber: data.approvalNumber,
  installment: {
    month: data.installmentMonth,
    isInterestFree: data.isInterestFreeFromMerchant,
    isInterestFreeFromMerchant: data.isInterestFreeFromMerchant,
  },
  pointUsed: data.pointUsed,
})

const accountOf = ({ pgTransactionId, createdAt, data }: AccountTransaction): VirtualAccount => ({
  type: 'virtual-account',
  pgTransactionId,
  issuedAt: createdAt,
  bank: data.bank,
  accountNumber: data.accountNumber,
  accountType: data.accountType,
  remitteeName: data.remitteeName,
  expiresAt: data.expiresAt,
})
