import { apiSecret, type Naru } from './naru.ts'

export type Operation =
  | 'pay'
  | 'issue'
  | 'cancel'
  | 'deposit'
  | 'close'
  | 'authenticate'
  | 'confirm'
  | 'capture'
  | 'stop'
  | 'advance'
  | 'promote'
  | 'storeCard'
  | 'deleteCard'
  | 'issueReceipt'
  | 'cancelReceipt'

/** A request the client made, and what it knows of it. */
export type Request = {
  readonly operation: Operation
  readonly path: string
  /** POST where nothing is said. */
  readonly method?: 'POST' | 'DELETE' | undefined
  readonly body?: object | undefined
  /** Its Idempotency-Key. One without must not be repeated. */
  readonly key?: string | undefined
  readonly testCode?: string | undefined
  readonly amount?: number | undefined
  /** The answer that counts, as soon as there is one. */
  answer?: Answer | undefined
  /** How often it was sent and no answer came that counts. */
  lost: number
}

export type Answer = { readonly status: number; readonly text: string }

/** `outstanding`: another request with the same key is being worked on, or was, by a server that died. */
export type Sent = 'answered' | 'lost' | 'outstanding'

export const request = (operation: Operation, path: string, more: Partial<Request> = {}): Request => ({
  operation,
  path,
  lost: 0,
  ...more,
})

/** Speaks to the server over HTTP, as a merchant does, and remembers what it was told. */
export class Client {
  readonly #naru: Naru
  readonly findings: string[]
  acknowledged = 0
  replayed = 0

  constructor(naru: Naru, findings: string[]) {
    this.#naru = naru
    this.findings = findings
  }

  /** Sends, or sends again. An answer that differs from an earlier one is a finding. */
  async send(request: Request): Promise<Sent> {
    const answer = await this.#call(request).catch(() => undefined)
    if (answer === undefined || answer.status === 500 || answer.status === 503 || isUnknown(answer)) {
      request.lost++
      return 'lost'
    }
    if (answer.status === 409 && answer.text.includes('IDEMPOTENCY_OUTSTANDING_REQUEST')) return 'outstanding'
    if (request.answer === undefined) {
      request.answer = answer
      if (answer.status === 200) this.acknowledged++
      else if (!isUndone(request))
        this.findings.push(`${request.operation} ${request.path} was refused: ${answer.status} ${answer.text}`)
      return 'answered'
    }
    this.replayed++
    if (answer.status !== request.answer.status || answer.text !== request.answer.text)
      this.findings.push(
        `${request.operation} ${request.path} answered ${request.answer.status} ${request.answer.text} ` +
          `and, repeated with its key, ${answer.status} ${answer.text}`,
      )
    return 'answered'
  }

  /**
   * Reads, a few times where that fails. After PostgreSQL was killed, the driver (postgres.js 3.4.9) rejects the first
   * query of each connection that it dials again, with the error which ended the old one.
   */
  async get(path: string): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(`${this.#naru.url}${path}`, { headers })
      const text = await response.text()
      // 503 says itself that the request may be sent again in a moment.
      if ((response.status !== 500 && response.status !== 503) || attempt === 20)
        return { status: response.status, text }
    }
  }

  async #call({ method = 'POST', path, body, key, testCode }: Request): Promise<Answer> {
    const response = await fetch(`${this.#naru.url}${path}`, {
      method,
      headers: {
        ...headers,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(testCode === undefined ? {} : { 'naru-test-code': testCode }),
      },
      ...(method === 'DELETE' ? {} : { body: JSON.stringify(body ?? {}) }),
    })
    return { status: response.status, text: await response.text() }
  }
}

const headers = { authorization: `PortOne ${apiSecret}`, 'content-type': 'application/json' }

/** The server, or its database, was lost before the PG was called: the client is told that nothing happened. */
export const isUndone = ({ answer }: Request): boolean =>
  answer?.status === 502 && /NARU_NOT_(EXECUTED|STOPPED|CLOSED|CAPTURED)/.test(answer.text)

const isUnknown = ({ status, text }: Answer): boolean => status === 502 && text.includes('NARU_RESULT_UNKNOWN')
