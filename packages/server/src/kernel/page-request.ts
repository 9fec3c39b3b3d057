/** When a page asked for something, and when that page was loaded: in milliseconds, by the browser's clock. */
export type PageRequest = { readonly page: number; readonly askedAt: number }

/**
 * Whether the same page has asked for another one since: a request may reach us after one that was made later. Pages are told
 * apart by when they were loaded, and not compared, since nobody knows the clocks of two browsers.
 */
export const isOutdated = (asked: PageRequest | undefined, others: readonly (PageRequest | undefined)[]): boolean =>
  asked !== undefined && others.some((other) => other?.page === asked.page && other.askedAt > asked.askedAt)
