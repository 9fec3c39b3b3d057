import type { B2bBusinessInfo, PlatformCompanyState } from '@naru/contract'

/** What the register says of a company, or that it has none, or cannot be asked. */
export type RegisterAnswer<Found> =
  | ({ readonly kind: 'found' } & Found)
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable'; readonly reason: string }

export type CompanyAnswer = RegisterAnswer<{ readonly state: PlatformCompanyState }>

export type BusinessAnswer = RegisterAnswer<{ readonly info: B2bBusinessInfo }>
