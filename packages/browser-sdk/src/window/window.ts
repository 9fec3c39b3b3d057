import type { CheckoutMessage } from '@naru/contract'

/**
 * `said`: the page says that it is over. `gone`: it was closed, or the shopper left. `unopened`: the shopper closed it before it was
 * shown. `unloaded`: it never was. `replaced`: another one takes its place.
 */
export type Ending = 'said' | 'gone' | 'unopened' | 'unloaded' | 'replaced'

/** A window in which a shopper is. */
export type OpenWindow = {
  readonly ended: Promise<Ending>
  /** Takes it away. It counts as gone, or as `how` says, if it had not ended. Again is no harm. */
  tearDown(how?: Ending): void
}

/** A frame that cannot be relied on to close itself. Once it can, or is gone, `stop` ends the watch; again is no harm. */
export type Watch = { stop(): void }

/** Ends once, whoever ends it first. */
export const ending = (): { readonly promise: Promise<Ending>; end(how: Ending): void } => {
  let end: (how: Ending) => void = () => undefined
  const promise = new Promise<Ending>((resolve) => {
    end = resolve
  })
  return { promise, end }
}

/**
 * Listens to the page in the window: to its own window object, at its own address, about this very attempt. A PG's page may
 * stand in the window meanwhile, but at another address. What ours says is no result, only that there is one. Returns how to
 * stop.
 */
export const listen = (
  source: () => Window | null | undefined,
  url: string,
  token: string,
  hears: Readonly<Partial<Record<CheckoutMessage['naru'], () => void>>>,
): (() => void) => {
  const { origin } = new URL(url)
  const [, txId] = token.split('.')
  const hear = ({ source: from, origin: at, data }: MessageEvent<Partial<CheckoutMessage> | null>) => {
    if (from !== source() || at !== origin || data?.txId !== txId) return
    for (const [name, then] of Object.entries(hears)) if (data?.naru === name) then()
  }
  addEventListener('message', hear)
  return () => removeEventListener('message', hear)
}
