import { setTimeout } from 'node:timers/promises'
import type { Configuration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import { second } from '../kernel/clock.ts'
import { decimal } from '../kernel/currency.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type Obstacle, setPlatform } from '../merchants/setup.ts'
import { SetupError } from '../merchants/setup-error.ts'
import type { Store } from '../merchants/store.ts'
import { holdEpoch, type PlatformRequest, requestTo } from '../platform/platform.ts'
import type { PropertyDefinition, SettingContent } from '../platform/settings/content.ts'
import {
  defineParameter,
  defineProperty,
  formulaNames,
  type NamedFormula,
  removeParameter,
  removeProperty,
  removeUserDefinedFormula,
  setFormula,
  setUserDefinedFormula,
  setVatRounding,
} from '../platform/settings/definitions.ts'
import { changeSetting, loadSetting } from '../platform/settings/store.ts'
import type { FormulaText } from '../platform/transfers/arithmetic/calculator.ts'
import { owedOf } from '../platform/transfers/owed.ts'
import { loadClock } from '../sandbox/clock-store.ts'
import { platformStoreOf, storeOf } from './store-of.ts'

/** A platform of the store's merchant, and the named store. */
export type Target = PlatformRequest & { readonly sql: Sql; readonly named: Store }

type Row = Readonly<Record<string, unknown>>

export const targetOf = async (
  sql: Sql,
  configuration: Configuration,
  storeId: string,
  isForTest: boolean,
): Promise<Target> => {
  const named = await storeOf(sql, configuration, storeId)
  const store = await platformStoreOf(sql, configuration, named, isForTest)
  return { sql, named, ...requestTo(store, isForTest, await loadClock(sql, store.storeId)) }
}

export const switched = async ({ sql, platform }: Target, taxInvoices: boolean, on: boolean): Promise<Row[]> => {
  const { merchantId } = platform
  if (taxInvoices) await setPlatform(sql, merchantId, { taxInvoices: on })
  else if (on) await setPlatform(sql, merchantId, { platform: true })
  else await switchOff(sql, merchantId)
  return [{ merchant: platform.merchantId, [taxInvoices ? 'tax invoices' : 'partner settlement']: on ? 'on' : 'off' }]
}

/** Servers follow within a second. What they take in until then is looked for once more, and the switch taken back where it is. */
export const switchOff = async (
  sql: Sql,
  merchantId: string,
  untilFollowed: () => Promise<unknown> = () => setTimeout(2 * second),
): Promise<void> => {
  const obstacle = underWay(sql, merchantId)
  await setPlatform(sql, merchantId, { platform: false }, obstacle)
  await untilFollowed()
  const [late] = await sql`${obstacle.rows} limit 1`
  if (!late) return
  await setPlatform(sql, merchantId, { platform: true })
  throw new SetupError(obstacle.problem)
}

/** Whoever switches it off means that no money leaves any more, and could neither see nor stop what does. */
const underWay = (sql: Sql, merchantId: string): Obstacle => ({
  rows: sql`
    select from platform_account_transfers
    where merchant_id = ${merchantId} and status in ('PREPARED', 'SCHEDULED', 'PROCESSING', 'ASYNC_PROCESSING')`,
  problem:
    'Bank transfers are scheduled or under way. Stop them (`naru payout cancel-schedule`, `naru payout stop`) or wait for ' +
    'them, on the live and on the test platform. See: naru payout list',
})

export const shown = async ({ sql, platform }: Target): Promise<Row[]> =>
  rowsOf((await loadSetting(sql, platform)).content)

/** Payments of the named store. People read amounts in the currency's unit, programs in the minor one, as the API has them. */
export const owed = async ({ sql, platform, named }: Target, forPeople: boolean): Promise<Row[]> => {
  const rows: Row[] = []
  for await (const { paymentId, kind, amount, currency } of owedOf(sql, { ...platform, store: named }))
    rows.push({ payment: paymentId, kind, amount: forPeople ? decimal(amount, currency) : amount, currency })
  return rows
}

export const formulaSet = (target: Target, name: string, text: FormulaText): Promise<Row[]> =>
  changed(target, (content) =>
    isNamed(name) ? setFormula(content, name, text) : setUserDefinedFormula(content, name, text),
  )

export const formulaRemoved = (target: Target, key: string): Promise<Row[]> =>
  changed(target, (content) => removeUserDefinedFormula(content, key))

export const vatRounded = (target: Target, type: string): Promise<Row[]> => {
  if (type !== 'DOWN' && type !== 'UP' && type !== 'OFF')
    throw new SetupError(`VAT can be rounded DOWN, UP or OFF, not ${type}.`)
  return changed(target, (content) => setVatRounding(content, type))
}

export const parameterDefined = (target: Target, key: string, text: string, name: string): Promise<Row[]> => {
  const defaultValue = readDecimal(text)
  return changed(target, (content) => defineParameter(content, { key, name, defaultValue }))
}

export const parameterRemoved = (target: Target, key: string): Promise<Row[]> =>
  changed(target, (content) => removeParameter(content, key))

export const propertyDefined = (target: Target, property: PropertyDefinition): Promise<Row[]> =>
  changed(target, (content) => defineProperty(content, property))

export const propertyRemoved = (
  target: Target,
  key: string,
  objectType: PropertyDefinition['objectType'],
): Promise<Row[]> => changed(target, (content) => removeProperty(content, key, objectType))

const changed = async (
  { sql, ...request }: Target,
  change: (content: SettingContent) => SettingContent | Refusal<'INVALID_REQUEST'>,
): Promise<Row[]> => {
  const content = await sql.begin(async (sql) => {
    await holdEpoch(sql, request.platform)
    return await changeSetting(sql, request, change)
  })
  if (content instanceof Refusal) throw new SetupError(content.body.message ?? content.body.type)
  return rowsOf(content)
}

const rowsOf = ({ calculator, parameters, properties }: SettingContent): Row[] => [
  ...formulaNames.map((name) => ({ what: 'formula', key: name, ...formulaRow(calculator[name]) })),
  ...calculator.userDefined.map(({ key, ...text }) => ({ what: 'own formula', key, ...formulaRow(text) })),
  { what: 'VAT', key: '', value: '', rounding: calculator.vatRoundType },
  ...parameters.map(({ key, defaultValue: { decimal, decimalScale } }) => ({
    what: 'parameter',
    key,
    value: `${decimal}${decimalScale === 0 ? '' : `e-${decimalScale}`}`,
  })),
  ...properties.map(({ key, objectType, isSecret }) => ({
    what: 'property',
    key,
    value: `of ${objectType === 'PARTNER' ? 'partners' : 'transfers'}${isSecret ? ', secret' : ''}`,
  })),
]

const formulaRow = ({ formula, roundType }: FormulaText) => ({ value: formula, rounding: roundType })

const isNamed = (name: string): name is NamedFormula => formulaNames.some((known) => known === name)

/** `0.25` as 25 × 10^-2. PortOne allows five decimals. */
const readDecimal = (text: string): { decimal: number; decimalScale: number } => {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d{1,10})(?:\.(\d{1,5}))?$/.exec(text) ?? []
  if (whole === '')
    throw new SetupError(`--default must be a number with at most five decimals, such as 0.25, but is ${text}.`)
  return { decimal: Number(`${sign}${whole}${fraction}`), decimalScale: fraction.length }
}
