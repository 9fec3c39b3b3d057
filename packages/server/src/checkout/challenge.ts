import type { SubmitAnswer } from '@naru/contract'
import type { Challenge } from '../gateways/port/window.ts'

/** The PG takes no further one-time code: the attempt ends. */
export type CodesRefused = { readonly kind: 'codes-refused' }

/** What the page hears where the PG wants a one-time code. */
export const challengeOf = ({ problem }: Challenge): SubmitAnswer | CodesRefused => {
  switch (problem) {
    case undefined:
      return { kind: 'challenge' }
    case 'WRONG':
      return { kind: 'invalid', problem: 'OTP' }
    case 'EXPIRED':
    case 'SENT_ANEW':
      return { kind: 'challenge', anew: problem }
    case 'TOO_MANY':
      return { kind: 'codes-refused' }
  }
}
