import type { CheckoutMessage } from '@naru/contract'

/**
 * `said`: the page says that it is over. `gone`: it was closed, or the shopper left. `unloaded`: it was never shown. `replaced`: another
 * one takes its place.
 */
export type Ending = 'said' | 'gone' | 'unloaded' | 'replaced'

/** A window in which a shopper is. */
export type OpenWindow = {
  readonly ended: Promise<Ending>
  /** Whether something may have been sent in it that the server acts upon: otherwise nobody can have paid. */
  hasSent(): boolean
  /** Takes it away. It counts as gone, or as `how` says, if it had not ended. Again is no harm. */
  tearDown(how?: Ending): void
}

/** A frame that cannot be relied on to close itself. Once it can, or is gone, `stop` ends the watch; again is no harm. */
export type Watch = { stop(): void }

/** Ends once, whoever ends it first. */
export const ending = <How = Ending>(): { readonly promise: Promise<How>; end(how: How): void } => {
  let end: (how: How) => void = () => undefined
  const promise = new Promise<How>((resolve) => {
    end = resolve
  })
  return { promise, end }
}

/** The page in a window, as far as it tells. */
export type Heard = Pick<OpenWindow, 'hasSent'> & { stop(): void }

/**
 * Listens to the page in the window: to its own window object, at its own address, about this very attempt. A PG's page may
 * stand in the window meanwhile, but at another address. What ours says is no result, only that there is one.
 */
export const listen = (
  source: () => Window | null | undefined,
  url: string,
  token: string,
  hears: Readonly<Partial<Record<CheckoutMessage['naru'], () => void>>>,
): Heard => {
  const { origin } = new URL(url)
  const [, txId] = token.split('.')
  let hasSent = false
  const hear = ({ source: from, origin: at, data }: MessageEvent<CheckoutMessage | null>) => {
    // Once a PG's page has taken its place, the browser no longer says which window it was: one message in a hundred.
    if ((from && from !== source()) || at !== origin || !data || data.txId !== txId) return
    const { naru } = data
    // What is done at a PG is sent to it.
    if (naru === 'sent' || naru === 'away') hasSent = true
    hears[naru]?.()
  }
  addEventListener('message', hear)
  return { hasSent: () => hasSent, stop: () => removeEventListener('message', hear) }
}
