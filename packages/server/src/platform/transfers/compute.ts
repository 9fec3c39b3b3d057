import type { TransferParameters } from '@naru/contract'
import type { Day } from '../../kernel/days.ts'
import { invalid, type Refusal } from '../../kernel/refusal.ts'
import type { BankCalendar } from '../contracts/calendar/bank-calendar.ts'
import { settlementDay } from '../contracts/calendar/settlement-date.ts'
import type { Snapshot } from '../entities/entity.ts'
import type { SettingContent } from '../settings/content.ts'
import { largestAmount } from './arithmetic/largest-amount.ts'
import { settleOrder } from './arithmetic/settle.ts'
import type { Settlement } from './arithmetic/settlement.ts'
import { isStorable, type StoredSettlement, storedSettlement } from './codec.ts'
import type { Resolved } from './resolve.ts'
import { orderOf, termsOf } from './terms.ts'
import type { OrderDetail, OrderInput } from './transfer.ts'

/** An order by the terms that apply to it. */
export const computeOrder = (
  order: OrderInput,
  resolved: Resolved,
  setting: SettingContent,
  parameters: TransferParameters,
): StoredSettlement | Refusal<'INVALID_REQUEST'> =>
  storable(settleOrder(orderOf(order, resolved), termsOf(resolved.contract.content, setting, parameters)))

/** Units, formulas and parameters can lead beyond the largest amount of a transfer. */
export const storable = (settlement: Settlement): StoredSettlement | Refusal<'INVALID_REQUEST'> =>
  isStorable(settlement)
    ? storedSettlement(settlement)
    : invalid(`An amount of the transfer would be beyond ${largestAmount}. Register a smaller order.`)

/** The settlement date by the contract's cycle. */
export const dateByCycle = (
  contract: Snapshot<'CONTRACT'>,
  start: Day,
  calendar: BankCalendar,
  { adjustSettlementDateAfterHolidayIfEarlier }: SettingContent,
): Day =>
  settlementDay(contract.content.settlementCycle, start, calendar, {
    adjustsAfterHolidayIfEarlier: adjustSettlementDateAfterHolidayIfEarlier,
  })

/** Who and what a transfer is settled by, as its columns name them. */
export const versionsOf = ({ partner, contract }: Resolved) => ({
  partnerId: partner.id,
  partnerVersion: partner.version,
  contractId: contract.id,
  contractVersion: contract.version,
})

export const policyVersions = ({
  additionalFees,
  discountShares,
}: Pick<Resolved, 'additionalFees' | 'discountShares'>): Pick<
  OrderDetail,
  'additionalFeePolicies' | 'discountSharePolicies'
> => ({
  additionalFeePolicies: versionsById(additionalFees.values()),
  discountSharePolicies: versionsById(discountShares.values()),
})

const versionsById = (entities: Iterable<{ readonly id: string; readonly version: number }>) =>
  Object.fromEntries([...entities].map(({ id, version }) => [id, version]))
