import type {
  AdminSettlementStatus,
  Bank,
  ListAdminBulkPayoutsResponse,
  PlatformPartnerSettlement,
} from '@naru/contract'
import type { Command } from 'commander'
import { decimal } from '../kernel/currency.ts'
import {
  adminCommands,
  approved,
  bulkPayout,
  type FactorOptions,
  moreThan,
  type NewCommand,
  type Options,
  ofNumber,
  ofPage,
  type PageOptions,
  paged,
  run,
  wholeNumber,
} from './admin-commands.ts'

/** What is due and what was paid, who may be paid, and the merchant's account. */
export const addBooks = (payout: Command): void => {
  const command = adminCommands(payout)
  addSettlements(command)
  addReading(command)
  addAccount(command)
}

const addSettlements = (command: NewCommand): void => {
  paged(
    command(
      'settlements',
      'list partner settlements, newest first; what cancellations take back is negative (with --json positive, as in the API)',
    ),
  )
    .option('--date <date>', 'only this settlement date')
    .option('--status <status>', 'only this status, such as PAYOUT_PREPARED')
    .option('--partner <id>', 'only this partner')
    .action((options: Options & PageOptions & { date?: string; status?: string; partner?: string }) =>
      run(options, async ({ call, query }) => {
        const { date: settlementDate, status, partner: partnerId } = options
        const wanted = query({ ...ofPage(options), settlementDate, status, partnerId })
        const answer = await call('listAdminSettlements', { query: wanted })
        const rows = answer.items.map((one) => ({
          settlement: one.id,
          partner: one.partner.id,
          type: one.type,
          date: one.settlementDate,
          amount: decimal(signedAmount(one), one.settlementCurrency),
          currency: one.settlementCurrency,
          status: one.status,
          memo: one.memo,
        }))
        return { answer, rows, notes: moreThan(answer.page) }
      }),
    )
  const decisions = [
    ['withhold', 'PAYOUT_WITHHELD', 'hold settlements back'],
    ['exclude', 'PAYOUT_EXCLUDED', 'exclude settlements for good'],
    ['release', 'PAYOUT_PREPARED', 'make settlements payable again'],
  ] as const satisfies readonly (readonly [string, AdminSettlementStatus, string])[]
  for (const [name, status, description] of decisions)
    command(`${name} <settlements...>`, description)
      .option('--memo <text>', 'the reason, shown with the settlement')
      .action((partnerSettlementIds: string[], options: Options & { memo?: string }) =>
        run(options, async ({ call, query }) => {
          const body = { partnerSettlementIds, status, ...(options.memo === undefined ? {} : { memo: options.memo }) }
          const answer = await call('setAdminSettlementStatus', { query: query(), body })
          return { answer, rows: [{ changed: answer.changed, status }] }
        }),
      )
}

/** As it counts, so that the amounts of a partner add up to what it is paid. */
const signedAmount = (one: PlatformPartnerSettlement): number => {
  switch (one.type) {
    case 'ORDER':
      return one.amount.settlement
    case 'ORDER_CANCEL':
      return -one.amount.settlement
    case 'MANUAL':
      return one.amount
  }
}

/** What a bulk payout pays in each of its currencies, which nothing adds up. */
const totalsOf = ({ payoutTotals }: Pick<ListAdminBulkPayoutsResponse, 'payoutTotals'>, bulkPayoutId: string): string =>
  payoutTotals
    .filter((total) => total.bulkPayoutId === bulkPayoutId)
    .map(({ amount, currency }) => `${decimal(amount, currency)} ${currency}`)
    .join(', ')

const addReading = (command: NewCommand): void => {
  paged(command('list', 'list bulk payouts, newest first')).action((options: Options & PageOptions) =>
    run(options, async ({ call, query }) => {
      const answer = await call('listAdminBulkPayouts', { query: query(ofPage(options)) })
      const rows = answer.items.map(({ id, name, status, createdAt }) => ({
        'bulk payout': id,
        name,
        status,
        amount: totalsOf(answer, id),
        created: createdAt,
      }))
      return { answer, rows, notes: moreThan(answer.page) }
    }),
  )
  command('show <bulk-payout>', 'show the progress of a bulk payout, or what it would pay').action(
    (id: string, options: Options) =>
      run(options, async ({ call, query }) =>
        bulkPayout(await call('getAdminBulkPayout', { path: { id }, query: query() })),
      ),
  )
  paged(command('payouts <bulk-payout>', 'list the payouts of a bulk payout')).action(
    (id: string, options: Options & PageOptions) =>
      run(options, async ({ call, query }) => {
        const answer = await call('listAdminPayouts', { path: { id }, query: query(ofPage(options)) })
        const rows = answer.items.map((one) => ({
          payout: one.id,
          partner: one.partner.id,
          settlement: decimal(one.settlementAmount, one.currency),
          withheld: decimal(one.incomeTaxAmount + one.localIncomeTaxAmount, one.currency),
          amount: decimal(one.amount, one.currency),
          currency: one.currency,
          status: one.status,
          scheduled: one.scheduledAt,
          reason: one.failReason,
        }))
        return { answer, rows, notes: moreThan(answer.page) }
      }),
  )
  command('owed', 'list payments whose transfers do not match what was paid and refunded')
    .option('--after <payment>', 'only payments with ids after this one')
    .option('--size <number>', 'the maximum number of payments: 100 unless given, at most 1000')
    .action((options: Options & { after?: string; size?: string }) =>
      run(options, async ({ call, query }) => {
        const { after, store: storeId } = options
        const size = ofNumber('--size', 1, options.size)
        const answer = await call('listAdminOwed', { query: query({ after, size, storeId }) })
        const rows = answer.items.map(({ paymentId, kind, amount, currency }) => ({
          payment: paymentId,
          kind,
          amount: decimal(amount, currency),
          currency,
        }))
        const notes = answer.next === undefined ? [] : [`There may be more: --after ${answer.next} shows the next.`]
        return { answer, rows, notes }
      }),
    )
}

const addAccount = (command: NewCommand): void => {
  command('balance', "ask the bank for the balance of the merchant's account").action((options: Options) =>
    run(options, async ({ call, query }) => {
      const answer = await call('getAdminBalance', { query: query() })
      return { answer, rows: [answer] }
    }),
  )
  approved(command('remit <amount>', "withdraw money from the merchant's account"))
    .requiredOption('--bank <bank>', 'the receiving bank, such as SHINHAN')
    .requiredOption('--account <number>', 'the receiving account')
    .requiredOption('--holder <name>', 'who holds it')
    .option('--withdrawal <text>', "what the merchant's own statement shows")
    .option('--deposit <text>', "what the receiver's statement shows")
    .action((amount: string, options: Options & FactorOptions & Receiver) =>
      run(options, async ({ call, approval, query }) => {
        const remitted = remittance(wholeNumber('amount', 1, amount), options)
        const body = { ...remitted, ...(await approval(options)) }
        const answer = await call('remitAdminBalance', { query: query(), body })
        return { answer, rows: [answer] }
      }),
    )
  for (const [name, status] of [
    ['approve', 'APPROVED'],
    ['reject', 'REJECTED'],
  ] as const)
    command(`${name}-partner <partners...>`, `${name} partners; only approved partners are paid`).action(
      (partnerIds: string[], options: Options) =>
        run(options, async ({ call, query }) => {
          const answer = await call('decideAdminPartners', { query: query(), body: { partnerIds, status } })
          return { answer, rows: [{ changed: answer.changed, status }] }
        }),
    )
}

type Receiver = {
  /** The operation validates the bank, as it does everything. */
  readonly bank: Bank
  readonly account: string
  readonly holder: string
  readonly withdrawal?: string
  readonly deposit?: string
}

const remittance = (amount: number, { bank, account, holder, withdrawal, deposit }: Receiver) => ({
  bank,
  accountNumber: account,
  accountHolder: holder,
  amount,
  ...(withdrawal === undefined ? {} : { withdrawalMemo: withdrawal }),
  ...(deposit === undefined ? {} : { depositMemo: deposit }),
})
