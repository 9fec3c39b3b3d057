import type { AdminOperationId } from '@naru/contract'
import type { Command } from 'commander'
import {
  adminCommands,
  approved,
  bulkPayout,
  changed,
  chosen,
  type FactorOptions,
  type NewCommand,
  type Options,
  ofPayouts,
  type PayoutOptions,
  run,
  summary,
} from './admin-commands.ts'

/** Bulk payouts, from choosing settlements to the money that leaves. */
export const addPaying = (payout: Command): void => {
  const command = adminCommands(payout)
  addPreparing(command)
  addOrdering(command)
  addWithdrawing(command)
}

const addPreparing = (command: NewCommand): void => {
  command('prepare <dates...>', 'choose what was settled on these dates, and show what each partner would be paid')
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
      `${isSelected ? 'take settlements back into' : 'take settlements out of'} a bulk payout that is prepared; all, unless named`,
    ).action((id: string, settlements: string[], options: Options) =>
      run(options, async ({ call, query }) => {
        const body = { isSelected, ...(settlements.length === 0 ? {} : { partnerSettlementIds: settlements }) }
        return bulkPayout(await call('selectAdminSettlements', { path: { id }, query: query(), body }))
      }),
    )
  command('discard <bulk-payout>', 'give the preparation of a bulk payout up').action((id: string, options: Options) =>
    run(options, async ({ call, query }) =>
      bulkPayout(await call('discardAdminBulkPayout', { path: { id }, query: query() })),
    ),
  )
  command('generate <bulk-payout>', 'make a payout for each partner, with its taxes').action(
    (id: string, options: Options) =>
      run(options, async ({ call, query }) => {
        const answer = await call('generateAdminPayouts', { path: { id }, query: query() })
        const { generated, unpaidPartnerIds, bulkPayout: bulk } = answer
        const rows = [{ ...summary(bulk), generated, unpaid: unpaidPartnerIds.join(', ') }]
        return { answer, rows }
      }),
  )
  chosen(command('memos <bulk-payout>', 'say what bank statements shall show of payouts that nobody has ordered'))
    .option('--withdrawal <text>', "on the merchant's own statement")
    .option('--deposit <text>', "on the partner's statement")
    .option('--save', 'of payouts to come, too')
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
  approved(chosen(command('execute <bulk-payout>', 'let the money go: now, or at a time')))
    .option('--at <instant>', 'when, such as 2026-03-02T10:00:00+09:00: a full ten minutes, not from 22:50 to 01:00')
    .action((id: string, options: Ordering & { at?: string }) =>
      run(options, async ({ call, query, approval }) => {
        const scheduled = options.at === undefined ? {} : { scheduledAt: options.at }
        const body = { ...ofPayouts(options), ...scheduled, ...(await approval(options)) }
        return changed(await call('executeAdminPayouts', { path: { id }, query: query(), body }))
      }),
    )
  approved(chosen(command('reschedule <bulk-payout>', 'let scheduled money go at another time')))
    .requiredOption('--at <instant>', 'when')
    .action((id: string, options: Ordering & { at: string }) =>
      run(options, async ({ call, query, approval }) => {
        const body = { ...ofPayouts(options), scheduledAt: options.at, ...(await approval(options)) }
        return changed(await call('rescheduleAdminPayouts', { path: { id }, query: query(), body }))
      }),
    )
  approved(chosen(command('retry <bulk-payout>', 'pay again what failed or was stopped'))).action(
    (id: string, options: Ordering) =>
      run(options, async ({ call, query, approval }) => {
        const body = { ...ofPayouts(options), ...(await approval(options)) }
        return changed(await call('retryAdminPayouts', { path: { id }, query: query(), body }))
      }),
  )
}

const addWithdrawing = (command: NewCommand): void => {
  const withdrawals = [
    ['cancel-schedule', 'cancelAdminPayoutSchedule', 'take a schedule back'],
    ['stop', 'stopAdminPayouts', 'stop payouts that the bank has not been told of yet'],
    ['cancel', 'cancelAdminPayouts', 'give up payouts that are confirmed, failed or stopped'],
  ] as const satisfies readonly (readonly [string, AdminOperationId, string])[]
  for (const [name, operation, description] of withdrawals)
    chosen(command(`${name} <bulk-payout>`, description)).action((id: string, options: Options & PayoutOptions) =>
      run(options, async ({ call, query }) =>
        changed(await call(operation, { path: { id }, query: query(), body: ofPayouts(options) })),
      ),
    )
}
