import { endOf, message } from './messages.ts'

/**
 * Ends the rows of an answer that breaks off among them: before an error, as when a statement runs out of time, and when the
 * connection is lost. The driver (postgres.js 3.4.9) counts rows until their end and nowhere begins anew, so it would put
 * the rows of the next answer behind as many empty places. Messages are passed on whole, because what is put between them
 * must not become part of one.
 *
 * All answers pass here, and most of them unchanged, so that messages are looked at where they lie. Taking them apart
 * (`Messages`) lost: 165 µs instead of 10 for 500 rows.
 */
export class WholeAnswers {
  #rest: Buffer = Buffer.alloc(0)
  #isAmongRows = false

  /** What the driver is to hear of what the server says. */
  hear(piece: Buffer): Buffer {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece])
    const parts: Buffer[] = []
    let passed = 0
    let at = 0
    for (let end = endOf(bytes, at); end !== undefined; end = endOf(bytes, at)) {
      const type = bytes[at]
      if (type === errorResponse && this.#isAmongRows) {
        parts.push(bytes.subarray(passed, at), endOfRows)
        passed = at
      }
      if (type === dataRow) this.#isAmongRows = true
      else if (endsRows(type)) this.#isAmongRows = false
      at = end
    }
    this.#rest = bytes.subarray(at)
    return parts.length === 0 ? bytes.subarray(0, at) : Buffer.concat([...parts, bytes.subarray(passed, at)])
  }

  /** What the driver is to hear last where the connection is lost. */
  end(): Buffer {
    return this.#isAmongRows ? endOfRows : Buffer.alloc(0)
  }
}

const letter = (type: string): number => type.charCodeAt(0)

const dataRow = letter('D')
const errorResponse = letter('E')

/** CommandComplete, PortalSuspended, ErrorResponse, ReadyForQuery. Notices may come among rows. */
const endsRows = (type: number | undefined): boolean =>
  type === letter('C') || type === letter('s') || type === errorResponse || type === letter('Z')

/** A CommandComplete that counts nothing. */
const endOfRows = message('C', 'SELECT')
