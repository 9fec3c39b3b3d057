import { Webhook } from 'standardwebhooks'
import type { Instant } from '../kernel/clock.ts'

/**
 * The headers by which a receiver knows who sent a message and that it is fresh, as Standard Webhooks has them.
 *
 * `at` is the real time of this attempt: receivers refuse what is more than five minutes off their own clock, so every
 * attempt is stamped and signed anew. Two secrets give two signatures, so that a receiver can switch from one to the
 * other at any moment of a rotation. Without a secret there is no signature: an unsigned message must not look signed.
 */
export const signatureHeaders = (
  secrets: readonly string[],
  webhookId: string,
  at: Instant,
  body: string,
): Record<string, string> => {
  const headers = { 'webhook-id': webhookId, 'webhook-timestamp': String(Math.floor(at / 1000)) }
  if (secrets.length === 0) return headers
  const signatures = secrets.map((secret) => new Webhook(secret).sign(webhookId, new Date(at), body))
  return { ...headers, 'webhook-signature': signatures.join(' ') }
}
