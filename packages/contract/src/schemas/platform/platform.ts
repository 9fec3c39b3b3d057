import { boolean, enumeration, object, optional, type Static, string } from '../../schema.ts'
import { graphqlId } from './lifecycle.ts'

export const PlatformRoundType = enumeration(
  'PlatformRoundType',
  'How amounts are rounded: down, up, or to the nearest unit, halves up (`OFF`).',
  ['DOWN', 'UP', 'OFF'],
)
export type PlatformRoundType = Static<typeof PlatformRoundType>

const platformFee = string('Computes the platform fee.')
const discountShare = string("Computes the partner's share of a discount.")
const additionalFee = string('Computes an additional fee.')

export const PlatformSettlementFormula = object(
  'PlatformSettlementFormula',
  'How fees and shares are computed: formulas with `+`, `-`, `*`, parentheses, `ceil`, `floor`, `round` and variables such as `ORDER_AMOUNT` and `FIXED_RATE`.',
  { platformFee, discountShare, additionalFee },
)
export type PlatformSettlementFormula = Static<typeof PlatformSettlementFormula>

const rules = {
  supportsMultipleOrderTransfersPerPartner: boolean(
    'Whether one payment may have several order transfers for the same partner.',
  ),
  adjustSettlementDateAfterHolidayIfEarlier: boolean(
    'Whether a settlement date that moves back to the settlement start date or before it moves forward instead.',
  ),
  subtractWhtInPayoutAmount: boolean('Whether withholding tax is taken off payouts to partners who are subject to it.'),
}

export const PlatformSettlementRule = object('PlatformSettlementRule', "The merchant's rules for settlement.", rules)
export type PlatformSettlementRule = Static<typeof PlatformSettlementRule>

export const Platform = object('Platform', 'How the merchant settles with its partners.', {
  merchantId: string('The merchant.'),
  graphqlId: graphqlId('the platform'),
  roundType: PlatformRoundType,
  settlementFormula: PlatformSettlementFormula,
  settlementRule: PlatformSettlementRule,
})
export type Platform = Static<typeof Platform>

export const UpdatePlatformBodySettlementFormula = object(
  'UpdatePlatformBodySettlementFormula',
  'Formulas to change. Those that are absent stay as they are.',
  {
    platformFee: optional(platformFee),
    discountShare: optional(discountShare),
    additionalFee: optional(additionalFee),
  },
)
export type UpdatePlatformBodySettlementFormula = Static<typeof UpdatePlatformBodySettlementFormula>

export const UpdatePlatformBodySettlementRule = object(
  'UpdatePlatformBodySettlementRule',
  'Rules to change. Those that are absent stay as they are.',
  {
    supportsMultipleOrderTransfersPerPartner: optional(rules.supportsMultipleOrderTransfersPerPartner),
    adjustSettlementDateAfterHolidayIfEarlier: optional(rules.adjustSettlementDateAfterHolidayIfEarlier),
    subtractWhtInPayoutAmount: optional(rules.subtractWhtInPayoutAmount),
  },
)
export type UpdatePlatformBodySettlementRule = Static<typeof UpdatePlatformBodySettlementRule>

export const UpdatePlatformBody = object(
  'UpdatePlatformBody',
  'What to change. Fields that are absent stay as they are.',
  {
    roundType: optional(PlatformRoundType),
    settlementFormula: optional(UpdatePlatformBodySettlementFormula),
    settlementRule: optional(UpdatePlatformBodySettlementRule),
  },
)
export type UpdatePlatformBody = Static<typeof UpdatePlatformBody>

export const UpdatePlatformResponse = object('UpdatePlatformResponse', 'The platform was changed.', {
  platform: Platform,
})
export type UpdatePlatformResponse = Static<typeof UpdatePlatformResponse>
