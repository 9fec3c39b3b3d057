import type { BillingKeyTextSearchField } from '@naru/contract'
import { beginningOf } from '../kernel/text.ts'
import { type BillingKey, everHeldBy } from './billing-key.ts'

/** PostgreSQL limits the size of index keys, and nobody searches by more. Both sides are cut alike. */
const maximumLength = 200

/** The entry that a text search looks for: a field matches if its whole value is equal, up to what is compared. */
export const searchEntry = (field: BillingKeyTextSearchField, value: string): string =>
  `${field}=${beginningOf(value, maximumLength)}`

/** All that a key can be found by, as `FIELD=value`, for one inverted index over all fields. */
export const searchEntries = (key: BillingKey): string[] => {
  const found = new Set<string>()
  const add = (field: BillingKeyTextSearchField, value: string | undefined) => {
    if (value !== undefined && value !== '') found.add(searchEntry(field, value))
  }
  const { customer, channelGroup } = key.request ?? {}
  add('BILLING_KEY', key.billingKey)
  add('CHANNEL_GROUP_NAME', channelGroup?.name)
  add('CUSTOMER_NAME', customer?.name)
  add('CUSTOMER_EMAIL', customer?.email)
  add('CUSTOMER_PHONE_NUMBER', customer?.phoneNumber)
  add('CUSTOMER_ADDRESS', customer?.address?.oneLine)
  add('CUSTOMER_ZIPCODE', customer?.zipcode)
  for (const { channel, method } of everHeldBy(key)) {
    add('PG_MERCHANT_ID', channel.pgMerchantId)
    if (method?.type !== 'BillingKeyPaymentMethodCard') continue
    add('CARD_BIN', method.card?.bin)
    add('CARD_NUMBER', method.card?.number)
  }
  return [...found]
}
