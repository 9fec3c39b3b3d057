import assert from 'node:assert/strict'
import {
  type Body,
  type OperationId,
  operations,
  type PathParameters,
  type QueryParameters,
  type Success,
} from '@naru/contract'
import { RestError } from '@portone/server-sdk'

/** What the server said, byte for byte. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly text: string }

export type RawRequest = {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer> | undefined
}

/** A request like curl's: nothing is added to what is given. */
export const request = async (url: string, { method, path, headers = {}, body }: RawRequest): Promise<Answer> => {
  const answer = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

export type CallOptions = {
  /** Names the sandbox PG's scenario for this call. */
  readonly testCode?: string
  readonly idempotencyKey?: string
}

export type Input<Id extends OperationId> = {
  readonly path?: PathParameters<Id>
  readonly query?: QueryParameters<Id>
  readonly body?: Body<Id>
} & CallOptions

/** Calls operations of the contract over plain HTTP: what the official SDK has no method or no header for. */
export type Api = {
  /** The answer, whatever it is. */
  send<Id extends OperationId>(id: Id, input?: Input<Id>): Promise<Answer>
  /** The success; anything else fails the test. */
  call<Id extends OperationId>(id: Id, input?: Input<Id>): Promise<Success<Id>>
}

export const apiOf = (url: string, secret: string): Api => {
  const send: Api['send'] = (id, { path = {}, query = {}, body, testCode, idempotencyKey } = {}) => {
    const { method, path: template } = operations[id]
    const filled = Object.entries(path).reduce(
      (text, [name, value]) => text.replace(`{${name}}`, encodeURIComponent(String(value))),
      String(template),
    )
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, `${value}`]),
    )
    const isInQuery = body !== undefined && method === 'GET'
    if (isInQuery) search.set('requestBody', JSON.stringify(body))
    return request(url, {
      method,
      path: search.size === 0 ? filled : `${filled}?${search}`,
      headers: {
        authorization: `PortOne ${secret}`,
        ...(testCode === undefined ? {} : { 'naru-test-code': testCode }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': `"${idempotencyKey}"` }),
      },
      body: body === undefined || isInQuery ? undefined : JSON.stringify(body),
    })
  }
  return {
    send,
    call: async <Id extends OperationId>(id: Id, input?: Input<Id>): Promise<Success<Id>> => {
      const { status, text } = await send(id, input)
      assert.equal(status, 200, `${id} answered ${status}: ${text}`)
      return JSON.parse(text)
    },
  }
}

/** An error as the official SDK throws it. */
export type Thrown = { readonly type: string; readonly pgCode?: string; readonly name: string }

/** The typed error of an SDK call that must fail. */
export const thrownBy = async (call: Promise<unknown>): Promise<Thrown> => {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if ('value' in outcome) assert.fail(`the call succeeded: ${JSON.stringify(outcome.value)}`)
  const { error } = outcome
  assert(error instanceof RestError, `no error of the SDK: ${String(error)}`)
  const { data } = error
  const pgCode = 'pgCode' in data ? data.pgCode : undefined
  return { type: String(data.type), name: error.name, ...(pgCode === undefined ? {} : { pgCode }) }
}

/** Holds an SDK call to failing with this error. */
export const refuses = async (call: Promise<unknown>, type: string, pgCode?: string): Promise<void> => {
  const thrown = await thrownBy(call)
  assert.deepEqual([thrown.type, thrown.pgCode], [type, pgCode])
}

/** The `type` of an error answer over plain HTTP. */
export const typeOf = ({ text }: Answer): string => String(JSON.parse(text).type)
