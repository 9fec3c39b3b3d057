import type { Adapter } from '../port/adapter.ts'
import { sandboxControl } from './control.ts'
import { sandboxDue } from './due.ts'
import { sandboxGateway } from './gateway.ts'
import { noticeDoor } from './notice.ts'
import type { SandboxParts } from './parts.ts'
import { mannerOf, sandboxPgWindow } from './pg-window.ts'
import { sandboxWindow } from './window.ts'

type Needs = Omit<SandboxParts, 'notify'> & {
  /** The platform hears that something happened to a transaction. Whether it is one of its own. */
  /** Whether nothing of it is left to be told. */
  readonly paymentNotified: (storeId: string, transactionId: string) => Promise<boolean>
}

export const sandboxModule = ({ paymentNotified, ...needs }: Needs) => {
  const parts = { ...needs, notify: noticeDoor(needs.notificationKey, needs.logger, paymentNotified) }
  const adapter: Adapter = {
    gateway: sandboxGateway(parts),
    window: sandboxWindow(parts),
    pgWindowOf: (channel) => {
      const manner = mannerOf(channel)
      return manner && sandboxPgWindow(parts, manner)
    },
  }
  return {
    adapter,
    parts,
    control: sandboxControl(parts),
    due: [sandboxDue(parts)],
  }
}
