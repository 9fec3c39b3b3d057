import { isBlank } from '@naru/contract'
import { realTime } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { plainLine } from '../kernel/text.ts'
import type { Store } from '../merchants/store.ts'
import { signedHeaders } from './attempt.ts'
import { type Announcement, defaultFormat, writeMessage } from './message.ts'
import type { WebhookParts } from './parts.ts'

export type Question = Extract<Announcement, { type: 'Transaction.Confirm' }>

/** `message` is the merchant server's message to the buyer, if it has one; `cause` is for the merchant's developers. */
export type Consent =
  | { readonly isGiven: true }
  | { readonly isGiven: false; readonly message?: string | undefined; readonly cause: string }

/**
 * Asks the merchant's server to confirm a payment, once, signed like a webhook and with its time limits. Only 2xx means yes, and
 * means it as soon as the status line is there. PortOne documents no retry. A lost answer means no, since the buyer is waiting.
 */
export const askConsent = async (
  parts: WebhookParts,
  store: Store,
  url: string,
  question: Question,
): Promise<Consent> => {
  const settings = await parts.settings(store.storeId, question.environment)
  const message = writeMessage(question, settings ?? defaultFormat)
  if (message === undefined) throw new Error(`webhook version ${settings?.version} has no ${question.type}`)
  const headers = signedHeaders(parts, settings?.secrets ?? [], timeOrderedId(), realTime(), message)
  const result = await parts.dialer.post({
    url,
    headers,
    body: message.body,
    guarded: store.mode === 'LIVE',
    isOnce: true,
  })
  switch (result.status) {
    case 'SUCCEEDED':
      return { isGiven: true }
    case 'FAILED_NOT_OK_RESPONSE':
      return {
        isGiven: false,
        message: errorMessageIn(result.response.body),
        cause: `The server at confirmUrl answered ${result.response.code}.`,
      }
    case 'FAILED_UNEXPECTED_ERROR':
      return { isGiven: false, cause: `The server at confirmUrl gave no answer: ${result.error}` }
  }
}

/** In UTF-16 code units: the message is part of a URL where the shopper is redirected, and servers take URLs of some 8 kB. */
const longestMessage = 500

const errorMessageIn = (body: string): string | undefined => {
  try {
    const content: unknown = JSON.parse(body)
    const isObject = typeof content === 'object' && content !== null
    const message = isObject && 'errorMessage' in content ? content.errorMessage : undefined
    const line = typeof message === 'string' ? plainLine(message, longestMessage) : ''
    // What is no UTF-8, such as EUC-KR, has been decoded to replacement characters, which tell a shopper nothing.
    return isBlank(line) || line.includes('\uFFFD') ? undefined : line
  } catch {
    return undefined
  }
}
