/** A window in which a shopper is. */
export type OpenWindow = {
  /** `said`: the page says that it is over. `gone`: it was closed, or the shopper left. */
  readonly ended: Promise<'said' | 'gone'>
  /** Takes it away. It counts as gone if it had not ended. Again is no harm. */
  tearDown(): void
}

/** Ends once, whoever ends it first. */
export const ending = (): { readonly promise: Promise<'said' | 'gone'>; end(how: 'said' | 'gone'): void } => {
  let end: (how: 'said' | 'gone') => void = () => undefined
  const promise = new Promise<'said' | 'gone'>((resolve) => {
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
  onDone: () => void,
): (() => void) => {
  const { origin } = new URL(url)
  const [, txId] = token.split('.')
  const hear = (event: MessageEvent) => {
    if (event.source !== source() || event.origin !== origin) return
    if (event.data?.naru === 'done' && event.data.txId === txId) onDone()
  }
  addEventListener('message', hear)
  return () => removeEventListener('message', hear)
}
