import {
  amount,
  array,
  date,
  dateTime,
  described,
  discriminated,
  enumeration,
  object,
  optional,
  type Static,
  string,
  tag,
} from '../../schema.ts'
import { Currency } from '../common/currency.ts'
import { PageInfo, PageInput } from '../common/list.ts'
import { DateRange } from '../reconciliation/reconciliation.ts'
import { PlatformContract } from './contract.ts'
import { graphqlId, isForTest, versionFields } from './lifecycle.ts'
import { PlatformPartner } from './partner.ts'
import { PlatformOrderSettlementAmount } from './settlement-amount.ts'

export const PlatformPartnerSettlementType = enumeration(
  'PlatformPartnerSettlementType',
  'Which transfers a partner settlement sums up: of orders, of their cancellations, or entered by hand.',
  ['MANUAL', 'ORDER', 'ORDER_CANCEL'],
)
export type PlatformPartnerSettlementType = Static<typeof PlatformPartnerSettlementType>

export const PlatformPartnerSettlementStatus = enumeration(
  'PlatformPartnerSettlementStatus',
  'How far paying a partner settlement has come. `PAYOUT_PREPARED`, `PAYOUT_FAILED` and `CANCELLED` ones can be paid.',
  [
    'PAYOUT_SCHEDULED',
    'PAYOUT_PREPARED',
    'PAYOUT_WITHHELD',
    'PAYOUT_EXCLUDED',
    'PAYOUT_FAILED',
    'IN_PAYOUT',
    'PAID_OUT',
    'CANCELLED',
    'CONFIRMED',
  ],
)
export type PlatformPartnerSettlementStatus = Static<typeof PlatformPartnerSettlementStatus>

const settlementFields = {
  id: string("The partner settlement's id."),
  graphqlId: graphqlId('the partner settlement'),
  partner: PlatformPartner,
  settlementDate: date('When it was settled.'),
  settlementCurrency: Currency,
  status: PlatformPartnerSettlementStatus,
  statusUpdatedAt: optional(dateTime('When the status last changed.')),
  memo: optional(string('Why the status was changed by hand.')),
  isForTest: versionFields.isForTest,
}

const orderFields = {
  ...settlementFields,
  contract: PlatformContract,
  settlementStartDateRange: described(DateRange, 'The earliest and the latest settlement start date of the transfers.'),
  amount: described(PlatformOrderSettlementAmount, 'The sums over the transfers.'),
}

export const PlatformPartnerOrderSettlement = object(
  'PlatformPartnerOrderSettlement',
  'What orders owe to a partner, settled on one day.',
  { type: tag('ORDER'), ...orderFields },
)
export type PlatformPartnerOrderSettlement = Static<typeof PlatformPartnerOrderSettlement>

export const PlatformPartnerOrderCancelSettlement = object(
  'PlatformPartnerOrderCancelSettlement',
  'What cancellations take back from a partner, settled on one day.',
  { type: tag('ORDER_CANCEL'), ...orderFields },
)
export type PlatformPartnerOrderCancelSettlement = Static<typeof PlatformPartnerOrderCancelSettlement>

export const PlatformPartnerManualSettlement = object(
  'PlatformPartnerManualSettlement',
  'Amounts entered by hand, settled on one day.',
  {
    type: tag('MANUAL'),
    ...settlementFields,
    amount: amount('The sum over the transfers, in the minor unit of the currency. May be negative.'),
    taxFreeAmount: amount('The tax-free part of the sum, in the minor unit of the currency.'),
  },
)
export type PlatformPartnerManualSettlement = Static<typeof PlatformPartnerManualSettlement>

export const PlatformPartnerSettlement = discriminated(
  'PlatformPartnerSettlement',
  'The transfers of one partner, contract, type and currency that were settled on one day.',
  'type',
  {
    MANUAL: PlatformPartnerManualSettlement,
    ORDER: PlatformPartnerOrderSettlement,
    ORDER_CANCEL: PlatformPartnerOrderCancelSettlement,
  },
)
export type PlatformPartnerSettlement = Static<typeof PlatformPartnerSettlement>

export const PlatformPartnerSettlementFilterKeywordInput = object(
  'PlatformPartnerSettlementFilterKeywordInput',
  'An id to find. At most one field may be given.',
  {
    partnerSettlementId: optional(string('The whole id of the partner settlement.')),
    payoutId: optional(string('The whole id of the payout.')),
    bulkPayoutId: optional(string('The whole id of the bulk payout.')),
  },
)
export type PlatformPartnerSettlementFilterKeywordInput = Static<typeof PlatformPartnerSettlementFilterKeywordInput>

export const PlatformPartnerSettlementFilterInput = object(
  'PlatformPartnerSettlementFilterInput',
  'Which partner settlements to return. One must meet every condition given; an empty list is no condition.',
  {
    settlementDates: optional(array(date('A day.'), 'Settled on any of these days.')),
    contractIds: optional(array(string('A contract.'), 'Any of these contracts.')),
    partnerTags: optional(array(string('A tag.'), 'A partner with any of these tags.')),
    settlementCurrencies: optional(array(Currency, 'Any of these currencies.')),
    statuses: optional(array(PlatformPartnerSettlementStatus, 'Any of these statuses.')),
    partnerIds: optional(array(string('A partner.'), 'Any of these partners.')),
    settlementTypes: optional(array(PlatformPartnerSettlementType, 'Any of these types.')),
    keyword: optional(PlatformPartnerSettlementFilterKeywordInput),
  },
)
export type PlatformPartnerSettlementFilterInput = Static<typeof PlatformPartnerSettlementFilterInput>

export const GetPlatformPartnerSettlementsBody = object(
  'GetPlatformPartnerSettlementsBody',
  'Which partner settlements to return.',
  {
    page: optional(PageInput),
    filter: PlatformPartnerSettlementFilterInput,
    isForTest: optional(isForTest),
  },
)
export type GetPlatformPartnerSettlementsBody = Static<typeof GetPlatformPartnerSettlementsBody>

export const PlatformPartnerSettlementStatusStats = object(
  'PlatformPartnerSettlementStatusStats',
  'How many partner settlements have which status.',
  {
    payoutScheduled: amount('How many are `PAYOUT_SCHEDULED`.'),
    payoutPrepared: amount('How many are `PAYOUT_PREPARED`.'),
    payoutWithheld: amount('How many are `PAYOUT_WITHHELD`.'),
    payoutExcluded: amount('How many are `PAYOUT_EXCLUDED`.'),
    payoutFailed: amount('How many are `PAYOUT_FAILED`.'),
    payoutCancelled: amount('How many are `CANCELLED`.'),
    payoutConfirmed: amount('How many are `CONFIRMED`.'),
    inPayout: amount('How many are `IN_PAYOUT`.'),
    paidOut: amount('How many are `PAID_OUT`.'),
  },
)
export type PlatformPartnerSettlementStatusStats = Static<typeof PlatformPartnerSettlementStatusStats>

export const GetPlatformPartnerSettlementsResponse = object(
  'GetPlatformPartnerSettlementsResponse',
  'A page of partner settlements.',
  {
    items: array(PlatformPartnerSettlement, 'The items found, possibly none.'),
    page: PageInfo,
    counts: described(PlatformPartnerSettlementStatusStats, 'By status, whatever statuses the filter names.'),
  },
)
export type GetPlatformPartnerSettlementsResponse = Static<typeof GetPlatformPartnerSettlementsResponse>

export const DeletePlatformPartnerSettlementsBody = object(
  'DeletePlatformPartnerSettlementsBody',
  'Which partner settlements to delete, with their transfers.',
  {
    partnerSettlementIds: array(
      string('A partner settlement.'),
      'Which ones, at most 10,000. All are deleted, or none.',
      {
        minItems: 1,
        maxItems: 10_000,
      },
    ),
    isForTest: optional(isForTest),
  },
)
export type DeletePlatformPartnerSettlementsBody = Static<typeof DeletePlatformPartnerSettlementsBody>

export const DeletePlatformPartnerSettlementsResponse = object(
  'DeletePlatformPartnerSettlementsResponse',
  'The partner settlements are deleted.',
  {},
)
export type DeletePlatformPartnerSettlementsResponse = Static<typeof DeletePlatformPartnerSettlementsResponse>
