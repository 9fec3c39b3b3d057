import { object, optional, type Static, string } from '../../schema.ts'
import { storeId } from './store-id.ts'

export const SandboxStoreBody = object('SandboxStoreBody', 'Which sandbox store is meant.', { storeId })
export type SandboxStoreBody = Static<typeof SandboxStoreBody>

export const SandboxDone = object('SandboxDone', 'Done.', {})
export type SandboxDone = Static<typeof SandboxDone>

export const CreateSandboxStoreBody = object('CreateSandboxStoreBody', 'The store to create.', {
  name: optional(string('What people call it.')),
  webhookUrl: optional(string('Where its webhooks go. Defaults to none.')),
})
export type CreateSandboxStoreBody = Static<typeof CreateSandboxStoreBody>

export const CreateSandboxStoreResponse = object(
  'CreateSandboxStoreResponse',
  'A store of its own, with everything needed to use it. The secrets are shown this once.',
  {
    storeId: string('The store.'),
    apiSecret: string('Its API secret, for this store alone.'),
    channelKey: string('Its sandbox channel.'),
    webhookSecret: string('The secret its webhooks are signed with.'),
  },
)
export type CreateSandboxStoreResponse = Static<typeof CreateSandboxStoreResponse>
