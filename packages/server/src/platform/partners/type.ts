import type { PlatformPartnerTypeName } from '@naru/contract'
import { type Refusal, refuse } from '../../kernel/refusal.ts'

/** A type as requests have it: one field out of three, each with what belongs to it. */
type TypeInput<Business, Individual> = {
  readonly business?: Business
  readonly whtPayer?: Individual
  readonly nonWhtPayer?: Individual
}

export type NamedType<Business, Individual> =
  | { readonly type: 'BUSINESS'; readonly given: Business }
  | { readonly type: 'WHT_PAYER' | 'NON_WHT_PAYER'; readonly given: Individual }

/** The one type that is given. */
export const readType = <Business, Individual>({
  business,
  whtPayer,
  nonWhtPayer,
}: TypeInput<Business, Individual>): NamedType<Business, Individual> | Refusal<'INVALID_REQUEST'> => {
  const given: NamedType<Business, Individual>[] = []
  if (business) given.push({ type: 'BUSINESS', given: business })
  if (whtPayer) given.push({ type: 'WHT_PAYER', given: whtPayer })
  if (nonWhtPayer) given.push({ type: 'NON_WHT_PAYER', given: nonWhtPayer })
  const [first] = given
  return first === undefined || given.length > 1
    ? refuse('INVALID_REQUEST', 'type must have exactly one of business, whtPayer and nonWhtPayer.')
    : first
}

/** What people call each type. */
export const typeNames: Readonly<Record<PlatformPartnerTypeName, string>> = {
  BUSINESS: 'a business',
  WHT_PAYER: 'an individual with withholding tax',
  NON_WHT_PAYER: 'an individual without withholding tax',
}
