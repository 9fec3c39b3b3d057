import type {
  AdminBulkPayout,
  AdminPayoutLeftOut,
  AdminPayoutsChanged,
  AdminPayoutsExecuted,
  AdminPayoutsRetried,
} from '@naru/contract'
import { type Command, Option } from 'commander'
import { readConfiguration } from '../configuration.ts'
import { decimal } from '../kernel/currency.ts'
import { SetupError } from '../merchants/setup-error.ts'
import type { AdminCaller } from './admin-call.ts'
import { withDatabase } from './database.ts'
import { print, type Row } from './table.ts'

export type Options = { readonly store: string; readonly test?: boolean; readonly json?: boolean }
export type FactorOptions = { readonly approver?: string; readonly code?: string }
export type PayoutOptions = { readonly payout?: readonly string[] }
export type PageOptions = { readonly page?: string; readonly size?: string }

export type Context = {
  readonly call: AdminCaller
  /** Which environment, and further parameters of the query. */
  readonly query: (more?: Readonly<Record<string, string | undefined>>) => Readonly<Record<string, string | undefined>>
  readonly approval: (options: FactorOptions) => Promise<{ secondFactor?: { approverId: string; code: string } }>
}

/** The response, for programs, and the part of it that people see: `notes` say below the table what is to be done. */
export type Shown = { readonly answer: object; readonly rows: readonly Row[]; readonly notes?: readonly string[] }

export type NewCommand = (nameAndArguments: string, description: string) => Command

/** Makes commands that ask the admin API. */
export const adminCommands =
  (parent: Command): NewCommand =>
  (nameAndArguments, description) =>
    parent
      .command(nameAndArguments)
      .description(description)
      .addOption(new Option('--store <id>', 'a store of the merchant').makeOptionMandatory())
      .option('--test', 'use the test platform')
      .option('--json', "print the admin API's response")

export const paged = (command: Command): Command =>
  command
    .option('--page <number>', 'the page, starting at 0')
    .option('--size <number>', 'rows of a page: 10 unless given, at most 1000')
export const approved = (command: Command): Command =>
  command
    .option('--approver <id>', 'the approver; asked for unless there is only one')
    .option('--code <digits>', "the code from the approver's authenticator; asked for at a terminal")
export const chosen = (command: Command): Command => command.option('--payout <id...>', 'only these payouts')
export const ofPage = ({ page, size }: PageOptions) => ({
  number: ofNumber('--page', 0, page),
  size: ofNumber('--size', 1, size),
})

/** What to say below a page that is not the last: whoever adds up a column must know that there is more. */
export const moreThan = ({ number, size, totalCount }: { number: number; size: number; totalCount: number }) => {
  const shown = Math.min(totalCount, (number + 1) * size)
  return shown < totalCount ? [`${shown} of ${totalCount} so far: --page ${number + 1} shows the next.`] : []
}

/** A number for the query, checked here because the API calls it by another name than the command line does. */
export const ofNumber = (name: string, least: number, text: string | undefined): string | undefined =>
  text === undefined ? undefined : String(wholeNumber(name, least, text))

/** @throws what the word of the command line must be, and what it is instead */
export const wholeNumber = (name: string, least: number, text: string): number => {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least) return number
  if (/^[1-9]\d{15,}$/.test(text)) throw new SetupError(`${name} must be at most ${'9'.repeat(15)}, not ${text}.`)
  throw new SetupError(
    `${name} must be a whole number of at least ${least}, in digits alone, not ${JSON.stringify(text)}.`,
  )
}
export const ofPayouts = ({ payout }: PayoutOptions) => (payout === undefined ? {} : { payoutIds: [...payout] })

export const bulkPayout = (answer: AdminBulkPayout): Shown => ({
  answer,
  rows:
    answer.selected.length === 0
      ? [summary(answer)]
      : answer.selected.map((net) => ({
          'bulk payout': answer.id,
          partner: net.partnerId,
          name: net.partnerName,
          amount: decimal(net.settlementAmount, net.currency),
          currency: net.currency,
          settlements: net.partnerSettlementIds.join(' '),
          account: net.accountStatus,
          payable: net.isPayable ? (net.settlementAmount < 0 ? 'no: negative' : 'yes') : 'no',
        })),
})

export const summary = ({ id, status, payoutStats }: AdminBulkPayout): Row => ({
  'bulk payout': id,
  status,
  ...Object.fromEntries(
    Object.entries(payoutStats.count)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => [name, count]),
  ),
})

export const changed = (answer: AdminPayoutsChanged): Shown => ({
  answer,
  rows: [{ changed: answer.changed, ...summary(answer.bulkPayout) }],
})

export const executed = (answer: AdminPayoutsExecuted): Shown => ({
  answer,
  rows: [{ changed: answer.changed, ...summary(answer.bulkPayout) }],
  notes: answer.leftOut.map((one) => leftOut(one, answer.bulkPayout.id)),
})

const notApproved = (
  { payoutId, partnerId }: Pick<AdminPayoutLeftOut, 'payoutId' | 'partnerId'>,
  remedy: string,
): string =>
  `Left out: ${payoutId} of ${partnerId}, who is not approved. ` +
  `Approve the partner (naru payout approve-partner ${partnerId}) and ${remedy}, or cancel the payout.`

const leftOut = ({ payoutId, partnerId, reason }: AdminPayoutLeftOut, bulkPayoutId: string): string => {
  switch (reason) {
    case 'PARTNER_NOT_APPROVED':
      return notApproved({ payoutId, partnerId }, 'execute again')
    case 'ACCOUNT_CHANGED':
      return (
        `Left out: ${payoutId} of ${partnerId}, whose account has changed since the payout was generated. Cancel it ` +
        `(naru payout cancel ${bulkPayoutId} --payout ${payoutId}) and prepare its settlements again: ` +
        'the new payout pays the new account.'
      )
  }
}

export const retried = (answer: AdminPayoutsRetried): Shown => {
  const { changed, unconfirmedPartnerIds, leftOut, bulkPayout } = answer
  const unconfirmed = unconfirmedPartnerIds.length === 0 ? {} : { 'not confirmed': unconfirmedPartnerIds.join(', ') }
  const unapproved = leftOut.filter(({ reason }) => reason === 'PARTNER_NOT_APPROVED')
  return {
    answer,
    rows: [{ changed, ...unconfirmed, ...summary(bulkPayout) }],
    notes: unapproved.map((one) => notApproved(one, 'retry')),
  }
}

/** The modules are loaded only for the commands that need them. */
export const run = async (options: Options, ask: (context: Context) => Promise<Shown>): Promise<void> => {
  const configuration = readConfiguration(process.env)
  const [{ adminCaller }, { secondFactor }, { platformStoreOf, storeOf }] = await Promise.all([
    import('./admin-call.ts'),
    import('./second-factor.ts'),
    import('./store-of.ts'),
  ])
  const {
    answer,
    rows,
    notes = [],
  } = await withDatabase(configuration, async (sql) => {
    const store = await storeOf(sql, configuration, options.store)
    const platformStore = () => platformStoreOf(sql, configuration, store, options.test === true)
    return ask({
      call: await adminCaller(sql, configuration, store),
      query: (more = {}) => ({ ...(options.test ? { test: 'true' } : {}), ...more }),
      approval: async (given) => (await secondFactor(sql, await platformStore(), given)) ?? {},
    })
  })
  if (options.json) process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
  else if (rows.length === 0) process.stdout.write(nothingOn(options.test === true))
  else {
    print(rows, false)
    for (const note of notes) process.stdout.write(`\n${note}\n`)
  }
}

/** Whoever looks on the wrong platform finds nothing. */
const nothingOn = (isTest: boolean): string =>
  isTest
    ? 'Nothing to show on the test platform. Without --test, the command shows the live one.\n'
    : 'Nothing to show on the live platform. With --test, the command shows the test one.\n'
