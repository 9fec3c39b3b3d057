import { chance } from '../kernel/ids.ts'
import type { FindStore } from '../workers/due-rows.ts'
import { createDialer, type DialerOptions } from './dial.ts'
import { webhookDue } from './due.ts'
import type { WebhookParts } from './parts.ts'

type Needs = Pick<WebhookParts, 'sql' | 'logger' | 'version'> &
  Pick<DialerOptions, 'allowedTargets' | 'guardsSandbox'> & { readonly findStore: FindStore }

export const webhookModule = ({ findStore, allowedTargets, guardsSandbox, ...needs }: Needs) => {
  const dialer = createDialer({ allowedTargets, guardsSandbox })
  const parts: WebhookParts = {
    ...needs,
    chance,
    dialer,
    settings: async (storeId, environment) => (await findStore(storeId))?.webhookSettings[environment],
  }
  return { parts, due: [webhookDue(parts)], close: () => dialer.close() }
}
