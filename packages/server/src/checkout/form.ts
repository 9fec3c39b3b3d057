import type {
  Bank,
  BrowserBillingKey,
  BrowserPayment,
  CardCompany,
  CheckoutForm,
  PgProvider,
  ReceiptForm,
} from '@naru/contract'
import { accountBanks, freeMonths, offeredBanks, offeredMonths, type Taking } from './offers.ts'
import { payMethodOf } from './pay-method.ts'

/** What the page asks a shopper for who pays. */
export const formOf = (asked: BrowserPayment, provider: PgProvider, taking: Taking): CheckoutForm => {
  switch (payMethodOf(asked, provider)) {
    case 'CARD':
      return cardForm(asked, provider, taking)
    case 'VIRTUAL_ACCOUNT': {
      const banks = offeredBanks(asked, taking)
      return { method: 'VIRTUAL_ACCOUNT', banks, receipt: receiptForm(asked.virtualAccount) }
    }
    case 'TRANSFER': {
      const { bankCode } = asked.transfer ?? {}
      const banks = bankCode === undefined ? transferBanks : [bankCode]
      return { method: 'TRANSFER', banks, receipt: receiptForm(asked.transfer) }
    }
    case 'EASY_PAY': {
      const { easyPayProvider } = asked.easyPay ?? {}
      const direct = directWallets[provider]
      const chosen = direct ?? easyPayProvider
      return { method: 'EASY_PAY', wallets: chosen === undefined ? usualWallets : [chosen] }
    }
    case 'PAYPAL':
      return { method: 'EASY_PAY', wallets: ['PAYPAL'] }
    case 'ALIPAY':
      return { method: 'EASY_PAY', wallets: ['ALIPAY'] }
    case 'ALIPAY_PLUS': {
      const { easyPayProvider } = asked.alipayPlus ?? {}
      return { method: 'EASY_PAY', wallets: easyPayProvider === undefined ? alipayPlusWallets : [easyPayProvider] }
    }
    case 'MOBILE': {
      const { carrier, availableCarriers } = asked.mobile ?? {}
      const offered = carrier === undefined ? (availableCarriers ?? carriers) : [carrier]
      return { method: 'MOBILE', carriers: nonEmpty(offered, carriers) }
    }
    case 'GIFT_CERTIFICATE': {
      const { giftCertificateType: type } = asked.giftCertificate ?? {}
      const types = ['CULTURELAND', 'BOOKNLIFE', 'SMART_MUNSANG', 'HAPPYMONEY', 'CULTUREGIFT'] as const
      return { method: 'GIFT_CERTIFICATE', types: type === undefined ? types : [type] }
    }
    case 'CONVENIENCE_STORE':
      return { method: 'CONVENIENCE_STORE' }
    case 'CRYPTO':
      return { method: 'CRYPTO' }
  }
}

const carriers = ['SKT', 'KT', 'LGU', 'HELLO', 'KCT', 'SK7'] as const

/** The operators by which the API tells who a person is with. */
export const identityCarriers = ['SKT', 'KT', 'LGU', 'SKT_MVNO', 'KT_MVNO', 'LGU_MVNO'] as const

const cardForm = (asked: BrowserPayment, provider: PgProvider, taking: Taking): CheckoutForm => {
  const { cardCompany, availableCards = [], useCardPoint = false } = asked.card ?? {}
  const issuers: readonly CardCompany[] = availableCards.length > 0 ? availableCards : cardCompanies
  const months = offeredMonths(asked, provider, taking)
  return {
    method: 'CARD',
    issuers: cardCompany === undefined ? issuers : [cardCompany],
    isLimited: availableCards.length > 0,
    ...(cardCompany === undefined ? {} : { issuer: cardCompany }),
    months,
    freeMonths: freeMonths(asked, provider, months),
    takesPoints: true,
    usesPoints: useCardPoint,
  }
}

/** ANONYMOUS hides the question; a type that the shop chose is filled in and may be changed. */
const receiptForm = (
  options: { readonly cashReceiptType?: string; readonly customerIdentifier?: string } | undefined,
): ReceiptForm => {
  const { cashReceiptType: type, customerIdentifier: number } = options ?? {}
  if (type === 'ANONYMOUS') return { isOffered: false }
  return {
    isOffered: true,
    ...(type === 'PERSONAL' || type === 'CORPORATE' ? { type } : {}),
    ...(number === undefined ? {} : { number: number.replaceAll(/\D/g, '') }),
  }
}

const nonEmpty = <Item>(items: readonly Item[], otherwise: readonly Item[]): readonly Item[] =>
  items.length === 0 ? otherwise : items

/** What a shop's page wants stored. Where it does not say, that is what the PG can: its own wallet, or a card. */
export const storedMethodOf = (
  { billingKeyMethod }: Pick<BrowserBillingKey, 'billingKeyMethod'>,
  provider: PgProvider,
): StoredMethod => {
  const wallet = directWallets[provider]
  if (billingKeyMethod !== undefined || wallet === undefined) return billingKeyMethod ?? 'CARD'
  return wallet === 'PAYPAL' ? 'PAYPAL' : 'EASY_PAY'
}

type StoredMethod = NonNullable<BrowserBillingKey['billingKeyMethod']>

const directWallets: Readonly<Partial<Record<PgProvider, 'KAKAOPAY' | 'NAVERPAY' | 'TOSSPAY' | 'PAYPAL'>>> = {
  KAKAOPAY: 'KAKAOPAY',
  NAVERPAY: 'NAVERPAY',
  TOSSPAY_V2: 'TOSSPAY',
  PAYPAL_V2: 'PAYPAL',
}

const usualWallets = ['KAKAOPAY', 'NAVERPAY', 'TOSSPAY', 'PAYCO', 'SAMSUNGPAY', 'SSGPAY', 'LPAY'] as const
const alipayPlusWallets = ['ALIPAY', 'ALIPAY_HK', 'G_CASH', 'DANA', 'TOUCH_N_GO', 'TRUE_MONEY'] as const

const transferBanks: readonly Bank[] = [...accountBanks, 'KAKAO', 'TOSS', 'STANDARD_CHARTERED', 'KFCC', 'SHINHYUP']

const cardCompanies: readonly CardCompany[] = [
  'SHINHAN_CARD',
  'SAMSUNG_CARD',
  'HYUNDAI_CARD',
  'KOOKMIN_CARD',
  'LOTTE_CARD',
  'HANA_CARD',
  'WOORI_CARD',
  'BC_CARD',
  'NH_CARD',
  'CITI_CARD',
  'KAKAO_BANK',
  'TOSS_BANK',
  'K_BANK',
  'GWANGJU_CARD',
  'JEONBUK_CARD',
  'JEJU_CARD',
  'SUHYUP_CARD',
  'SHINHYUP',
  'KFCC',
  'EPOST',
  'SAVINGS_BANK_KOREA',
  'KOREA_DEVELOPMENT_BANK',
  'MIRAE_ASSET_SECURITIES',
]
