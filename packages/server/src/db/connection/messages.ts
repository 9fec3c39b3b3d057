/** Puts the messages of PostgreSQL's protocol together, in whatever pieces they come. */
export class Messages {
  #rest = Buffer.alloc(0)

  /** Those that are complete with this piece. */
  take(piece: Buffer): Buffer[] {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece])
    const complete: Buffer[] = []
    let at = 0
    for (let end = endOf(bytes, at); end !== undefined; end = endOf(bytes, at)) {
      complete.push(bytes.subarray(at, end))
      at = end
    }
    this.#rest = Buffer.from(bytes.subarray(at))
    return complete
  }
}

/** Where the message that begins at `at` ends; nothing where it is not complete. */
export const endOf = (bytes: Buffer, at: number): number | undefined => {
  if (at + 5 > bytes.length) return undefined
  // The length counts itself, and not the type before it.
  const end = at + 1 + bytes.readUInt32BE(at + 1)
  return end > bytes.length ? undefined : end
}

/** The letter that a message begins with. */
export const typeOf = (message: Buffer): string => message.toString('latin1', 0, 1)

/** A message of this type with these contents; texts are ended by a zero. */
export const message = (type: string, ...contents: readonly (string | Buffer)[]): Buffer => {
  const parts = contents.map((content) => (typeof content === 'string' ? Buffer.from(`${content}\0`) : content))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(4 + parts.reduce((total, part) => total + part.length, 0))
  return Buffer.concat([Buffer.from(type), length, ...parts])
}

/** What an ErrorResponse says, with its SQLSTATE as `code`. */
export const errorOf = (response: Buffer): Error => {
  const fields = response.toString('utf8', 5).split('\0')
  const field = (type: string) => fields.find((each) => each.startsWith(type))?.slice(1)
  return Object.assign(new Error(field('M')), { code: field('C'), severity: field('V') })
}
