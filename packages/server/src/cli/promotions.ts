import type { Promotion } from '@naru/contract'
import { type Command, Option } from 'commander'
import { readConfiguration } from '../configuration.ts'
import { compact } from '../kernel/compact.ts'
import { decimal } from '../kernel/currency.ts'
import { SetupError } from '../merchants/setup-error.ts'
import type { Store } from '../merchants/store.ts'
import type { PromotionParts } from '../promotions/parts.ts'
import type { Intervention } from '../promotions/promotion.ts'
import { withDatabase } from './database.ts'
import { print } from './table.ts'

type Options = { readonly store: string; readonly json?: boolean }

/** The options for a promotion's terms. */
type TermOptions = {
  readonly card?: string
  readonly percent?: string[]
  readonly amount?: string[]
  readonly maximum?: string
  readonly budget?: string
  readonly currency?: string
  readonly start?: string
  readonly end?: string
  readonly keepSpent?: boolean
}

const storeOption = () => new Option('--store <id>', 'the store').makeOptionMandatory()

/** What PortOne's console does with promotions. */
export const addPromotions = (program: Command): void => {
  const promotions = program.command('promotion').description("create, list, edit and stop card companies' discounts")
  addCreate(promotions)
  addEdit(promotions)
  promotions
    .command('list')
    .description('list promotions')
    .addOption(storeOption())
    .option('--json', 'print as JSON')
    .action((options: Options) => run(options, (parts, store, actions) => actions.list(parts, store)))
  for (const [intervention, description] of interventions)
    promotions
      .command(`${intervention} <promotionId>`)
      .description(description)
      .addOption(storeOption())
      .option('--json', 'print as JSON')
      .action((promotionId: string, options: Options) =>
        run(options, async (parts, store, actions) => [await actions.changed(parts, store, promotionId, intervention)]),
      )
}

const addCreate = (promotions: Command): void => {
  promotions
    .command('create <name>')
    .description(
      'create a discount, such as: create Spring --card SHINHAN_CARD --percent 10000=10 --percent 50000=20 …',
    )
    .addOption(storeOption())
    .requiredOption('--card <company>', 'whose cards, such as SHINHAN_CARD')
    .option('--percent <from=percent...>', 'a percentage off orders from this total on')
    .option('--amount <from=amount...>', 'a fixed amount off orders from this total on')
    .option('--maximum <amount>', 'the maximum that a percentage takes off a payment')
    .requiredOption('--budget <amount>', "the total of all discounts; amounts are in the currency's minor unit")
    .option('--currency <code>', 'the currency', 'KRW')
    .option('--start <time>', 'when it begins; defaults to now')
    .requiredOption('--end <time>', 'when it ends, such as 2026-12-31T15:00:00Z')
    .option('--keep-spent', 'do not return the discounts of cancelled payments to the budget')
    .option('--json', 'print as JSON')
    .action((name: string, options: Options & TermOptions) =>
      run(options, async (parts, store, actions) => [
        await actions.created(parts, store, { name, ...termsOf(options) }),
      ]),
    )
}

const addEdit = (promotions: Command): void => {
  promotions
    .command('edit <promotionId>')
    .description('change a discount: everything while it is scheduled, name and period once it has begun')
    .addOption(storeOption())
    .option('--name <name>', 'its name')
    .option('--card <company>', 'whose cards, such as SHINHAN_CARD')
    .option('--percent <from=percent...>', 'percentages by total, replacing the whole policy')
    .option('--amount <from=amount...>', 'fixed amounts by total, replacing the whole policy')
    .option('--maximum <amount>', 'the maximum that a percentage takes off a payment')
    .option('--budget <amount>', "the total of all discounts; amounts are in the currency's minor unit")
    .option('--currency <code>', 'the currency')
    .option('--start <time>', 'when it begins')
    .option('--end <time>', 'when it ends, such as 2026-12-31T15:00:00Z')
    .addOption(
      new Option('--keep-spent', 'do not return the discounts of cancelled payments to the budget').conflicts(
        'returnSpent',
      ),
    )
    .option('--return-spent', 'return the discounts of cancelled payments to the budget')
    .option('--json', 'print as JSON')
    .action((promotionId: string, options: Options & TermOptions & { name?: string; returnSpent?: boolean }) =>
      run(options, async (parts, store, actions) => {
        const { name, returnSpent } = options
        const recovery = returnSpent ? { recoverOption: { type: 'RECOVER' } } : {}
        const given = compact({ name, ...termsOf(options), ...recovery })
        return [await actions.edited(parts, store, promotionId, given)]
      }),
    )
}

const interventions: readonly (readonly [Intervention, string])[] = [
  ['pause', 'grant no discounts until the promotion is resumed'],
  ['resume', 'resume a paused promotion'],
  ['terminate', 'end the promotion for good'],
]

type Actions = typeof import('./promotions-actions.ts')

/** The actions are loaded only for the commands that need them. */
const run = async (
  { store: storeId, json = false }: Options,
  work: (parts: PromotionParts, store: Store, actions: Actions) => Promise<readonly Promotion[]>,
): Promise<void> => {
  const configuration = readConfiguration(process.env)
  const actions = await import('./promotions-actions.ts')
  const promotions = await withDatabase(configuration, async (sql) =>
    work(actions.partsOf(sql), await actions.storeOf(sql, configuration, storeId), actions),
  )
  print(json ? promotions.map((promotion) => ({ ...promotion })) : promotions.map(line), json)
}

const line = ({ id, name, status, cardCompany, spentAmount, totalBudget, currency, endAt }: Promotion) => ({
  promotion: id,
  name,
  status,
  card: cardCompany,
  spent: `${decimal(spentAmount, currency)} of ${decimal(totalBudget, currency)} ${currency}`,
  end: endAt,
})

/** The body of the sandbox's control API, so that both are checked by the same rules. */
const termsOf = (options: TermOptions): object => {
  const { card, percent = [], amount = [], maximum, budget, currency, start, end, keepSpent } = options
  const partitions = [
    ...percent
      .map(pairOf('--percent'))
      .map(([amountFrom, value]) => ({ amountFrom, scheme: { type: 'PERCENT', percent: value } })),
    ...amount
      .map(pairOf('--amount'))
      .map(([amountFrom, value]) => ({ amountFrom, scheme: { type: 'AMOUNT', amount: value } })),
  ]
  return compact({
    discountPolicy: partitions.length === 0 ? undefined : { partitions },
    totalBudget: numberOf(budget),
    currency,
    startAt: start,
    endAt: end,
    cardCompany: card,
    maxDiscountAmount: numberOf(maximum),
    recoverOption: keepSpent ? { type: 'NO_RECOVER' } : undefined,
  })
}

const pairOf =
  (option: string) =>
  (text: string): [number, number] => {
    const [, from, value] = /^(\d+)=(\d+)$/.exec(text) ?? []
    if (from === undefined || value === undefined)
      throw new SetupError(
        `${option} must be a total and the discount from there on, such as 10000=10, but is ${text}.`,
      )
    return [Number(from), Number(value)]
  }

/** Empty text does not count as 0: it is refused. */
const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : text.trim() === '' ? Number.NaN : Number(text)
