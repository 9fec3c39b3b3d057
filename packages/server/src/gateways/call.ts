import type { Logger } from 'pino'
import type { Channel, Store } from '../merchants/store.ts'
import type { Gateway, GatewayContext } from './gateway.ts'

export type GatewayParts = {
  readonly log: Logger
  /** The adapter for a channel. */
  readonly gatewayOf: (channel: Channel) => Gateway
}

type Call = Pick<GatewayContext, 'reference' | 'clock' | 'followsScripts' | 'subject' | 'testCode'>

/** Calls the PG. An exception out of an adapter is a bug, and whether the PG acted is unknown. */
export const gatewayCall = async <Result extends { kind: string }>(
  parts: GatewayParts,
  store: Store,
  channel: Channel,
  call: Call,
  run: (gateway: Gateway, context: GatewayContext) => Promise<Result>,
): Promise<Result | { kind: 'unknown'; reason: string }> => {
  try {
    return await run(parts.gatewayOf(channel), { storeId: store.storeId, channel, ...call })
  } catch (error) {
    parts.log.error(
      { err: error, channel: channel.key, reference: call.reference },
      'a gateway adapter failed: the result is unknown',
    )
    return { kind: 'unknown', reason: error instanceof Error ? error.message : String(error) }
  }
}
