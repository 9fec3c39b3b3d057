import type { Command } from 'commander'
import { addChannels } from './channels.ts'
import { addSecrets } from './secrets.ts'
import { addStores } from './stores.ts'

/** Commands that create, list and revoke what a merchant needs. */
export const addSetup = (program: Command): void => {
  addStores(program.command('store').description('create and list stores, and set where their webhooks go'))
  addChannels(program.command('channel').description('create, list and delete channels'))
  addSecrets(program.command('secret').description('create, list and revoke API secrets and webhook secrets'))
}
