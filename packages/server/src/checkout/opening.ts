import type { PaymentOrigin } from '@naru/contract'
import type { StoreClock } from '../kernel/clock.ts'
import { compact } from '../kernel/compact.ts'
import type { PageRequest } from '../kernel/page-request.ts'
import type { Channel, Store } from '../merchants/store.ts'
import type { CheckoutRequest } from './attempt.ts'
import type { Found } from './find.ts'
import type { Unopened } from './problem.ts'
import type { Device } from './window-mode.ts'

/** Places a request, and begins it once its window is written down. */
export type Opener = {
  place(): Promise<Placed | Unopened>
  begin(opened: Opened): Promise<Unopened | undefined>
}

/** The attempt as it was written down, and the only key to it. */
export type Opened = { readonly found: Found; readonly token: string }

/** What is about to be opened, in a window of which nothing is written yet. */
export type Opening<Request = CheckoutRequest> = {
  readonly store: Store
  readonly asked: Request
  readonly transactionId: string
  readonly caller: Caller
}

/** Where the request came from, as our server sees it. */
export type Caller = {
  readonly ipAddress: string
  readonly userAgent?: string | undefined
  /** The `Origin` header: browsers do not let a page choose it. */
  readonly shopOrigin?: string | undefined
  readonly pageUrl?: string | undefined
  /** When the shop's page asked for the window, where its script says so. */
  readonly asked?: PageRequest | undefined
  readonly device: Device
  /** Under which address the browser reached us: PGs send it back there. */
  readonly serverUrl: string
}

/** Chosen for a request: where it goes, what it is called, and the clock of its store. */
export type Placed = { readonly channel: Channel; readonly subjectId: string; readonly clock: StoreClock }

/** As payments show where they were begun. */
export const originOf = ({ ipAddress, userAgent, pageUrl, device }: Caller): PaymentOrigin => ({
  platformType: device,
  ipAddress,
  ...compact({ userAgent, url: pageUrl }),
})
