import { randomUUID } from 'node:crypto'
import { type Client, isUndone, type Request, request } from './client.ts'
import { channelKey } from './naru.ts'
import { newKey } from './orders.ts'

/** A cash receipt issued by hand, for something that was paid elsewhere. */
export type Receipt = { readonly paymentId: string; readonly issue: Request; cancel?: Request | undefined }

export const receipt = (keyed: boolean): Receipt => {
  const paymentId = `receipt-${randomUUID()}`
  const body = {
    paymentId,
    channelKey,
    type: 'PERSONAL',
    orderName: 'paid in cash',
    currency: 'KRW',
    amount: { total: 11_000 },
    customer: { identityNumber: '01012345678' },
  }
  return { paymentId, issue: request('issueReceipt', '/cash-receipts', { body, key: newKey(keyed) }) }
}

export const cancellationOfReceipt = (of: Receipt, keyed: boolean): Request => {
  of.cancel = request('cancelReceipt', `/payments/${of.paymentId}/cash-receipt/cancel`, { key: newKey(keyed) })
  return of.cancel
}

/** What was acknowledged is there; that the PG agrees is a matter of the audit. */
export const verifyReceipts = async (client: Client, receipts: readonly Receipt[]): Promise<void> => {
  for (const one of receipts)
    for (const finding of await findingsOf(client, one)) client.findings.push(`${one.paymentId}: ${finding}`)
}

const findingsOf = async (client: Client, { paymentId, issue, cancel }: Receipt): Promise<readonly string[]> => {
  const { status, text } = await client.get(`/payments/${paymentId}/cash-receipt`)
  if (status === 404) return issue.answer?.status === 200 ? ['was acknowledged and is gone'] : []
  if (status !== 200) return [`cannot be read: ${status} ${text}`]
  const shown: { status: string } = JSON.parse(text)
  if (isUndone(issue))
    return shown.status === 'ISSUE_FAILED' ? [] : [`was said not to be issued and is ${shown.status}`]
  if (cancel?.answer?.status === 200)
    return shown.status === 'CANCELLED' ? [] : [`was cancelled and is ${shown.status}`]
  const isKept = cancel === undefined || isUndone(cancel)
  return isKept && issue.answer?.status === 200 && shown.status !== 'ISSUED'
    ? [`was issued and is ${shown.status}`]
    : []
}
