import type Type from 'typebox'
import { access, type OperationDefinition, operation } from '../operation.ts'
import { boolean, date, described, integer, object, optional, type Static, string } from '../schema.ts'
import {
  GetPlatformPartnerSettlementsResponse,
  PlatformPartnerSettlementStatus,
} from '../schemas/platform/partner-settlement.ts'
import { GetPlatformPayoutsResponse } from '../schemas/platform/payout.ts'
import { adminCheckoutOperations } from './checkout-operations.ts'
import {
  AdminBalance,
  AdminBulkPayout,
  AdminCalendarChanged,
  AdminPartnersDecided,
  AdminPayoutsChanged,
  AdminPayoutsExecuted,
  AdminPayoutsGenerated,
  AdminPayoutsRetried,
  AdminRemittance,
  AdminSettlementsChanged,
  ChooseAdminPayoutsBody,
  DecideAdminPartnersBody,
  ExecuteAdminPayoutsBody,
  ListAdminBulkPayoutsResponse,
  ListAdminHolidaysResponse,
  ListAdminOwedResponse,
  PrepareAdminBulkPayoutBody,
  PutAdminHolidayBody,
  RemitAdminBalanceBody,
  RetryAdminPayoutsBody,
  SelectAdminSettlementsBody,
  SetAdminPayoutMemosBody,
  SetAdminSettlementStatusBody,
} from './schemas.ts'

const environment = {
  test: optional(boolean('True for the test environment, whose data are separate. Defaults to false.')),
}
const onPlatform = object('AdminQuery', 'Which environment is meant.', environment)
const page = {
  number: optional(integer('Which page, counted from 0. Defaults to 0.', { minimum: 0 })),
  size: optional(integer('How many a page has. Defaults to 10.', { minimum: 1, maximum: 1000 })),
}
const ofPage = object('AdminPageQuery', 'Which page of which environment.', { ...environment, ...page })

const base = { category: 'admin', authenticated: true } as const
const common = { ...base, queryParameters: onPlatform } as const
const errors = [...access, 'PLATFORM_NOT_ENABLED'] as const
const path = '/admin/platform/bulk-payouts/{id}' as const
const ofBulkPayout = {
  ...common,
  pathParameters: object('AdminBulkPayoutPath', 'Which bulk payout is meant.', { id: string("The bulk payout's id.") }),
} as const
const step = { ...ofBulkPayout, method: 'POST', errors } as const
const payouts = { ...step, bodyIn: 'body', bodyRequired: false } as const
const holidayPath = object('AdminHolidayPath', 'Which day is meant.', { date: date('The day.') })

/**
 * What PortOne's hosted service does in its console only: choosing what to pay, letting the money go, holding it back.
 * It is kept apart from PortOne's API, with a credential of its own, so that no API secret can let money go.
 */
export const adminOperations = {
  listAdminSettlements: operation({
    ...common,
    method: 'GET',
    path: '/admin/platform/partner-settlements',
    queryParameters: object('AdminSettlementsQuery', 'Which settlements.', {
      ...environment,
      ...page,
      settlementDate: optional(date('Only of this date.')),
      status: optional(described(PlatformPartnerSettlementStatus, 'Only those that are this.')),
      partnerId: optional(string('Only of this partner.')),
    }),
    summary: 'List settlements',
    description: 'Newest first, as `GET /platform/partner-settlements` shows them.',
    success: GetPlatformPartnerSettlementsResponse,
    errors,
  }),
  listAdminBulkPayouts: operation({
    ...common,
    method: 'GET',
    path: '/admin/platform/bulk-payouts',
    queryParameters: ofPage,
    summary: 'List bulk payouts',
    description: 'Newest first, as `GET /platform/bulk-payouts` shows them, and what each pays in each currency.',
    success: ListAdminBulkPayoutsResponse,
    errors,
  }),
  ...adminCheckoutOperations,
  prepareAdminBulkPayout: operation({
    ...common,
    method: 'POST',
    path: '/admin/platform/bulk-payouts',
    summary: 'Prepare a bulk payout',
    description:
      'Selects every settlement of these dates that can be paid in won. One bulk payout at a time is prepared. Nothing is paid yet.',
    body: PrepareAdminBulkPayoutBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: AdminBulkPayout,
    errors: [...errors, 'PLATFORM_BULK_PAYOUT_ID_ALREADY_EXISTS'],
  }),
  getAdminBulkPayout: operation({
    ...ofBulkPayout,
    method: 'GET',
    path,
    summary: 'Read a bulk payout',
    description: 'How far it is, and while it is prepared, what each partner would be paid.',
    success: AdminBulkPayout,
    errors,
  }),
  listAdminPayouts: operation({
    ...ofBulkPayout,
    method: 'GET',
    path: `${path}/payouts`,
    queryParameters: ofPage,
    summary: 'List the payouts of a bulk payout',
    description: 'Newest first, as `GET /platform/payouts` shows them.',
    success: GetPlatformPayoutsResponse,
    errors,
  }),
  selectAdminSettlements: operation({
    ...payouts,
    path: `${path}/selection`,
    summary: 'Take settlements out of a bulk payout, or back in',
    description: 'Possible until the payouts are generated.',
    body: SelectAdminSettlementsBody,
    bodyRequired: true,
    success: AdminBulkPayout,
    isBulkWrite: true,
  }),
  discardAdminBulkPayout: operation({
    ...step,
    path: `${path}/discard`,
    summary: 'Give up the preparation of a bulk payout',
    description: 'Frees its settlements for another one. Possible until the first payout is generated.',
    success: AdminBulkPayout,
  }),
  generateAdminPayouts: operation({
    ...step,
    path: `${path}/generate`,
    summary: 'Generate the payouts',
    description:
      'Makes a payout for each partner, and for each manual transfer that is settled by itself, with its taxes. Refused where a partner owes more than it is owed. Repeated after an interruption it goes on.',
    success: AdminPayoutsGenerated,
  }),
  setAdminPayoutMemos: operation({
    ...payouts,
    path: `${path}/memos`,
    summary: 'Say what bank statements shall show',
    description: 'Of payouts that nobody has ordered yet. Without it the defaults of the platform setting hold.',
    body: SetAdminPayoutMemosBody,
    bodyRequired: true,
    success: AdminPayoutsChanged,
  }),
  executeAdminPayouts: operation({
    ...payouts,
    path: `${path}/execute`,
    summary: 'Let the money go, at once or at a time',
    description:
      'Orders the payouts that are confirmed, and names those that are left out: of partners who are not approved, or whose account has changed since the payout was generated. Where that happens only before the bank is told, the payout fails, and can be retried to the new account. Asks for a second factor.',
    body: ExecuteAdminPayoutsBody,
    success: AdminPayoutsExecuted,
  }),
  rescheduleAdminPayouts: operation({
    ...payouts,
    path: `${path}/reschedule`,
    summary: 'Let the money go at another time',
    description: 'Of payouts that are scheduled. Asks for a second factor.',
    body: ExecuteAdminPayoutsBody,
    bodyRequired: true,
    success: AdminPayoutsChanged,
  }),
  cancelAdminPayoutSchedule: operation({
    ...payouts,
    path: `${path}/cancel-schedule`,
    summary: 'Take a schedule back',
    description: 'The payouts are confirmed again, and ordered by nobody.',
    body: ChooseAdminPayoutsBody,
    success: AdminPayoutsChanged,
  }),
  stopAdminPayouts: operation({
    ...payouts,
    path: `${path}/stop`,
    summary: 'Stop payouts that are queued',
    description: 'Those that the bank has not been told of yet. They can be retried or cancelled.',
    body: ChooseAdminPayoutsBody,
    success: AdminPayoutsChanged,
  }),
  retryAdminPayouts: operation({
    ...payouts,
    path: `${path}/retry`,
    summary: 'Retry payouts that failed or were stopped',
    description:
      'Each as a new transfer at the bank, to the account that the partner has now: if it has changed, its holder is looked up again. Asks for a second factor.',
    body: RetryAdminPayoutsBody,
    success: AdminPayoutsRetried,
  }),
  cancelAdminPayouts: operation({
    ...payouts,
    path: `${path}/cancel`,
    summary: 'Give payouts up',
    description: 'Of those that are confirmed, failed or stopped. Another bulk payout can pay their settlements.',
    body: ChooseAdminPayoutsBody,
    success: AdminPayoutsChanged,
  }),
  setAdminSettlementStatus: operation({
    ...common,
    method: 'POST',
    path: '/admin/platform/partner-settlements/status',
    summary: 'Withhold settlements, leave them out for good, or make them payable again',
    description: 'All of them, or none. A failed payout of theirs is given up.',
    body: SetAdminSettlementStatusBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: AdminSettlementsChanged,
    isBulkWrite: true,
    errors,
  }),
  getAdminBalance: operation({
    ...common,
    method: 'GET',
    path: '/admin/platform/balance',
    summary: 'Ask the bank what is in the account',
    description: 'And what payouts that are under way will still take of it.',
    success: AdminBalance,
    errors,
  }),
  remitAdminBalance: operation({
    ...common,
    method: 'POST',
    path: '/admin/platform/remittances',
    summary: 'Take money out of the account',
    description:
      'Withdraws free balance to any account. Asks for a second factor. Taking of what sellers wait for is possible, and said.',
    body: RemitAdminBalanceBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: AdminRemittance,
    errors,
  }),
  decideAdminPartners: operation({
    ...common,
    method: 'POST',
    path: '/admin/platform/partners/status',
    summary: 'Approve or reject partners',
    description:
      'A partner who is created is approved. One who is rejected is left out of payouts until approved again.',
    body: DecideAdminPartnersBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: AdminPartnersDecided,
    isBulkWrite: true,
    errors,
  }),
  listAdminOwed: operation({
    ...common,
    method: 'GET',
    path: '/admin/platform/owed',
    queryParameters: object('AdminOwedQuery', 'Which part of it.', {
      ...environment,
      storeId: optional(string("The payments' store. Defaults to the representative store.")),
      after: optional(string('Only payments whose ids come behind this one.')),
      size: optional(integer('At most so many. Defaults to 100.', { minimum: 1, maximum: 1000 })),
    }),
    summary: 'List what payments and transfers still owe each other',
    description:
      'Payments know nothing of transfers. Refunds whose transfers were not cancelled, cancelled transfers whose payments were not refunded, and orders registered for payments that were not made: these wait, `SCHEDULED`, until they are.',
    success: ListAdminOwedResponse,
    errors,
  }),
  listAdminHolidays: operation({
    ...base,
    method: 'GET',
    path: '/admin/platform/holidays',
    queryParameters: object('AdminHolidaysQuery', 'Which year is meant.', {
      year: integer('The year.', { minimum: 1970, maximum: 9989 }),
    }),
    summary: "List a year's bank holidays",
    description: 'As settlements are dated by them: those of Korea, and the days that the merchant has corrected.',
    success: ListAdminHolidaysResponse,
    errors,
  }),
  putAdminHoliday: operation({
    ...base,
    method: 'PUT',
    path: '/admin/platform/holidays/{date}',
    pathParameters: holidayPath,
    summary: 'Say whether banks are closed on a day',
    description: 'Transfers whose settlement has not started are dated anew, in both environments.',
    body: PutAdminHolidayBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: AdminCalendarChanged,
    errors,
  }),
  deleteAdminHoliday: operation({
    ...base,
    method: 'DELETE',
    path: '/admin/platform/holidays/{date}',
    pathParameters: holidayPath,
    summary: 'Leave a day to the public calendar again',
    description: 'Transfers whose settlement has not started are dated anew, in both environments.',
    success: AdminCalendarChanged,
    errors,
  }),
} satisfies Record<string, OperationDefinition>

export type AdminOperationId = keyof typeof adminOperations

type Definition<Id extends AdminOperationId> = (typeof adminOperations)[Id]

type Parameters<Of, Name extends string> =
  Of extends Readonly<Record<Name, infer Schema extends Type.TSchema>> ? Static<Schema> : Record<never, never>

export type AdminPath<Id extends AdminOperationId> = Parameters<Definition<Id>, 'pathParameters'>

export type AdminQuery<Id extends AdminOperationId> = Parameters<Definition<Id>, 'queryParameters'>

/** What the client sends; `undefined` where nothing is sent, or nothing need be. */
export type AdminBody<Id extends AdminOperationId> =
  Definition<Id> extends { readonly body: infer Schema extends Type.TSchema } ? Static<Schema> | undefined : undefined

export type AdminSuccess<Id extends AdminOperationId> = Static<Definition<Id>['success']>

export type AdminError<Id extends AdminOperationId> = Definition<Id>['errors'][number]

const isAdminOperationId = (id: string): id is AdminOperationId => Object.hasOwn(adminOperations, id)

export const adminOperationIds: readonly AdminOperationId[] = Object.keys(adminOperations).filter(isAdminOperationId)
