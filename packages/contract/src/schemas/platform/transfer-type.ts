import { enumeration, type Static } from '../../schema.ts'

export const PlatformTransferType = enumeration(
  'PlatformTransferType',
  'What a transfer is about: an order, the cancellation of one, or an amount entered by hand.',
  ['ORDER', 'ORDER_CANCEL', 'MANUAL'],
)
export type PlatformTransferType = Static<typeof PlatformTransferType>

export const PlatformTransferStatus = enumeration(
  'PlatformTransferStatus',
  'How far a transfer has come: `SCHEDULED` until its settlement start date, `IN_PROCESS` until its settlement date, then `SETTLED`, and further as it is paid out.',
  ['SCHEDULED', 'IN_PROCESS', 'SETTLED', 'PAYOUT_CONFIRMED', 'IN_PAYOUT', 'PAID_OUT'],
)
export type PlatformTransferStatus = Static<typeof PlatformTransferStatus>
