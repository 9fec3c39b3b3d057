import type { OfferPeriod } from '@naru/contract'
import { fromIso } from '../kernel/clock.ts'
import { Unopened } from './problem.ts'

/** Why nobody can mean a period in which what is bought is provided. PGs are told of it, and show it to the shopper. */
export const refuseOfferPeriod = ({ range, interval }: OfferPeriod = {}): Unopened | undefined => {
  if (range !== undefined && interval !== undefined) return refused('takes range or interval, not both')
  if (interval !== undefined && !/^[1-9]\d*[dmy]$/.test(interval))
    return refused('must be a number of days, months or years, such as 30d, 1m or 1y', '.interval')
  const { from, to } = range ?? {}
  for (const [name, text] of Object.entries({ from, to }))
    if (text !== undefined && fromIso(text) === undefined)
      return refused('must be a time such as 2026-01-31T09:00:00+09:00', `.range.${name}`)
  const [begins, ends] = [from, to].map((text) => (text === undefined ? undefined : fromIso(text)))
  const isBackwards = begins !== undefined && ends !== undefined && begins > ends
  return isBackwards ? refused('must not be before offerPeriod.range.from. Exchange them', '.range.to') : undefined
}

const refused = (problem: string, field = ''): Unopened => new Unopened('BadRequest', `offerPeriod${field} ${problem}.`)
