import {
  accountNumber,
  amount,
  array,
  boolean,
  date,
  dateTime,
  described,
  enumeration,
  integer,
  line,
  newId,
  notBlank,
  notBlankLine,
  object,
  optional,
  type Static,
  secondFactorCode,
  string,
} from '../schema.ts'
import { Bank } from '../schemas/common/bank.ts'
import { Currency } from '../schemas/common/currency.ts'
import {
  GetPlatformBulkPayoutsResponse,
  PlatformBulkPayoutStats,
  PlatformBulkPayoutStatus,
} from '../schemas/platform/bulk-payout.ts'
import { PlatformAccountStatus } from '../schemas/platform/partner-account.ts'
import { PlatformPayoutMethod } from '../schemas/platform/payout.ts'

const unit = 'In the minor unit of the currency.'

export const AdminSecondFactor = object(
  'AdminSecondFactor',
  'Proof that a person lets the money go: the code that their authenticator shows now. Each code is good once.',
  {
    approverId: string('Who approves, as `naru payout approver list` shows them.'),
    code: secondFactorCode('The six digits of the authenticator.'),
  },
)
export type AdminSecondFactor = Static<typeof AdminSecondFactor>

const secondFactor = optional(described(AdminSecondFactor, 'Required, unless it is switched off for a sandbox store.'))

const chosenPayouts = {
  payoutIds: optional(
    array(string('A payout.'), 'Only these payouts. All that it is possible for, unless given.', { minItems: 1 }),
  ),
}

export const AdminPartnerNet = object(
  'AdminPartnerNet',
  'What one payout would pay: what a partner is owed in one currency, or for one manual transfer that is settled by itself.',
  {
    partnerId: string('The partner.'),
    partnerName: string("The partner's name."),
    currency: Currency,
    settlementAmount: amount(
      `Orders less cancellations plus amounts entered by hand. ${unit} Negative: the partner owes it.`,
    ),
    settlementTaxFreeAmount: amount(`Its tax-free part. ${unit}`),
    partnerSettlementIds: array(string('A partner settlement.'), 'The settlements in it.'),
    isPayable: boolean('False for a partner who is not approved, or whose account has another currency.'),
    accountStatus: described(
      PlatformAccountStatus,
      'Whether the bank confirmed who holds the account. It is paid in any case: look at those that are not `VERIFIED`.',
    ),
  },
)
export type AdminPartnerNet = Static<typeof AdminPartnerNet>

export const AdminBulkPayout = object('AdminBulkPayout', 'A run that pays many partners.', {
  id: string("The bulk payout's id."),
  name: string("The bulk payout's name."),
  creatorId: string('Who created it.'),
  method: PlatformPayoutMethod,
  status: PlatformBulkPayoutStatus,
  payoutStats: PlatformBulkPayoutStats,
  createdAt: dateTime('When it was created.'),
  statusUpdatedAt: dateTime('When the status last changed.'),
  selected: array(AdminPartnerNet, 'While it is `PREPARING`: what would be paid. Otherwise empty.'),
})
export type AdminBulkPayout = Static<typeof AdminBulkPayout>

export const AdminPayoutTotal = object(
  'AdminPayoutTotal',
  'What the payouts of a bulk payout in one currency come to.',
  {
    bulkPayoutId: string('The bulk payout.'),
    currency: Currency,
    amount: amount(`What they pay, whatever became of them. ${unit}`),
  },
)
export type AdminPayoutTotal = Static<typeof AdminPayoutTotal>

export const ListAdminBulkPayoutsResponse = object('ListAdminBulkPayoutsResponse', 'A page of bulk payouts.', {
  ...GetPlatformBulkPayoutsResponse.properties,
  payoutTotals: array(
    AdminPayoutTotal,
    'For each bulk payout of the page and each currency that it has payouts in. The amounts of the items themselves add up all currencies.',
  ),
})
export type ListAdminBulkPayoutsResponse = Static<typeof ListAdminBulkPayoutsResponse>

export const PrepareAdminBulkPayoutBody = object('PrepareAdminBulkPayoutBody', 'What to pay.', {
  id: optional(newId('An id for it. Made up unless given.')),
  name: optional(notBlank('A name for it. Defaults to its id.', { maxLength: 100 })),
  settlementDates: array(date('A settlement date.'), 'Which settlements to select, by their dates.', {
    minItems: 1,
    maxItems: 10,
  }),
})
export type PrepareAdminBulkPayoutBody = Static<typeof PrepareAdminBulkPayoutBody>

export const SelectAdminSettlementsBody = object('SelectAdminSettlementsBody', 'What to take out or in.', {
  partnerSettlementIds: optional(
    array(string('A partner settlement.'), 'Which ones, at most 10,000. All of them, unless given.', {
      maxItems: 10_000,
    }),
  ),
  isSelected: boolean('False takes them out of the bulk payout, true back in.'),
})
export type SelectAdminSettlementsBody = Static<typeof SelectAdminSettlementsBody>

export const SetAdminPayoutMemosBody = object('SetAdminPayoutMemosBody', 'What bank statements shall show.', {
  withdrawalMemo: optional(line("On the merchant's own statement.", { maxLength: 30 })),
  depositMemo: optional(line("On the partner's statement.", { maxLength: 30 })),
  saveAsDefault: optional(boolean('Whether payouts to come shall show the same. Defaults to false.')),
  ...chosenPayouts,
})
export type SetAdminPayoutMemosBody = Static<typeof SetAdminPayoutMemosBody>

export const ExecuteAdminPayoutsBody = object('ExecuteAdminPayoutsBody', 'Which payouts to let go, and when.', {
  scheduledAt: optional(
    dateTime(
      'When the money is to leave: a full ten minutes, outside of 22:50 to 01:00 in Korea. At once unless given.',
    ),
  ),
  ...chosenPayouts,
  secondFactor,
})
export type ExecuteAdminPayoutsBody = Static<typeof ExecuteAdminPayoutsBody>

export const RetryAdminPayoutsBody = object('RetryAdminPayoutsBody', 'Which payouts to try again.', {
  ...chosenPayouts,
  secondFactor,
})
export type RetryAdminPayoutsBody = Static<typeof RetryAdminPayoutsBody>

export const ChooseAdminPayoutsBody = object('ChooseAdminPayoutsBody', 'Which payouts are meant.', chosenPayouts)
export type ChooseAdminPayoutsBody = Static<typeof ChooseAdminPayoutsBody>

export const AdminPayoutsChanged = object('AdminPayoutsChanged', 'What was done.', {
  changed: integer('How many payouts it was done to.'),
  bulkPayout: AdminBulkPayout,
})
export type AdminPayoutsChanged = Static<typeof AdminPayoutsChanged>

export const AdminLeftOutReason = enumeration(
  'AdminLeftOutReason',
  'The partner is not approved, or has another account than the payout was generated for.',
  ['PARTNER_NOT_APPROVED', 'ACCOUNT_CHANGED'],
)
export type AdminLeftOutReason = Static<typeof AdminLeftOutReason>

export const AdminPayoutLeftOut = object('AdminPayoutLeftOut', 'A payout that was not ordered, and why.', {
  payoutId: string('The payout. It is what it was.'),
  partnerId: string('Its partner.'),
  reason: AdminLeftOutReason,
})
export type AdminPayoutLeftOut = Static<typeof AdminPayoutLeftOut>

export const AdminPayoutsExecuted = object('AdminPayoutsExecuted', 'What was done.', {
  changed: integer('How many payouts were ordered.'),
  leftOut: array(
    AdminPayoutLeftOut,
    'Which were left out. Approve the partner and execute again. Where the account has changed, cancel the payout and prepare its settlements again: the new payout pays the new account.',
  ),
  bulkPayout: AdminBulkPayout,
})
export type AdminPayoutsExecuted = Static<typeof AdminPayoutsExecuted>

export const AdminPayoutsRetried = object('AdminPayoutsRetried', 'What was done.', {
  changed: integer('How many payouts are on their way again.'),
  unconfirmedPartnerIds: array(
    string('A partner.'),
    'Who was left out: their account has changed, and its bank does not confirm the holder.',
  ),
  leftOut: array(
    AdminPayoutLeftOut,
    'Which payouts were left out: those of `unconfirmedPartnerIds`, and of partners who are not approved.',
  ),
  bulkPayout: AdminBulkPayout,
})
export type AdminPayoutsRetried = Static<typeof AdminPayoutsRetried>

export const AdminPayoutsGenerated = object('AdminPayoutsGenerated', 'The payouts are generated.', {
  generated: integer('How many there are.'),
  unpaidPartnerIds: array(
    string('A partner.'),
    'Who was left out: not approved, or with an account of another currency.',
  ),
  bulkPayout: AdminBulkPayout,
})
export type AdminPayoutsGenerated = Static<typeof AdminPayoutsGenerated>

export const AdminSettlementStatus = enumeration(
  'AdminSettlementStatus',
  'What a person can make of a settlement: payable, held back, or left out for good.',
  ['PAYOUT_PREPARED', 'PAYOUT_WITHHELD', 'PAYOUT_EXCLUDED'],
)
export type AdminSettlementStatus = Static<typeof AdminSettlementStatus>

export const SetAdminSettlementStatusBody = object('SetAdminSettlementStatusBody', 'Which settlements, and why.', {
  partnerSettlementIds: array(string('A partner settlement.'), 'All of them are changed, or none.', {
    minItems: 1,
    maxItems: 10_000,
  }),
  status: AdminSettlementStatus,
  memo: optional(string('Why, for whoever reads the settlement.', { maxLength: 256 })),
})
export type SetAdminSettlementStatusBody = Static<typeof SetAdminSettlementStatusBody>

export const AdminSettlementsChanged = object('AdminSettlementsChanged', 'What was done.', {
  changed: integer('How many settlements were changed.'),
})
export type AdminSettlementsChanged = Static<typeof AdminSettlementsChanged>

export const AdminBalance = object('AdminBalance', "What is in the merchant's account.", {
  bankAccountId: string('The account.'),
  currency: Currency,
  balance: amount(`What the bank says is in it. ${unit}`),
  ordered: amount(`What payouts that are scheduled, queued or at the bank will still take of it. ${unit}`),
  owed: amount(
    `What is settled in won and not ordered yet: sellers wait for it. The sum of what each is owed; who owes more than it is owed counts as 0. What is in a payout, also one that was stopped or has failed, counts with the amount that it pays: with the VAT that NET adds, and less the tax that is withheld. Without what is left out for good. ${unit}`,
  ),
  free: amount(
    `The balance less what is ordered and owed: what could be taken out. ${unit} Negative: money is missing.`,
  ),
})
export type AdminBalance = Static<typeof AdminBalance>

export const RemitAdminBalanceBody = object('RemitAdminBalanceBody', 'What to take out, and where to.', {
  bank: Bank,
  accountNumber: accountNumber('The account that receives it.'),
  accountHolder: notBlankLine('Who holds that account.', { maxLength: 100 }),
  amount: integer('How much, in won.', { minimum: 1 }),
  withdrawalMemo: optional(line("On the merchant's own statement.", { maxLength: 30 })),
  depositMemo: optional(line("On the receiver's statement.", { maxLength: 30 })),
  secondFactor,
})
export type RemitAdminBalanceBody = Static<typeof RemitAdminBalanceBody>

export const AdminRemittance = object('AdminRemittance', 'The withdrawal is ordered.', {
  accountTransferId: string('Under this id `GET /platform/account-transfers` shows what becomes of it.'),
  exceedsFreeAmount: boolean('Whether it takes of what sellers wait for.'),
})
export type AdminRemittance = Static<typeof AdminRemittance>

export const AdminOwed = object('AdminOwed', 'A payment whose transfers do not follow what was paid and refunded.', {
  paymentId: string('The payment.'),
  kind: enumeration(
    'AdminOwedKind',
    'Refunded, and no transfer takes it back; taken back, and not refunded; registered, and never paid.',
    ['REFUNDED_NOT_CANCELLED', 'CANCELLED_NOT_REFUNDED', 'NOT_PAID'],
  ),
  amount: amount('By how much they differ, in the minor unit of the currency.'),
  currency: described(Currency, "The payment's currency."),
})
export type AdminOwed = Static<typeof AdminOwed>

export const ListAdminOwedResponse = object('ListAdminOwedResponse', 'A part of what is owed.', {
  items: array(AdminOwed, 'By payment id.'),
  next: optional(string('Sent as `after`, it goes on behind these. Absent: there are no more.')),
})
export type ListAdminOwedResponse = Static<typeof ListAdminOwedResponse>

export const DecideAdminPartnersBody = object('DecideAdminPartnersBody', 'Which partners, and how.', {
  partnerIds: array(string('A partner.'), 'All of them are changed, or none.', { minItems: 1, maxItems: 1000 }),
  status: enumeration('AdminPartnerDecision', 'Only partners who are approved are paid.', ['APPROVED', 'REJECTED']),
})
export type DecideAdminPartnersBody = Static<typeof DecideAdminPartnersBody>

export const AdminPartnersDecided = object('AdminPartnersDecided', 'What was done.', {
  changed: integer('How many partners were something else before.'),
})
export type AdminPartnersDecided = Static<typeof AdminPartnersDecided>

export const AdminHoliday = object('AdminHoliday', 'A day on which Korean banks are closed, or open after all.', {
  date: date('The day.'),
  name: string('Its name.'),
  isClosed: boolean('Whether banks are closed.'),
  origin: enumeration(
    'AdminHolidayOrigin',
    'Who says so: the government; the law, in a year that is not announced yet; the banks alone; or the merchant.',
    ['ANNOUNCED', 'COMPUTED', 'BANKS_ONLY', 'MERCHANT'],
  ),
})
export type AdminHoliday = Static<typeof AdminHoliday>

export const ListAdminHolidaysResponse = object('ListAdminHolidaysResponse', "A year's holidays.", {
  items: array(AdminHoliday, 'In the order of their days.'),
  isAnnounced: boolean('Whether the government has announced the year.'),
})
export type ListAdminHolidaysResponse = Static<typeof ListAdminHolidaysResponse>

export const PutAdminHolidayBody = object('PutAdminHolidayBody', 'What is so on the day.', {
  name: notBlank('Its name.', { maxLength: 100 }),
  isClosed: boolean('Whether banks are closed.'),
})
export type PutAdminHolidayBody = Static<typeof PutAdminHolidayBody>

export const AdminCalendarChanged = object('AdminCalendarChanged', 'The calendar is changed.', {
  redated: integer('How many transfers that have not started have another settlement date now.'),
})
export type AdminCalendarChanged = Static<typeof AdminCalendarChanged>
