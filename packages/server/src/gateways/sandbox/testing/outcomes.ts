import assert from 'node:assert/strict'
import type { GatewayPayment } from '../../port/payment.ts'
import type { Outcome } from '../../port/terms.ts'

let references = 0

/** A name for an effect that no other test of the process uses. */
export const reference = (): string => `reference-${++references}`

/** Holds an outcome to a definitive refusal with this code. */
export const failed =
  (pgCode: string) =>
  (outcome: Outcome<unknown>): void => {
    assert.equal(outcome.kind, 'failed')
    if (outcome.kind === 'failed') assert.equal(outcome.failure.pgCode, pgCode)
  }

/** What an inquiry says of a payment, in one word. */
export const stateOf = (outcome: Outcome<GatewayPayment>): string =>
  outcome.kind === 'succeeded' ? outcome.value.state : outcome.kind
