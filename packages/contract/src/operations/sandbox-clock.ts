import { access, operation, storeQuery } from '../operation.ts'
import { AdvanceSandboxClockBody, AdvanceSandboxClockResponse, SandboxClock } from '../schemas/sandbox/clock.ts'
import { SandboxStoreBody } from '../schemas/sandbox/sandbox.ts'
import { control } from './sandbox-parameters.ts'

export const sandboxClockOperations = {
  getSandboxClock: operation({
    ...control,
    method: 'GET',
    path: '/sandbox/clock',
    summary: "Read a store's clock",
    description: 'What time it is for the store. Everything the store does happens by this clock.',
    queryParameters: storeQuery,
    success: SandboxClock,
    errors: access,
  }),
  advanceSandboxClock: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/clock/advance',
    summary: "Move a store's clock forward",
    description:
      'Runs everything that falls due on the way, in order, each at its own instant, and answers when it is done. Other stores are not affected. A clock cannot be moved back, nor beyond the end of the year 8999.',
    body: AdvanceSandboxClockBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: AdvanceSandboxClockResponse,
    errors: access,
  }),
  stopSandboxClock: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/clock/stop',
    summary: "Stop a store's clock",
    description: 'The clock stands still until it is started or advanced, so that a test sees exact instants.',
    body: SandboxStoreBody,
    bodyIn: 'body',
    bodyRequired: false,
    success: SandboxClock,
    errors: access,
  }),
  startSandboxClock: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/clock/start',
    summary: "Start a store's clock",
    description: 'The clock runs on from what it shows.',
    body: SandboxStoreBody,
    bodyIn: 'body',
    bodyRequired: false,
    success: SandboxClock,
    errors: access,
  }),
}
