import type { GatewayChannel } from '../../merchants/store.ts'
import type { Gateway } from './gateway.ts'
import type { PaymentWindow, PgWindow } from './window.ts'

/** What the code that speaks to a PG brings: its calls, and the windows that shoppers agree in. */
export type Adapter = {
  readonly gateway: Gateway
  /** The window that we show for the PG. */
  readonly window: PaymentWindow
  /** The window that the PG brings itself for a channel, if it does. */
  readonly pgWindowOf: (channel: GatewayChannel) => PgWindow | undefined
}

export type AdapterWindows = Pick<Adapter, 'window' | 'pgWindowOf'>
