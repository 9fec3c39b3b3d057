import type { Logger } from 'pino'
import { type Instant, second, storeTime } from '../kernel/clock.ts'
import { cameTooLate, wasReset } from '../kernel/work.ts'
import type { Channel, Store } from '../merchants/store.ts'
import type { Gateway } from './port/gateway.ts'
import type { EffectContext, GatewayContext } from './port/terms.ts'

export type GatewayParts = {
  readonly log: Logger
  /** The adapter for a channel. */
  readonly gatewayOf: (channel: Channel) => Gateway
}

/** A question: it changes nothing at the PG, so it is harmless at any time. */
type Question = Pick<GatewayContext, 'reference' | 'clock' | 'followsScripts' | 'subject' | 'testCode'>

/** A call that changes something at the PG. */
type Effect = Question & {
  /** When its intent was decided, by the store's clock: what was known then is what the call is based on. */
  readonly intendedAt: Instant
}

type Unknown = { readonly kind: 'unknown'; readonly reason: string }

/** A call goes out this long after its intent, or not at all. */
const sendsWithin = 10 * second

/**
 * Makes a call that changes something at the PG.
 *
 * One that comes late is not made, and its result is unknown: a server that stood still (a paused machine, a debugger)
 * between its intent and the call may have been taken for dead. Another one asked the PG, which knew nothing, and let the
 * payment fail or charged once more; a PG without idempotency would then do both. It may stand still after this check as well,
 * and a sandbox's clock may be moved meanwhile: the call says until when the PG may act (`actBefore`).
 */
export const perform = async <Result extends { kind: string }>(
  parts: GatewayParts,
  store: Pick<Store, 'storeId'>,
  channel: Channel,
  { intendedAt, ...call }: Effect,
  run: (gateway: Gateway, context: EffectContext) => Promise<Result>,
): Promise<Result | Unknown> => {
  if (storeTime(call.clock) - intendedAt > sendsWithin) {
    parts.log.warn({ channel: channel.key, reference: call.reference }, 'a gateway call came too late and was not made')
    return { kind: 'unknown', reason: 'the call came too late after its intent and was not made' }
  }
  // Half of what is waited before "no such transaction" is believed.
  const inTime = (gateway: Gateway, context: GatewayContext) =>
    run(gateway, { ...context, actBefore: intendedAt + gateway.mayActWithin / 2 })
  return ask(parts, store, channel, call, inTime)
}

/**
 * Asks the PG something. An exception out of an adapter is a bug: the result is unknown. Only where the sandbox was reset
 * meanwhile there is nothing left to know.
 */
export const ask = async <Result extends { kind: string }>(
  parts: GatewayParts,
  { storeId }: Pick<Store, 'storeId'>,
  channel: Channel,
  question: Question,
  run: (gateway: Gateway, context: GatewayContext) => Promise<Result>,
): Promise<Result | Unknown> => {
  try {
    return await run(parts.gatewayOf(channel), { storeId, channel, ...question })
  } catch (error) {
    if (wasReset(error)) throw error
    if (cameTooLate(error)) {
      parts.log.warn({ channel: channel.key, reference: question.reference }, 'a gateway call reached the PG too late')
      return { kind: 'unknown', reason: 'the call reached the PG too late and was not carried out' }
    }
    parts.log.error(
      { err: error, channel: channel.key, reference: question.reference },
      'a gateway adapter failed: the result is unknown',
    )
    return { kind: 'unknown', reason: error instanceof Error ? error.message : String(error) }
  }
}
