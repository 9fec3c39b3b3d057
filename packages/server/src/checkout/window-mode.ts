import type { BrowserPayment, PgProvider, WindowMode } from '@naru/contract'
import { Unopened } from './problem.ts'

export type Device = 'PC' | 'MOBILE'

type Wanted = Pick<BrowserPayment, 'windowType' | 'redirectUrl'>

type Rule = { readonly [Of in Device]: WindowMode }

/** PGs whose documentation allows one way on each device and no other. */
const strict: Readonly<Partial<Record<PgProvider, Rule>>> = {
  TOSSPAYMENTS: { PC: 'IFRAME', MOBILE: 'REDIRECTION' },
  KSNET: { PC: 'IFRAME', MOBILE: 'REDIRECTION' },
  KAKAOPAY: { PC: 'IFRAME', MOBILE: 'REDIRECTION' },
  NAVERPAY: { PC: 'POPUP', MOBILE: 'REDIRECTION' },
}

const usual: Rule = { PC: 'IFRAME', MOBILE: 'REDIRECTION' }

/**
 * How the window opens: as the PG does it, or, where its documentation does not say, as the shop wishes. A sandbox
 * channel follows the PG that it plays, so that a shop learns of a window type that its PG will not open.
 */
export const windowMode = (provider: PgProvider, device: Device, wanted: Wanted): WindowMode | Unopened => {
  const field = device === 'PC' ? 'pc' : 'mobile'
  const asked = wanted.windowType?.[field]
  const only = strict[provider]?.[device]
  if (asked === 'UI')
    return new Unopened('BadRequest', `windowType.${field} must be IFRAME, POPUP or REDIRECTION here.`)
  if (asked !== undefined && only !== undefined && asked !== only)
    return new Unopened('BadRequest', `windowType.${field} must be ${only}: ${provider} opens no other window there.`)
  const mode = asked ?? only ?? usual[device]
  if (mode === 'REDIRECTION' && wanted.redirectUrl === undefined)
    return new Unopened('BadRequest', 'redirectUrl is required: the window opens by redirection on this device.')
  return mode
}
