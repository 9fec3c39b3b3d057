import type { AdminOperationId } from '@naru/contract'
import type { Command } from 'commander'
import {
  adminCommands,
  approved,
  bulkPayout,
  changed,
  chosen,
  executed,
  type FactorOptions,
  type NewCommand,
  type Options,
  ofPayouts,
  type PayoutOptions,
  retried,
  run,
  summary,
} from './admin-commands.ts'

/** Bulk payouts, from selecting settlements to paying them out. */
export const addPaying = (payout: Command): void => {
  const command = adminCommands(payout)
  addPreparing(command)
  addOrdering(command)
  addWithdrawing(command)
}

const addPreparing = (command: NewCommand): void => {
  command('prepare <dates...>', 'select the settlements of these dates, and show what each partner would be paid')
    .option('--id <id>', 'an id for the bulk payout')
    .option('--name <name>', 'a name for it')
    .action((settlementDates: string[], options: Options & { id?: string; name?: string }) =>
      run(options, async ({ call, query }) => {
        const { id, name } = options
        const body = { settlementDates, ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) }
        return bulkPayout(await call('prepareAdminBulkPayout', { query: query(), body }))
      }),
    )
  for (const isSelected of [true, false])
    command(
      `${isSelected ? 'select' : 'deselect'} <bulk-payout> [settlements...]`,
      `${isSelected ? 'add settlements to' : 'remove settlements from'} a prepared bulk payout; all, unless named`,
    ).action((id: string, settlements: string[], options: Options) =>
      run(options, async ({ call, query }) => {
        const body = { isSelected, ...(settlements.length === 0 ? {} : { partnerSettlementIds: settlements }) }
        return bulkPayout(await call('selectAdminSettlements', { path: { id }, query: query(), body }))
      }),
    )
  command('discard <bulk-payout>', 'discard a prepared bulk payout').action((id: string, options: Options) =>
    run(options, async ({ call, query }) =>
      bulkPayout(await call('discardAdminBulkPayout', { path: { id }, query: query() })),
    ),
  )
  command(
    'generate <bulk-payout>',
    'generate a payout for each partner, and each manual transfer that is settled by itself, with taxes',
  ).action((id: string, options: Options) =>
    run(options, async ({ call, query }) => {
      const answer = await call('generateAdminPayouts', { path: { id }, query: query() })
      const { generated, unpaidPartnerIds, bulkPayout: bulk } = answer
      const rows = [{ ...summary(bulk), generated, unpaid: unpaidPartnerIds.join(', ') }]
      return { answer, rows }
    }),
  )
  chosen(command('memos <bulk-payout>', 'set the bank statement texts of payouts that have not been executed'))
    .option('--withdrawal <text>', "on the merchant's own statement")
    .option('--deposit <text>', "on the partner's statement")
    .option('--save', 'for future payouts, too')
    .action(
      (id: string, options: Options & PayoutOptions & { withdrawal?: string; deposit?: string; save?: boolean }) =>
        run(options, async ({ call, query }) => {
          const { withdrawal, deposit, save } = options
          const body = {
            ...ofPayouts(options),
            ...(withdrawal === undefined ? {} : { withdrawalMemo: withdrawal }),
            ...(deposit === undefined ? {} : { depositMemo: deposit }),
            ...(save === undefined ? {} : { saveAsDefault: save }),
          }
          return changed(await call('setAdminPayoutMemos', { path: { id }, query: query(), body }))
        }),
    )
}

const addOrdering = (command: NewCommand): void => {
  type Ordering = Options & PayoutOptions & FactorOptions
  approved(
    chosen(
      command(
        'execute <bulk-payout>',
        'pay out, now or at a given time, to the accounts for which the payouts were generated; leaves out, and names, partners whose account has changed since',
      ),
    ),
  )
    .option(
      '--at <instant>',
      'when, such as 2026-03-02T10:00:00+09:00; a multiple of ten minutes, not from 22:50 to 01:00',
    )
    .action((id: string, options: Ordering & { at?: string }) =>
      run(options, async ({ call, query, approval }) => {
        const scheduled = options.at === undefined ? {} : { scheduledAt: options.at }
        const body = { ...ofPayouts(options), ...scheduled, ...(await approval(options)) }
        return executed(await call('executeAdminPayouts', { path: { id }, query: query(), body }))
      }),
    )
  approved(chosen(command('reschedule <bulk-payout>', 'pay out a scheduled bulk payout at another time')))
    .requiredOption('--at <instant>', 'when')
    .action((id: string, options: Ordering & { at: string }) =>
      run(options, async ({ call, query, approval }) => {
        const body = { ...ofPayouts(options), scheduledAt: options.at, ...(await approval(options)) }
        return changed(await call('rescheduleAdminPayouts', { path: { id }, query: query(), body }))
      }),
    )
  approved(
    chosen(
      command(
        'retry <bulk-payout>',
        'retry payouts that failed or were stopped, to the accounts that the partners have now',
      ),
    ),
  ).action((id: string, options: Ordering) =>
    run(options, async ({ call, query, approval }) => {
      const body = { ...ofPayouts(options), ...(await approval(options)) }
      return retried(await call('retryAdminPayouts', { path: { id }, query: query(), body }))
    }),
  )
}

const addWithdrawing = (command: NewCommand): void => {
  const withdrawals = [
    ['cancel-schedule', 'cancelAdminPayoutSchedule', 'cancel a schedule'],
    ['stop', 'stopAdminPayouts', 'stop payouts that have not been sent to the bank yet'],
    ['cancel', 'cancelAdminPayouts', 'cancel payouts that are confirmed, failed or stopped'],
  ] as const satisfies readonly (readonly [string, AdminOperationId, string])[]
  for (const [name, operation, description] of withdrawals)
    chosen(command(`${name} <bulk-payout>`, description)).action((id: string, options: Options & PayoutOptions) =>
      run(options, async ({ call, query }) =>
        changed(await call(operation, { path: { id }, query: query(), body: ofPayouts(options) })),
      ),
    )
}
