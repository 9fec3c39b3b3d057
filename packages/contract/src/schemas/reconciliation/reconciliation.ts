import { amount, array, date, enumeration, object, optional, type Static, string } from '../../schema.ts'

/** What reports call payment gateways. */
export const reconciliationPgProviders = [
  'KAKAOPAY',
  'NICEPAY',
  'NAVERPAY',
  'UPLUS',
  'TOSSPAYMENTS',
  'TOSSPAY',
  'PAYCO',
  'KCP',
  'DANAL',
  'EXIMBAY',
  'INICIS',
  'HECTO',
  'KSNET',
  'KPN',
  'HYPHEN',
  'PAYPAL',
  'HECTO_EASY',
  'MOBILIANS',
  'PAYLETTER_GLOBAL',
  'KIWOOMPAY',
  'PAYMENTWALL',
  'INNOPAY',
  'GALAXIA',
] as const

export const ReconciliationPgProvider = enumeration(
  'ReconciliationPgProvider',
  'A payment gateway, in reports.',
  reconciliationPgProviders,
)
export type ReconciliationPgProvider = Static<typeof ReconciliationPgProvider>

export const ReconciliationPgSpecifier = object('ReconciliationPgSpecifier', 'A contract with a payment gateway.', {
  pgMerchantId: string("The merchant's id at the payment gateway."),
  pgProvider: ReconciliationPgProvider,
})
export type ReconciliationPgSpecifier = Static<typeof ReconciliationPgSpecifier>

export const SimplifiedPaymentMethodType = enumeration('SimplifiedPaymentMethodType', 'A payment method, in reports.', [
  'CARD',
  'VIRTUAL_ACCOUNT',
  'TRANSFER',
  'CHARGE',
  'MOBILE',
  'POINT',
  'ETC',
])
export type SimplifiedPaymentMethodType = Static<typeof SimplifiedPaymentMethodType>

export const PaymentReconciliationVatReportItem = object(
  'PaymentReconciliationVatReportItem',
  'The VAT of one payment method.',
  {
    paymentMethod: SimplifiedPaymentMethodType,
    supplyAmount: amount('The supply value, in the minor unit of the currency.'),
    vatAmount: amount('The VAT, in the minor unit of the currency.'),
    taxFreeAmount: amount('The tax-free part, in the minor unit of the currency.'),
    totalAmount: amount('The total, in the minor unit of the currency.'),
  },
)
export type PaymentReconciliationVatReportItem = Static<typeof PaymentReconciliationVatReportItem>

export const PaymentReconciliationVatReportSummary = object(
  'PaymentReconciliationVatReportSummary',
  'The sum of all lines.',
  {
    totalSupplyAmount: amount('The supply value of all lines, in the minor unit of the currency.'),
    totalVatAmount: amount('The VAT of all lines, in the minor unit of the currency.'),
    totalTaxFreeAmount: amount('The tax-free part of all lines, in the minor unit of the currency.'),
    totalAmount: amount('The total of all lines, in the minor unit of the currency.'),
  },
)
export type PaymentReconciliationVatReportSummary = Static<typeof PaymentReconciliationVatReportSummary>

/** Both reports have the same form. */
const vatReportFields = {
  items: optional(array(PaymentReconciliationVatReportItem, 'One line for each payment method.')),
  summary: PaymentReconciliationVatReportSummary,
  pgSpecifiers: optional(array(ReconciliationPgSpecifier, 'Contracts with payment gateways.')),
}

export const DateRange = object('DateRange', 'A range of days.', {
  from: date('The first day, inclusive.'),
  until: date('The last day, inclusive.'),
})
export type DateRange = Static<typeof DateRange>

export const PaymentReconciliationStatus = enumeration(
  'PaymentReconciliationStatus',
  "What came of comparing a transaction with the payment gateway's records.",
  ['MATCHED', 'NOT_MATCHED', 'INCOMPARABLE', 'NOT_COLLECTED'],
)
export type PaymentReconciliationStatus = Static<typeof PaymentReconciliationStatus>

export const PaymentReconciliationSettlementSummaryFilterInput = object(
  'PaymentReconciliationSettlementSummaryFilterInput',
  'Which settlements to report on.',
  {
    pgSpecifiers: optional(array(ReconciliationPgSpecifier, 'Contracts with payment gateways.')),
    storeIds: optional(array(string(), 'Any of these stores.')),
  },
)
export type PaymentReconciliationSettlementSummaryFilterInput = Static<
  typeof PaymentReconciliationSettlementSummaryFilterInput
>

export const GetPaymentReconciliationSettlementVatReportBody = object(
  'GetPaymentReconciliationSettlementVatReportBody',
  'Which settlements to report on.',
  {
    dateRange: DateRange,
    filter: optional(PaymentReconciliationSettlementSummaryFilterInput),
  },
)
export type GetPaymentReconciliationSettlementVatReportBody = Static<
  typeof GetPaymentReconciliationSettlementVatReportBody
>

export const GetPaymentReconciliationSettlementVatReportResponse = object(
  'GetPaymentReconciliationSettlementVatReportResponse',
  'VAT by payment method, for settlements.',
  {
    ...vatReportFields,
  },
)
export type GetPaymentReconciliationSettlementVatReportResponse = Static<
  typeof GetPaymentReconciliationSettlementVatReportResponse
>

export const PaymentReconciliationTransactionSummaryFilterInput = object(
  'PaymentReconciliationTransactionSummaryFilterInput',
  'Which transactions to report on.',
  {
    reconciliationStatuses: optional(array(PaymentReconciliationStatus, 'Any of these results of comparing.')),
    pgSpecifiers: optional(array(ReconciliationPgSpecifier, 'Contracts with payment gateways.')),
    storeIds: optional(array(string(), 'Any of these stores.')),
  },
)
export type PaymentReconciliationTransactionSummaryFilterInput = Static<
  typeof PaymentReconciliationTransactionSummaryFilterInput
>

export const GetPaymentReconciliationTransactionVatReportBody = object(
  'GetPaymentReconciliationTransactionVatReportBody',
  'Which transactions to report on.',
  {
    dateRange: DateRange,
    filter: optional(PaymentReconciliationTransactionSummaryFilterInput),
  },
)
export type GetPaymentReconciliationTransactionVatReportBody = Static<
  typeof GetPaymentReconciliationTransactionVatReportBody
>

export const GetPaymentReconciliationTransactionVatReportResponse = object(
  'GetPaymentReconciliationTransactionVatReportResponse',
  'VAT by payment method, for transactions.',
  {
    ...vatReportFields,
  },
)
export type GetPaymentReconciliationTransactionVatReportResponse = Static<
  typeof GetPaymentReconciliationTransactionVatReportResponse
>
