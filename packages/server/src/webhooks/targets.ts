import { invalid, type Refusal } from '../kernel/refusal.ts'
import type { Store } from '../merchants/store.ts'
import type { WebhookParts } from './parts.ts'

type Parts = Pick<WebhookParts, 'dialer'>
type Invalid = Refusal<'INVALID_REQUEST'>

/**
 * Refuses URLs, given by the names of their fields, whose host the server would later refuse to call for this store. Only
 * for URLs of new requests: those taken in before keep failing at their deliveries, where the failure can be read.
 */
export const refuseTargets = (
  { dialer }: Parts,
  { mode }: Pick<Store, 'mode'>,
  urls: Readonly<Record<string, string | undefined>>,
): Invalid | undefined => {
  for (const [field, url] of Object.entries(urls)) {
    const refusal = url === undefined ? undefined : dialer.refusal({ url, guarded: mode === 'LIVE' })
    if (refusal !== undefined) return invalid(`${field}: ${refusal}`)
  }
  return undefined
}

export const refuseNoticeTargets = (
  parts: Parts,
  store: Pick<Store, 'mode'>,
  urls: readonly string[] = [],
  field = 'noticeUrls',
): Invalid | undefined =>
  refuseTargets(parts, store, Object.fromEntries(urls.map((url, index) => [`${field}[${index}]`, url])))
