import type { PlatformCompanyState } from '@naru/contract'

export type CompanyAnswer =
  | { readonly kind: 'found'; readonly state: PlatformCompanyState }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable'; readonly reason: string }
