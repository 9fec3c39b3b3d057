import type { B2bBusinessInfoResult, GetB2bBusinessInfosResponse } from '@naru/contract'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import type { Platform } from '../platform.ts'
import type { BusinessAnswer } from './company-answer.ts'
import type { LookUpsOf } from './providers.ts'
import { isTenDigits, withoutHyphens } from './registration-number.ts'

/** The contract names no bound. Each is a question to the register, which has its price at PortOne; our choice. */
const maximumBusinesses = 100

/** How many of them the register is asked at once: one after the other a hundred would take its latency a hundred times. */
const atOnce = 10

/**
 * What the register says of each business, in the order asked; the same number is asked about once. One that is not found is no
 * error of the request. Without `verificationId`: nothing takes it before there are counterparties.
 *
 * @returns `B2B_EXTERNAL_SERVICE` where the register cannot be asked.
 */
export const lookUpBusinesses = async (
  { lookUpsOf }: { readonly lookUpsOf: LookUpsOf },
  platform: Platform,
  brnList: readonly string[],
): Promise<GetB2bBusinessInfosResponse | Refusal<'INVALID_REQUEST' | 'B2B_EXTERNAL_SERVICE'>> => {
  if (brnList.length > maximumBusinesses)
    return refuse('INVALID_REQUEST', `brnList must have at most ${maximumBusinesses} numbers. Split it up.`)
  const lookUps = lookUpsOf(platform)
  const answers = new Map<string, BusinessAnswer>()
  const numbers = [...new Set(brnList.map(withoutHyphens).filter(isTenDigits))]
  for (let first = 0; first < numbers.length; first += atOnce) {
    const asked = numbers.slice(first, first + atOnce)
    const found = await Promise.all(asked.map(async (number) => [number, await lookUps.businessOf(number)] as const))
    for (const [number, answer] of found) {
      if (answer.kind === 'unavailable') return refuse('B2B_EXTERNAL_SERVICE', answer.reason)
      answers.set(number, answer)
    }
  }
  return { result: brnList.map((brn) => resultOf(brn, answers.get(withoutHyphens(brn)))) }
}

const resultOf = (brn: string, answer: BusinessAnswer | undefined): B2bBusinessInfoResult => {
  if (!answer) return { brn, error: 'The business registration number must be ten digits.' }
  return answer.kind === 'found'
    ? { brn, businessInfo: answer.info }
    : { brn, error: `No business has the registration number ${brn}.` }
}
