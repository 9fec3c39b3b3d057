import type { Logger } from 'pino'
import { type Instant, second, storeTime } from '../kernel/clock.ts'
import type { Channel, Store } from '../merchants/store.ts'
import type { Gateway } from './port/gateway.ts'
import type { GatewayContext } from './port/terms.ts'

export type GatewayParts = {
  readonly log: Logger
  /** The adapter for a channel. */
  readonly gatewayOf: (channel: Channel) => Gateway
}

type Call = Pick<GatewayContext, 'reference' | 'clock' | 'followsScripts' | 'subject' | 'testCode'> & {
  /** When its intent was decided, by the store's clock. */
  readonly intendedAt?: Instant | undefined
}

/** A call goes out this long after its intent, or not at all. */
const sendsWithin = 10 * second

/**
 * Calls the PG. An exception out of an adapter is a bug, and whether the PG acted is unknown.
 *
 * So it is where the call comes late: a server that stood still (a paused machine, a debugger) between its intent and the
 * call may have been taken for dead. Another one asked the PG, which knew nothing, and let the payment fail or charged
 * once more; a PG without idempotency would then do both.
 */
export const gatewayCall = async <Result extends { kind: string }>(
  parts: GatewayParts,
  { storeId }: Pick<Store, 'storeId'>,
  channel: Channel,
  call: Call,
  run: (gateway: Gateway, context: GatewayContext) => Promise<Result>,
): Promise<Result | { kind: 'unknown'; reason: string }> => {
  const { intendedAt, ...facts } = call
  if (intendedAt !== undefined && storeTime(call.clock) - intendedAt > sendsWithin) {
    parts.log.warn({ channel: channel.key, reference: call.reference }, 'a gateway call came too late and was not made')
    return { kind: 'unknown', reason: 'the call came too late after its intent and was not made' }
  }
  try {
    return await run(parts.gatewayOf(channel), { storeId, channel, ...facts })
  } catch (error) {
    parts.log.error(
      { err: error, channel: channel.key, reference: call.reference },
      'a gateway adapter failed: the result is unknown',
    )
    return { kind: 'unknown', reason: error instanceof Error ? error.message : String(error) }
  }
}
