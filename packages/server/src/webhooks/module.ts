import { aborted } from '../kernel/abort.ts'
import { second } from '../kernel/clock.ts'
import { chance } from '../kernel/ids.ts'
import type { FindStore } from '../workers/due-rows.ts'
import { createDialer, type DialerOptions } from './dial.ts'
import { webhookDue } from './due.ts'
import type { WebhookParts } from './parts.ts'

type Needs = Pick<WebhookParts, 'sql' | 'logger' | 'version'> &
  Pick<DialerOptions, 'allowedTargets' | 'guardsSandbox'> & {
    readonly findStore: FindStore
    /** Aborted once the server takes no more requests. */
    readonly ending: AbortSignal
  }

export const webhookModule = ({ findStore, ending, allowedTargets, guardsSandbox, ...needs }: Needs) => {
  const dialer = createDialer({ allowedTargets, guardsSandbox })
  const letGo = new AbortController()
  // Wait for receivers that answer promptly.
  void aborted(ending).then(() => setTimeout(() => letGo.abort(), second).unref())
  const parts: WebhookParts = {
    ...needs,
    chance,
    dialer,
    letGo: letGo.signal,
    settings: async (storeId, environment) => (await findStore(storeId))?.webhookSettings[environment],
  }
  return { parts, due: [webhookDue(parts)], close: () => dialer.close() }
}
