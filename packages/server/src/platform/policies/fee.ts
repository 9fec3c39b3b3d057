import type { PlatformFee, PlatformFeeInput } from '@naru/contract'
import { type Refusal, refuse } from '../../kernel/refusal.ts'

/** A fee as it is asked for: a rate or an amount. `field` is where it stands in the request. */
export const readFee = (
  field: string,
  { fixedRate, fixedAmount }: PlatformFeeInput,
): PlatformFee | Refusal<'INVALID_REQUEST'> => {
  if (fixedRate !== undefined && fixedAmount === undefined) return { type: 'FIXED_RATE', rate: fixedRate }
  if (fixedAmount !== undefined && fixedRate === undefined) return { type: 'FIXED_AMOUNT', amount: fixedAmount }
  return refuse('INVALID_REQUEST', `${field} must have either fixedRate or fixedAmount.`)
}
