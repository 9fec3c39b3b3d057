import { amount, array, boolean, described, object, optional, type Static, string } from '../schema.ts'
import { CheckoutPaymentMethod } from '../schemas/checkout/session.ts'
import { Country } from '../schemas/common/country.ts'
import { Currency } from '../schemas/common/currency.ts'

const setting = {
  requiresConfirmUrl: boolean(
    'Whether a browser request without `confirmUrl` is refused with `ConfirmUrlRequired`: the store has its server asked before each approval.',
  ),
  webhookFirst: boolean("Whether the browser's result waits until the webhook was delivered, for 10 seconds at most."),
}

export const AdminCheckoutSetting = object('AdminCheckoutSetting', 'What a store wants of its checkout.', setting)
export type AdminCheckoutSetting = Static<typeof AdminCheckoutSetting>

export const ChangeAdminCheckoutSettingBody = object('ChangeAdminCheckoutSettingBody', 'What is to be changed.', {
  requiresConfirmUrl: optional(setting.requiresConfirmUrl),
  webhookFirst: optional(setting.webhookFirst),
})

export const AdminCheckoutProfileEntry = object(
  'AdminCheckoutProfileEntry',
  'A way to pay, and where it is offered. Conditions that are absent hold everywhere.',
  {
    paymentMethod: described(CheckoutPaymentMethod, 'The way to pay.'),
    channelKey: string('The channel that it is paid through.'),
    countries: optional(array(Country, 'Only to buyers in these countries.')),
    currencies: optional(array(Currency, 'Only in these currencies.')),
    minAmount: optional(amount('Only from this amount on, in the minor unit of the currency.')),
    maxAmount: optional(amount('Only up to this amount, in the minor unit of the currency.')),
  },
)
export type AdminCheckoutProfileEntry = Static<typeof AdminCheckoutProfileEntry>

const profile = {
  name: string('What people call it.'),
  isForTest: boolean(
    'Whether its channels are those of the test environment. A profile has channels of one environment.',
  ),
  entries: array(
    AdminCheckoutProfileEntry,
    'In the order in which they are offered; of each way to pay the first that fits.',
  ),
}

export const AdminCheckoutProfile = object('AdminCheckoutProfile', 'Which ways to pay a payment session offers.', {
  profileKey: string('What payment sessions name it by.'),
  ...profile,
})
export type AdminCheckoutProfile = Static<typeof AdminCheckoutProfile>

export const PutAdminCheckoutProfileBody = object('PutAdminCheckoutProfileBody', 'The profile.', profile)
export type PutAdminCheckoutProfileBody = Static<typeof PutAdminCheckoutProfileBody>

export const ListAdminCheckoutProfilesResponse = object('ListAdminCheckoutProfilesResponse', 'The profiles.', {
  items: array(AdminCheckoutProfile, 'Oldest first.'),
})
