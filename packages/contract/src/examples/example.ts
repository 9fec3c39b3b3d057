/**
 * A request that succeeds against a fresh sandbox store as it stands, once the requests before it were sent.
 *
 * A value `{{operation.field}}` is what the answer to an earlier request holds there, and `{{channelKey}}` the store's
 * channel: whoever sends the example puts it in, as the page at /docs does.
 */
export type Example = {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number | boolean>>
  readonly body?: unknown
  /** What has to be sent before, in order, beside that which it takes values from; `operation/variant` is one of those. */
  readonly after?: readonly string[]
  /** What no request sets up. */
  readonly needs?: string
  /** Other requests of the same operation, by name. The first one is called as `title` says. */
  readonly title?: Title
  readonly variants?: Readonly<Record<string, Variant>>
}

export type Variant = Pick<Example, 'path' | 'body' | 'after'> & {
  readonly title: Title
  /** It is answered only once a later request has ended what it waits for. */
  readonly keepsWaiting?: true
}

/** What the example shows, in a few words of either language. */
export type Title = { readonly en: string; readonly ko: string }
