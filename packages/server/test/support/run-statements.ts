/**
 * The statements that a client has PostgreSQL run over one connection, in whatever pieces its messages come. A driver sends the text of a statement
 * only the first time and afterwards its name alone, so that whoever looks for a text must know what has been prepared.
 */
export class RunStatements {
  readonly #prepared = new Map<string, string>()
  #rest = Buffer.alloc(0)

  /** Each statement that is run by a message which this chunk completes: its text, and its parameters as they are sent. */
  hear(chunk: Buffer): readonly string[] {
    const bytes = Buffer.concat([this.#rest, chunk])
    const run: string[] = []
    let at = 0
    for (let end = endOf(bytes, at); end !== undefined; end = endOf(bytes, at)) {
      run.push(...this.#runBy(bytes.subarray(at, end)))
      at = end
    }
    this.#rest = bytes.subarray(at)
    return run
  }

  #runBy(message: Buffer): readonly string[] {
    // What opens a connection has no type: the zero that its length begins with is none of these.
    const type = message.toString('latin1', 0, 1)
    const [first = '', second = ''] = message.toString('utf8', 5).split('\0')
    if (type === 'P') this.#prepared.set(first, second)
    if (type === 'B') return [`${this.#prepared.get(second)}\n${message.toString('utf8', 5)}`]
    return type === 'Q' ? [first] : []
  }
}

/** Where the message that begins at `at` ends; nothing where it is not complete. Its length counts itself, and not its type. */
const endOf = (bytes: Buffer, at: number): number | undefined => {
  const length = bytes[at] === 0 ? at : at + 1
  if (length + 4 > bytes.length) return undefined
  const end = length + bytes.readUInt32BE(length)
  return end > bytes.length ? undefined : end
}
