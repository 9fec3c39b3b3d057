import { createHmac } from 'node:crypto'
import type { BaseLogger } from 'pino'
import { isSameSecret } from '../../kernel/digest.ts'

/** Says that something happened, not what: whoever gets it inquires. */
export type Notice =
  | { readonly kind: 'payment'; readonly reference: string }
  | { readonly kind: 'cancellation'; readonly reference: string; readonly paymentReference: string }

/**
 * UNANSWERED: what it is about could not be asked of the PG, and nobody will ask by itself, so that it is to be sent again.
 * REFUSED: not because of the moment. Sending the same again will not help.
 */
export type Reception = 'TAKEN' | 'UNANSWERED' | 'REFUSED'

/** Proves that a notice comes from the PG and is about this store; `key` is known to both sides. */
export const signatureOf = (key: Buffer, storeId: string, notice: Notice): string =>
  createHmac('sha256', key)
    .update(JSON.stringify([storeId, notice.kind, notice.reference]))
    .digest('base64')

/**
 * The platform's side: takes what is signed. Anything else changes nothing, not even by asking the PG: else whoever
 * found the door could have every payment asked about, over and over.
 */
export const noticeDoor =
  (
    key: Buffer,
    log: Pick<BaseLogger, 'warn'>,
    take: (storeId: string, transactionId: string) => Promise<boolean>,
  ): ((storeId: string, notice: Notice, signature: string) => Promise<Reception>) =>
  async (storeId, notice, signature) => {
    if (!isSameSecret(signature, signatureOf(key, storeId, notice))) {
      const { kind, reference } = notice
      log.warn(
        { storeId, kind, reference },
        'a notification was refused: its signature is not the PG’s; nothing changed',
      )
      return 'REFUSED'
    }
    const isTaken = await take(storeId, notice.kind === 'payment' ? notice.reference : notice.paymentReference)
    return isTaken ? 'TAKEN' : 'UNANSWERED'
  }
