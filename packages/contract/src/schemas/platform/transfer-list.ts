import {
  array,
  described,
  discriminated,
  enumeration,
  object,
  optional,
  type Static,
  string,
  tag,
} from '../../schema.ts'
import { PageInfo, PageInput } from '../common/list.ts'
import { PaymentMethodType } from '../payment/method.ts'
import { DateRange } from '../reconciliation/reconciliation.ts'
import { PlatformContract } from './contract.ts'
import { graphqlId, isForTest } from './lifecycle.ts'
import { PlatformPartnerTaxationType } from './partner-type.ts'
import { PlatformOrderSettlementAmount } from './settlement-amount.ts'
import { manualAmounts, settlementStartDate, transferFields, userDefinedProperties } from './transfer-fields.ts'
import { PlatformTransferSummaryPayment } from './transfer-payment.ts'
import { PlatformTransferStatus, PlatformTransferType } from './transfer-type.ts'

export const PlatformTransferPropertyExactMatchInput = object(
  'PlatformTransferPropertyExactMatchInput',
  'A property that the merchant has defined, and the value it must have.',
  {
    key: string('The key of the property.'),
    value: string('The whole value.'),
  },
)
export type PlatformTransferPropertyExactMatchInput = Static<typeof PlatformTransferPropertyExactMatchInput>

export const PlatformTransferFilterInputKeyword = object(
  'PlatformTransferFilterInputKeyword',
  'A text to find. At most one field may be given.',
  {
    all: optional(string('Part of any of the texts below.')),
    paymentId: optional(string('The whole id of the payment.')),
    transferId: optional(string('The whole id of the transfer.')),
    transferMemo: optional(string('Part of the memo of the transfer.')),
    productId: optional(string('The whole id of a product.')),
    productName: optional(string('The whole name of a product.')),
    partnerId: optional(string('The whole id of the partner.')),
    partnerName: optional(string('Part of the name of the partner.')),
    partnerMemo: optional(string('Part of the memo of the partner.')),
    partnerSettlementId: optional(string('Part of the id of the partner settlement.')),
    payoutId: optional(string('The whole id of the payout.')),
  },
)
export type PlatformTransferFilterInputKeyword = Static<typeof PlatformTransferFilterInputKeyword>

export const PlatformTransferFilterInput = object(
  'PlatformTransferFilterInput',
  'Which transfers to return. A transfer must meet every condition given; an empty list is no condition.',
  {
    settlementStartDateRange: optional(
      described(
        DateRange,
        'When settlement starts. Manual transfers have no such day. Not with `settlementDateRange`.',
      ),
    ),
    settlementDateRange: optional(
      described(DateRange, 'When it is settled. Not together with `settlementStartDateRange`.'),
    ),
    partnerTags: optional(array(string('A tag.'), 'A partner with any of these tags.')),
    contractIds: optional(array(string('A contract.'), 'Any of these contracts.')),
    discountSharePolicyIds: optional(
      array(string('A policy.'), 'Any of these discount share policies, on the order or on a line.'),
    ),
    additionalFeePolicyIds: optional(
      array(string('A policy.'), 'Any of these additional fee policies, on the order or on a line.'),
    ),
    paymentMethodTypes: optional(array(PaymentMethodType, 'Any of these payment methods.')),
    channelKeys: optional(array(string('A channel key.'), 'Paid through any of these channels.')),
    types: optional(array(PlatformTransferType, 'Any of these types.')),
    statuses: optional(array(PlatformTransferStatus, 'Any of these statuses.')),
    userDefinedProperty: optional(PlatformTransferPropertyExactMatchInput),
    keyword: optional(PlatformTransferFilterInputKeyword),
    isForTest: optional(isForTest),
  },
)
export type PlatformTransferFilterInput = Static<typeof PlatformTransferFilterInput>

export const GetPlatformTransferSummariesBody = object(
  'GetPlatformTransferSummariesBody',
  'Which transfers to return.',
  {
    page: optional(PageInput),
    filter: optional(PlatformTransferFilterInput),
  },
)
export type GetPlatformTransferSummariesBody = Static<typeof GetPlatformTransferSummariesBody>

export const DownloadPlatformTransferSheetBody = object(
  'DownloadPlatformTransferSheetBody',
  'Which transfers to list, and which columns.',
  {
    filter: optional(PlatformTransferFilterInput),
    fields: optional(
      array(
        string('A column.'),
        'The columns, in order, such as `TRANSFER_ID`, `PARTNER_NAME`, `TRANSFER_` and the key of a property of transfers, `PARTNER_` and one of partners, or `FORMULA_` and the key of a formula. Defaults to all that do not depend on the merchant.',
      ),
    ),
    transferUserDefinedPropertyKeys: optional(
      array(string('A key.'), 'Further columns: properties of transfers. For clients of earlier versions.'),
    ),
    partnerUserDefinedPropertyKeys: optional(
      array(string('A key.'), 'Further columns: properties of partners. For clients of earlier versions.'),
    ),
  },
)
export type DownloadPlatformTransferSheetBody = Static<typeof DownloadPlatformTransferSheetBody>

export const PlatformTransferSummaryPartnerType = enumeration(
  'PlatformTransferSummaryPartnerType',
  'A registered business, an individual subject to withholding tax, or an individual without withholding.',
  ['BUSINESS', 'WHT_PAYER', 'NON_WHT_PAYER'],
)
export type PlatformTransferSummaryPartnerType = Static<typeof PlatformTransferSummaryPartnerType>

export const PlatformTransferSummaryPartner = object(
  'PlatformTransferSummaryPartner',
  'The partner of a transfer, in brief.',
  {
    id: string("The partner's id."),
    graphqlId: graphqlId('the partner'),
    name: string("The partner's name."),
    type: PlatformTransferSummaryPartnerType,
    taxationType: optional(described(PlatformPartnerTaxationType, 'How the partner is taxed, if it is a business.')),
    userDefinedProperties: userDefinedProperties('The properties of the partner that the merchant has defined.'),
  },
)
export type PlatformTransferSummaryPartner = Static<typeof PlatformTransferSummaryPartner>

const summaryFields = {
  ...transferFields,
  partner: PlatformTransferSummaryPartner,
  partnerUserDefinedProperties: userDefinedProperties(
    'The same as `partner.userDefinedProperties`, for clients of earlier versions.',
  ),
}

const orderSummaryFields = {
  ...summaryFields,
  storeId: string('The store of the payment.'),
  contract: described(PlatformContract, 'The contract that applies, as it was then.'),
  amount: PlatformOrderSettlementAmount,
  payment: PlatformTransferSummaryPayment,
  settlementStartDate,
}

export const PlatformOrderTransferSummary = object(
  'PlatformOrderTransferSummary',
  'What an order owes to a partner, in brief.',
  { type: tag('ORDER'), ...orderSummaryFields },
)
export type PlatformOrderTransferSummary = Static<typeof PlatformOrderTransferSummary>

export const PlatformOrderCancelTransferSummary = object(
  'PlatformOrderCancelTransferSummary',
  'What the cancellation of an order takes back, in brief.',
  { type: tag('ORDER_CANCEL'), ...orderSummaryFields },
)
export type PlatformOrderCancelTransferSummary = Static<typeof PlatformOrderCancelTransferSummary>

export const PlatformManualTransferSummary = object(
  'PlatformManualTransferSummary',
  'An amount entered by hand, in brief.',
  { type: tag('MANUAL'), ...summaryFields, ...manualAmounts },
)
export type PlatformManualTransferSummary = Static<typeof PlatformManualTransferSummary>

export const PlatformTransferSummary = discriminated('PlatformTransferSummary', 'A transfer, in brief.', 'type', {
  ORDER: PlatformOrderTransferSummary,
  ORDER_CANCEL: PlatformOrderCancelTransferSummary,
  MANUAL: PlatformManualTransferSummary,
})
export type PlatformTransferSummary = Static<typeof PlatformTransferSummary>

export const GetPlatformTransferSummariesResponse = object(
  'GetPlatformTransferSummariesResponse',
  'A page of transfers.',
  {
    transferSummaries: array(PlatformTransferSummary, 'The transfers found, possibly none.'),
    page: PageInfo,
  },
)
export type GetPlatformTransferSummariesResponse = Static<typeof GetPlatformTransferSummariesResponse>
