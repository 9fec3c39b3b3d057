import { array, discriminated, enumeration, integer, object, optional, type Static, tag } from '../../schema.ts'

export const PlatformSettlementCycleDatePolicy = enumeration(
  'PlatformSettlementCycleDatePolicy',
  'What happens to a settlement date on which banks are closed: it moves to the business day before, to the one after, or stays.',
  ['HOLIDAY_BEFORE', 'HOLIDAY_AFTER', 'CALENDAR_DAY'],
)
export type PlatformSettlementCycleDatePolicy = Static<typeof PlatformSettlementCycleDatePolicy>

export const PlatformSettlementCycleType = enumeration(
  'PlatformSettlementCycleType',
  'On which days of the calendar a contract settles.',
  ['DAILY', 'WEEKLY', 'MONTHLY', 'MANUAL_DATES'],
)
export type PlatformSettlementCycleType = Static<typeof PlatformSettlementCycleType>

export const DayOfWeek = enumeration('DayOfWeek', 'A day of the week.', [
  'SUN',
  'MON',
  'TUE',
  'WED',
  'THU',
  'FRI',
  'SAT',
])
export type DayOfWeek = Static<typeof DayOfWeek>

export const MonthDay = object('MonthDay', 'A day of every year.', {
  month: integer('The month, 1 to 12.', { minimum: 1, maximum: 12 }),
  day: integer('The day of the month, 1 to 31.', { minimum: 1, maximum: 31 }),
})
export type MonthDay = Static<typeof MonthDay>

const weekly = {
  daysOfWeek: array(DayOfWeek, 'The days of the week, each at most once.', { minItems: 1, maxItems: 7 }),
}

const monthly = {
  daysOfMonth: array(
    integer('A day of the month.', { minimum: 1, maximum: 31 }),
    'The days of the month, each at most once. A day that a month lacks counts as its last day.',
    { minItems: 1, maxItems: 31 },
  ),
}

const manualDates = {
  dates: array(MonthDay, 'The days of the year, each at most once.', { minItems: 1, maxItems: 8 }),
}

export const PlatformSettlementCycleMethodDaily = object(
  'PlatformSettlementCycleMethodDaily',
  'Settled on every day.',
  { type: tag('DAILY') },
)
export type PlatformSettlementCycleMethodDaily = Static<typeof PlatformSettlementCycleMethodDaily>

export const PlatformSettlementCycleMethodWeekly = object(
  'PlatformSettlementCycleMethodWeekly',
  'Settled on certain days of the week.',
  { type: tag('WEEKLY'), ...weekly },
)
export type PlatformSettlementCycleMethodWeekly = Static<typeof PlatformSettlementCycleMethodWeekly>

export const PlatformSettlementCycleMethodMonthly = object(
  'PlatformSettlementCycleMethodMonthly',
  'Settled on certain days of the month.',
  { type: tag('MONTHLY'), ...monthly },
)
export type PlatformSettlementCycleMethodMonthly = Static<typeof PlatformSettlementCycleMethodMonthly>

export const PlatformSettlementCycleMethodManualDates = object(
  'PlatformSettlementCycleMethodManualDates',
  'Settled on certain days of the year.',
  { type: tag('MANUAL_DATES'), ...manualDates },
)
export type PlatformSettlementCycleMethodManualDates = Static<typeof PlatformSettlementCycleMethodManualDates>

export const PlatformSettlementCycleMethod = discriminated(
  'PlatformSettlementCycleMethod',
  'On which days a contract settles.',
  'type',
  {
    DAILY: PlatformSettlementCycleMethodDaily,
    WEEKLY: PlatformSettlementCycleMethodWeekly,
    MONTHLY: PlatformSettlementCycleMethodMonthly,
    MANUAL_DATES: PlatformSettlementCycleMethodManualDates,
  },
)
export type PlatformSettlementCycleMethod = Static<typeof PlatformSettlementCycleMethod>

export const PlatformSettlementCycleMethodDailyInput = object(
  'PlatformSettlementCycleMethodDailyInput',
  'Settle on every day.',
  {},
)
export type PlatformSettlementCycleMethodDailyInput = Static<typeof PlatformSettlementCycleMethodDailyInput>

export const PlatformSettlementCycleMethodWeeklyInput = object(
  'PlatformSettlementCycleMethodWeeklyInput',
  'Settle on certain days of the week.',
  weekly,
)
export type PlatformSettlementCycleMethodWeeklyInput = Static<typeof PlatformSettlementCycleMethodWeeklyInput>

export const PlatformSettlementCycleMethodMonthlyInput = object(
  'PlatformSettlementCycleMethodMonthlyInput',
  'Settle on certain days of the month.',
  monthly,
)
export type PlatformSettlementCycleMethodMonthlyInput = Static<typeof PlatformSettlementCycleMethodMonthlyInput>

export const PlatformSettlementCycleMethodManualDatesInput = object(
  'PlatformSettlementCycleMethodManualDatesInput',
  'Settle on certain days of the year.',
  manualDates,
)
export type PlatformSettlementCycleMethodManualDatesInput = Static<typeof PlatformSettlementCycleMethodManualDatesInput>

export const PlatformSettlementCycleMethodInput = object(
  'PlatformSettlementCycleMethodInput',
  'On which days a contract settles. Exactly one field must be given.',
  {
    daily: optional(PlatformSettlementCycleMethodDailyInput),
    weekly: optional(PlatformSettlementCycleMethodWeeklyInput),
    monthly: optional(PlatformSettlementCycleMethodMonthlyInput),
    manualDates: optional(PlatformSettlementCycleMethodManualDatesInput),
  },
)
export type PlatformSettlementCycleMethodInput = Static<typeof PlatformSettlementCycleMethodInput>

const lagDays = integer(
  'How many calendar days after the settlement start date the earliest settlement date lies. 1 to 10.',
  { minimum: 1, maximum: 10 },
)

export const PlatformSettlementCycle = object('PlatformSettlementCycle', 'When the orders of a contract are settled.', {
  lagDays,
  datePolicy: PlatformSettlementCycleDatePolicy,
  method: PlatformSettlementCycleMethod,
})
export type PlatformSettlementCycle = Static<typeof PlatformSettlementCycle>

export const PlatformSettlementCycleInput = object(
  'PlatformSettlementCycleInput',
  'When the orders of a contract are to be settled.',
  { lagDays, datePolicy: PlatformSettlementCycleDatePolicy, method: PlatformSettlementCycleMethodInput },
)
export type PlatformSettlementCycleInput = Static<typeof PlatformSettlementCycleInput>
