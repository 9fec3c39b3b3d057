import { access, operation } from '../operation.ts'
import {
  CreateSandboxStoreBody,
  CreateSandboxStoreResponse,
  SandboxDone,
  SandboxStoreBody,
} from '../schemas/sandbox/sandbox.ts'
import { control } from './sandbox-parameters.ts'

/** The sandbox's own control API: what a test does instead of waiting, depositing or clicking. Sandbox stores only. */
export const sandboxOperations = {
  createSandboxStore: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/stores',
    summary: 'Create a sandbox store',
    description:
      'Gives a test a store of its own, with its own clock, channel and secrets, so that tests run side by side. Needs a credential of the whole merchant.',
    body: CreateSandboxStoreBody,
    bodyIn: 'body',
    bodyRequired: false,
    success: CreateSandboxStoreResponse,
    errors: access,
  }),
  resetSandboxStore: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/reset',
    summary: 'Empty a sandbox store',
    description:
      'Forgets all payments, webhooks and scripts of the store and sets its clock to real time. Channels and secrets stay. ' +
      'With an API secret of the whole merchant, resetting its representative store also empties partner settlement; the ' +
      'live platform stays if the merchant has a live store.',
    body: SandboxStoreBody,
    bodyIn: 'body',
    bodyRequired: false,
    success: SandboxDone,
    errors: access,
  }),
}
