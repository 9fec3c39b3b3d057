import type { Sql } from '../db/connect.ts'
import { once } from '../db/lease.ts'
import type { Encryption } from '../kernel/encryption.ts'
import { createSandboxChannel } from '../merchants/bootstrap.ts'
import { addWebhookSecret, createSecret, createStore, setWebhook } from '../merchants/setup.ts'

/** Creates a sandbox store with everything that is needed to use it, or nothing at all. */
export const createSandboxStore = (
  sql: Sql,
  encryption: Encryption,
  merchantId: string,
  { name = 'Sandbox', webhookUrl }: { name?: string; webhookUrl?: string },
) =>
  once(sql, 'store created', (sql) =>
    sql.begin(async (transaction) => {
      const storeId = await createStore(transaction, { merchantId, name, mode: 'SANDBOX', isRepresentative: false })
      const channelKey = await createSandboxChannel(transaction, encryption, storeId)
      const { secret: apiSecret } = await createSecret(transaction, { merchantId, storeId, name })
      await setWebhook(transaction, storeId, 'TEST', { url: webhookUrl ?? null })
      const { secret: webhookSecret } = await addWebhookSecret(transaction, encryption, storeId, 'TEST')
      return { storeId, apiSecret, channelKey, webhookSecret }
    }),
  )
