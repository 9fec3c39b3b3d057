import type { Prunable } from '../db/prunable.ts'

/**
 * The exchange of the latest attempt of a finished delivery: the headers that were sent, and the receiver's answer. The
 * delivery stays in lists with its status, and so does its message, so that it can be sent again.
 */
export const webhookExchanges: Prunable = {
  kind: 'webhook exchanges',
  table: 'webhooks',
  idColumn: 'webhook_id',
  timeColumn: 'triggered_at',
  condition: (sql) => sql`r.due_at is null and r.status is not null`,
  emptied: ['request_header', 'response_header', 'response_body'],
}
