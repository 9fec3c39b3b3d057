import { resultUnknown } from '../doubt/failure.ts'
import { ask } from '../gateways/call.ts'
import type { Handlers } from '../http/handler.ts'
import { invalid, refuse, refusedByGateway } from '../kernel/refusal.ts'
import type { OperationParts } from './parts.ts'
import { findChannel, readingCall } from './without-store.ts'

type Parts = Pick<OperationParts, 'access' | 'clockOf' | 'payments'>

export const additionalFeatureOperations = (parts: Parts): Pick<Handlers, 'getPgCardPromotions'> => ({
  getPgCardPromotions: async ({ query, principal, caller }) => {
    const { channelKey, amount, cardCompany } = query
    if (amount <= 0) return invalid('amount must be greater than 0.')
    const found = await findChannel(parts, principal, channelKey)
    if (!found) return refuse('CHANNEL_NOT_FOUND', `There is no channel with the key ${channelKey}.`)
    if (found.channel.pgProvider !== 'KCP_V2')
      return invalid(`channelKey: card promotions are known of KCP_V2 only, not of ${found.channel.pgProvider}.`)
    const call = await readingCall(parts, found.store, caller.testCode)
    const answer = await ask(parts.payments, found.store, found.channel, call, (gateway, context) =>
      gateway.cardPromotions(context, { amount, cardCompany }),
    )
    if (answer.kind === 'succeeded') return { promotions: [...answer.value] }
    return answer.kind === 'failed' ? refusedByGateway(answer.failure) : resultUnknown()
  },
})
