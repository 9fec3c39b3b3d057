import type { Gender, IdentityVerificationOperator } from '@naru/contract'
import type { Instant } from '../../kernel/clock.ts'
import type { EffectContext, GatewayContext, GatewayFailure, Outcome } from './terms.ts'

/** Proof of who a person is, which some PGs offer beside payments. `context.reference` names the attempt. */
export type IdentityGateway = {
  /** Sends the person a code, or a request to an app. The same reference again sends nothing. */
  startIdentity(context: EffectContext, request: IdentityRequest): Promise<Outcome<SentIdentity>>
  resendIdentity(context: EffectContext): Promise<Outcome<SentIdentity>>
  /** Checks the code; without one, whether the person approved in the app. */
  confirmIdentity(context: EffectContext, otp: string | undefined): Promise<Outcome<GatewayIdentity>>
  /** What the PG knows of the attempt. Never changes anything. */
  inquireIdentity(context: GatewayContext): Promise<Outcome<GatewayIdentity>>
}

export type IdentityRequest = {
  readonly method: 'SMS' | 'APP' | 'WINDOW'
  readonly operator?: IdentityVerificationOperator | undefined
  readonly customer: {
    readonly id?: string | undefined
    readonly name?: string | undefined
    readonly phoneNumber?: string | undefined
    readonly birthYear?: string | undefined
    readonly birthMonth?: string | undefined
    readonly birthDay?: string | undefined
  }
  readonly gender?: Gender | undefined
  readonly isForeigner?: boolean | undefined
}

export type SentIdentity = { readonly pgTransactionId: string }

/** `NONE`: the PG never heard of it (which proves nothing before `mayActWithin`). */
export type GatewayIdentity =
  | { readonly state: 'NONE' }
  /** `refusal`: why what the person confirmed with just now did not do. */
  | { readonly state: 'WAITING'; readonly pgTransactionId: string; readonly refusal?: GatewayFailure | undefined }
  | { readonly state: 'VERIFIED'; readonly person: Person }
  | { readonly state: 'FAILED'; readonly failure: GatewayFailure }

export type Person = {
  readonly pgTransactionId: string
  readonly verifiedAt: Instant
  readonly name: string
  readonly operator?: IdentityVerificationOperator | undefined
  readonly phoneNumber?: string | undefined
  /** As 2001-02-03. */
  readonly birthDate: string
  readonly gender?: Gender | undefined
  readonly isForeigner?: boolean | undefined
  /** Tell the person apart from everyone else, everywhere and at this merchant. Sensitive: encrypted wherever kept. */
  readonly ci?: string | undefined
  readonly di?: string | undefined
  /** The PG's answer as it came. Holds the above. */
  readonly raw: string
}
