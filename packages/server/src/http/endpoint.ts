import { type OperationDefinition, type OperationId, operations } from '@naru/contract'
import type { FastifyBaseLogger } from 'fastify'
import { PageTooLarge } from '../db/bounded-rows.ts'
import type { NaruCode } from '../kernel/codes.ts'
import { Refusal } from '../kernel/refusal.ts'
import { TextFile } from '../kernel/text-file.ts'
import type { Principal } from '../merchants/principal.ts'
import type { Authentication } from './authentication.ts'
import { failureOf } from './failure.ts'
import type { Call, Caller, Handlers } from './handler.ts'
import type { Idempotency, KeyedAnswer, StoredAnswer } from './idempotency.ts'
import { readIdempotencyKey } from './idempotency-key.ts'
import { type Input, type InputReader, inputReader, type RawInput } from './input.ts'
import { Problem } from './json.ts'
import { listText } from './list-text.ts'
import { inTurn, isList, type MerchantTurns } from './merchant-turns.ts'
import {
  bodyText,
  busyWith,
  envelope,
  invalidRequest,
  type Outcome,
  outcomeOf,
  outstanding,
  tooLong,
  withHint,
} from './outcome.ts'
import type { ResponseCheck } from './response-check.ts'
import { misspelt } from './unknown-fields.ts'

export type EndpointParts = {
  readonly handlers: Handlers
  readonly authentication: Authentication
  readonly idempotency: Idempotency
  readonly log: FastifyBaseLogger
  /** Checks every answer against the contract; in tests only. */
  readonly checkResponse?: ResponseCheck | undefined
  /** Merchants take turns with their lists and bulk writes. Without it, all are worked on at once. */
  readonly turns?: MerchantTurns | undefined
}

/** A request to one operation, independent of the HTTP library. */
export type EndpointRequest = RawInput & {
  readonly id: string
  readonly ipAddress: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Settles once the answer is sent, or nobody is there to read it. */
  readonly closed?: (() => Promise<unknown>) | undefined
}

/** An answer as it goes over the wire. */
export type WireAnswer = JsonAnswer | FileAnswer

type JsonAnswer = KeyedAnswer & { readonly headers: Outcome['headers'] }

type FileAnswer = { readonly status: number; readonly headers: Outcome['headers']; readonly body: TextFile }

export type Endpoint = (request: EndpointRequest) => Promise<WireAnswer>

/** One request to an operation, read and validated. Its handler knows the types. */
export type UntypedCall = Input & { readonly caller: Caller; readonly principal: Principal | undefined }

/** An operation with its handler. */
export type Served = {
  readonly id: string
  readonly definition: OperationDefinition
  /** Whether parameters and fields that it does not have are refused, and nulls. */
  readonly isStrict?: boolean
  /** Absent: this version does not have it. */
  readonly handle: ((call: UntypedCall) => Promise<object>) | undefined
}

export type ServingParts = Pick<EndpointParts, 'idempotency' | 'log' | 'turns'> & {
  readonly authentication: Pick<Authentication, 'authenticate'>
  readonly checkResponse?: ((id: string, answer: StoredAnswer) => void) | undefined
}

/** An operation of the contract. */
export const endpoint = <Id extends OperationId>(id: Id, parts: EndpointParts): Endpoint => {
  const { checkResponse, ...serving } = parts
  const handler = parts.handlers[id]
  const handle = async (call: UntypedCall): Promise<object> => {
    // The reader has held the input to the schemas that the call's types are made from.
    if (handler === 'not-built' || !isCall(id, call)) throw new Error(`${id} was called without a credential`)
    return handler(call)
  }
  const served = { id, definition: operations[id], handle: handler === 'not-built' ? undefined : handle }
  return serve(served, { ...serving, checkResponse: checkResponse && ((_, answer) => checkResponse(id, answer)) })
}

/**
 * What happens to every request to an operation, in this order: 401, 400, the answer to an earlier request with the
 * same Idempotency-Key, the handler (which begins with 403). Never rejects.
 */
export const serve = ({ id, definition, isStrict, handle: handler }: Served, parts: ServingParts): Endpoint => {
  // Made when it is first needed, as its validators are: all of them together would keep the server from starting.
  let reader: InputReader | undefined
  const read: InputReader = (raw) => {
    reader ??= inputReader(definition, isStrict)
    return reader(raw)
  }
  const answersList = isList(definition)

  const handle = async (input: Input, caller: Caller, principal: Principal | undefined): Promise<Outcome> => {
    if (handler === undefined) return notBuilt
    const outcome = outcomeOf(await handler({ ...input, caller, principal }))
    return withHint(outcome, () => definition.body && misspelt(definition.body, input.body))
  }

  const guard = async <Answered extends WireAnswer>(
    request: EndpointRequest,
    work: () => Promise<Answered>,
  ): Promise<Answered | JsonAnswer> => {
    try {
      return await work()
    } catch (error) {
      return { ...write(failureOf(error, parts.log, { requestId: request.id, operation: id })), isFinal: false }
    }
  }

  const write = (outcome: Outcome, body = bodyText(outcome)): JsonAnswer => {
    const answer = { status: outcome.status, body }
    parts.checkResponse?.(id, answer)
    return { ...answer, headers: outcome.headers, isFinal: isFinal(outcome) }
  }

  const writeList = async (outcome: Outcome): Promise<WireAnswer> => {
    if (outcome.status !== 200) return write(outcome)
    const text = await listText(outcome.body)
    return text === undefined ? write(tooLong) : write(outcome, text)
  }

  /** Nobody but the merchant waits longer for it, however many lists they ask for. */
  const list = async (request: EndpointRequest, input: Input, principal: Principal): Promise<WireAnswer> => {
    const work = async () => {
      try {
        return await writeList(await handle(input, callerOf(request), principal))
      } catch (error) {
        if (error instanceof PageTooLarge) return write(tooLong)
        throw error
      }
    }
    return inMerchantsTurn('lists', request, principal, work)
  }

  const inMerchantsTurn = async (
    kind: keyof MerchantTurns,
    request: EndpointRequest,
    { merchantId }: Principal,
    work: () => Promise<WireAnswer>,
  ): Promise<WireAnswer> => {
    if (parts.turns === undefined || request.closed === undefined) return work()
    const waiting = { merchantId, closed: request.closed(), untilRead: kind === 'lists' }
    return (await inTurn(parts.turns[kind], waiting, work)) ?? write(busyWith[kind])
  }

  /** No answer that is kept for a key is a file: keys belong to writes. */
  const writeAny = (outcome: Outcome): WireAnswer => {
    const { status, headers, body } = outcome
    return body instanceof TextFile ? { status, headers, body } : write(outcome)
  }

  const once = async (request: EndpointRequest, input: Input, principal: Principal, key: string) => {
    const content = [id, input.path, input.query, withoutProof(input.body)]
    const storeId = storeOf(input) ?? principal.storeId
    const done = await parts.idempotency.once({ authority: principal, key, storeId, content }, (requestKey) =>
      guard(request, async () => write(await handle(input, callerOf(request, requestKey), principal))),
    )
    switch (done.kind) {
      case 'done':
        return done.answer
      case 'replayed':
        return { ...done.answer, headers: { 'idempotency-replayed': 'true' }, isFinal: true }
      case 'outstanding':
        return write(outstanding(done.freeIn))
      case 'mismatch':
        return write(mismatch)
    }
  }

  const answer = async (request: EndpointRequest): Promise<WireAnswer> => {
    // Elsewhere the header is ignored: a stale token must not keep anyone from logging in.
    const principal = definition.authenticated ? await authenticate(parts.authentication, request) : undefined
    if (principal instanceof Refusal) return write(outcomeOf(principal))
    if (handler === undefined) return write(notBuilt)
    // In turn from here on: reading a megabyte and checking it takes the thread as well.
    return principal !== undefined && definition.isBulkWrite
      ? await inMerchantsTurn('bulkWrites', request, principal, () => answerTo(request, principal))
      : await answerTo(request, principal)
  }

  const answerTo = async (request: EndpointRequest, principal: Principal | undefined): Promise<WireAnswer> => {
    const input = read(request)
    if (input instanceof Problem) return write(invalidRequest(input))
    if (principal !== undefined && answersList) return await list(request, input, principal)
    const header = request.headers['idempotency-key']
    if (header === undefined || principal === undefined || definition.method === 'GET') {
      return writeAny(await handle(input, callerOf(request), principal))
    }
    const key = readIdempotencyKey(header)
    return key instanceof Problem ? write(invalidRequest(key)) : await once(request, input, principal, key)
  }

  return (request) => guard(request, () => answer(request))
}

const isCall = <Id extends OperationId>(id: Id, call: UntypedCall): call is UntypedCall & Call<Id> =>
  !operations[id].authenticated || call.principal !== undefined

/**
 * The second factor proves that a person lets the request through, and is good once: sent again, the same request has
 * another. It does not replace the credential, which has been asked for already, and a replay does nothing.
 */
const withoutProof = (body: unknown): unknown => {
  if (typeof body !== 'object' || body === null || !('secondFactor' in body)) return body
  const { secondFactor: _, ...content } = body
  return content
}

/** The store that a request names; all operations have it under one name. */
const storeOf = ({ query, body }: Input): string | undefined =>
  [query, body].flatMap((part) =>
    typeof part === 'object' && part !== null && 'storeId' in part && typeof part.storeId === 'string'
      ? [part.storeId]
      : [],
  )[0]

const authenticate = (authentication: ServingParts['authentication'], { headers }: EndpointRequest) => {
  const { authorization } = headers
  return authentication.authenticate(typeof authorization === 'string' ? authorization : undefined)
}

const callerOf = ({ ipAddress, headers }: EndpointRequest, requestKey?: string): Caller => {
  const { 'user-agent': userAgent, 'accept-language': acceptLanguage, 'naru-test-code': testCode } = headers
  return {
    ipAddress,
    ...(typeof userAgent === 'string' ? { userAgent } : {}),
    ...(typeof acceptLanguage === 'string' ? { acceptLanguage } : {}),
    ...(typeof testCode === 'string' ? { testCode } : {}),
    ...(requestKey === undefined ? {} : { requestKey }),
  }
}

/**
 * Whether a retry with the same Idempotency-Key gets this answer again. Not if a retry may succeed, nor if the PG's result
 * is still unknown: then the retry is to learn the outcome.
 */
const isFinal = ({ status, body }: Outcome): boolean => {
  if ([401, 403, 429, 500, 501, 503].includes(status)) return false
  const unknown: NaruCode = 'NARU_RESULT_UNKNOWN'
  return !('pgCode' in body && body.pgCode === unknown)
}

const notBuilt = envelope('NOT_IMPLEMENTED', 'This server does not support the operation yet.')
const mismatch = envelope(
  'INVALID_REQUEST',
  'This Idempotency-Key was used for another request. Use a new key for every new request.',
)
