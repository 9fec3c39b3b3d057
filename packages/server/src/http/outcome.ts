import { type ErrorBody, errors } from '@naru/contract'
import { type Trouble, textOf } from '../db/trouble.ts'
import { second } from '../kernel/clock.ts'
import { redactDeep } from '../kernel/redact.ts'
import { type PlainErrorType, Refusal } from '../kernel/refusal.ts'
import { TextFile } from '../kernel/text-file.ts'
import type { Problem } from './json.ts'
import type { MerchantTurns } from './merchant-turns.ts'

/** An answer to the client: a status, and a JSON object or a file. */
export type Outcome = {
  readonly status: number
  readonly body: object
  readonly headers: Readonly<Record<string, string>>
}

/** The body as it is sent. Errors repeat input such as ids and field names, but never card numbers, nor a megabyte of it. */
export const bodyText = ({ status, body }: Outcome): string =>
  JSON.stringify(
    status < 400 ? body : redactDeep('message' in body ? { ...body, message: shortened(body.message) } : body),
  )

/** No id is longer: what is cut is nothing that anybody needs to read again. */
const shortened = (message: unknown): unknown =>
  typeof message === 'string'
    ? message.replaceAll(/\S{400,}/gu, (word) => `${word.slice(0, 100).toWellFormed()}…`)
    : message

/** A handler's answer. Every success is HTTP 200: PortOne's Python SDK treats any other status as an error. */
export const outcomeOf = (answer: object): Outcome =>
  answer instanceof Refusal ? refused(answer.body) : { status: 200, body: answer, headers: headersOf(answer) }

const headersOf = (answer: object): Outcome['headers'] =>
  answer instanceof TextFile ? { 'content-disposition': `attachment; filename="${answer.name}"` } : {}

const refused = (body: ErrorBody): Outcome => ({
  status: errors[body.type].status,
  body,
  // RFC 9110 requires a 401 to say which schemes are accepted.
  headers: body.type === 'UNAUTHORIZED' ? { 'www-authenticate': 'PortOne, Bearer' } : {},
})

/** An error that belongs to HTTP rather than to an operation. */
export const envelope = (type: PlainErrorType, message: string, headers: Record<string, string> = {}): Outcome => ({
  status: errors[type].status,
  body: { type, message },
  headers,
})

export const invalidRequest = (problem: Problem): Outcome => envelope('INVALID_REQUEST', problem.text)

/** Adds a hint to what is invalid about a request; other answers stay as they are. */
export const withHint = (outcome: Outcome, hint: () => string | undefined): Outcome => {
  if (!('type' in outcome.body && outcome.body.type === 'INVALID_REQUEST' && 'message' in outcome.body)) return outcome
  const sentence = hint()
  return sentence === undefined
    ? outcome
    : { ...outcome, body: { ...outcome.body, message: `${outcome.body.message} ${sentence}` } }
}

/** The database is away for a moment: balancers and clients know by the status that asking again soon is right. */
export const unavailable = (requestId: string, trouble: Trouble = unreachable): Outcome => ({
  ...envelope(
    'INTERNAL',
    `${textOf(trouble)} Send the request again in a moment, with the same Idempotency-Key. If it goes on, ` +
      `look for ${requestId} in the server's log.`,
    { 'retry-after': '1' },
  ),
  status: 503,
})

const unreachable: Trouble = { what: 'The database cannot be reached.', remedy: '' }

const busy = (message: string): Outcome => ({ ...envelope('INTERNAL', message, { 'retry-after': '1' }), status: 503 })

/** So many heavy requests of one merchant are under way at once that some would wait too long. */
export const busyWith: Readonly<Record<keyof MerchantTurns, Outcome>> = {
  lists: busy(
    "Too many of the merchant's lists are being read at once. Wait for their answers, and ask again in a moment.",
  ),
  bulkWrites: busy(
    "Too many of the merchant's requests that change many things are under way at once. Nothing was changed by this one: " +
      'wait for the answers of the others, and send it again in a moment.',
  ),
}

/** A page that is beyond what can be sent. */
export const tooLong: Outcome = envelope(
  'INVALID_REQUEST',
  'The page is larger than 128 MiB. Ask for fewer items at a time (page.size, or size).',
)

/** What is due is left to the servers of the newer version, to which a balancer sends the request again. */
export const outdated = (why: string): Outcome =>
  busy(
    `${why} This server runs nothing that is due. Send the request again to a server of the newer version, with the same ` +
      'Idempotency-Key.',
  )

/** What takes long is left where it is when the server stops. */
export const stops: Outcome = {
  ...envelope(
    'INTERNAL',
    'The server stops, and has not finished this. Send the request again in a moment, with the same Idempotency-Key: it goes ' +
      'on from where it is.',
    { 'retry-after': '1' },
  ),
  status: 503,
}

export const resetText =
  'The store was reset while this request was under way, so nothing of it is left. Send it again to start over.'

export const reset = envelope('INVALID_REQUEST', resetText)

/** Another request with the same Idempotency-Key runs. It renews its lease in time: no later than its end it is answered or anybody's. */
export const outstanding = (freeIn: number): Outcome =>
  envelope(
    'IDEMPOTENCY_OUTSTANDING_REQUEST',
    'A request with this Idempotency-Key is still running. Wait a moment and send it again.',
    { 'retry-after': String(Math.max(1, Math.ceil(freeIn / second))) },
  )

/** Callers get only the id under which the log has the error. */
export const internal = (requestId: string): Outcome =>
  envelope(
    'INTERNAL',
    'The server failed. It is safe to send the request again with the same Idempotency-Key. If it fails again, look ' +
      `for ${requestId} in the server's log.`,
  )
