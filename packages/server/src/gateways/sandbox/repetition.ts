import type { EffectContext, GatewayContext, Outcome } from '../port/terms.ts'
import { refusedWith } from './scenarios/failures.ts'

/**
 * What a PG makes of a reference that it has executed before. `stripe`, where the channel says nothing: the same answer
 * again where the same is asked, otherwise a refusal. `toss`: the same answer, whatever is asked. `none`: it is done again.
 */
export const idempotencyRules = ['toss', 'stripe', 'none'] as const

export type IdempotencyRule = (typeof idempotencyRules)[number]

/** A sandbox channel's terms stand where a real one's credentials do. */
const ruleOf = ({ channel }: GatewayContext): IdempotencyRule =>
  idempotencyRules.find((rule) => rule === channel.credentials.idempotency) ?? 'stripe'

/** `again` does it once more, under a reference that is the PG's own: nobody can ask it about that. */
export const repeated = async <Value>(
  context: EffectContext,
  { isSame, answer }: { readonly isSame: boolean; readonly answer: Outcome<Value> },
  again: (context: EffectContext) => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> => {
  switch (ruleOf(context)) {
    case 'toss':
      return answer
    case 'stripe':
      return isSame ? answer : refusedWith('SBX_IDEMPOTENCY_MISMATCH')
    case 'none':
      return await again({ ...context, reference: `${context.reference}-again` })
  }
}
