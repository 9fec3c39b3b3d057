/** The columns of amounts that a partner settlement sums up over its transfers. */
export const amountColumns = [
  'order_amount',
  'order_tax_free',
  'discount',
  'discount_tax_free',
  'payment',
  'payment_tax_free',
  'payment_supply',
  'payment_vat',
  'payment_vat_burden',
  'discount_share',
  'discount_share_tax_free',
  'platform_fee',
  'platform_fee_vat',
  'additional_fee',
  'additional_fee_vat',
  'settlement',
  'settlement_tax_free',
] as const

/** What makes transfers one settlement. */
export const groupColumns = ['partner_id', 'type', 'settlement_date', 'currency', 'contract_id'] as const
