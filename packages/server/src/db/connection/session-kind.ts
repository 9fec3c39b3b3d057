/** What `target_session_attrs` demands of a server, where the URL lists several of which one can be written to. */
export type SessionKind = 'primary' | 'read-write'

/**
 * Reads what a server says up to its first ReadyForQuery, and whether it is of the kind that is sought. The driver does
 * so too, but takes a standby for one that can be written to.
 */
export class Greeting {
  #heard = Buffer.alloc(0)

  /** Undefined as long as the server has not said everything. One that does not report what it is may be right. */
  hear(chunk: Buffer, sought: SessionKind | undefined): 'right' | 'wrong' | undefined {
    this.#heard = Buffer.concat([this.#heard, chunk])
    const parameters = new Map<string, string>()
    for (let at = 0; at + 5 <= this.#heard.length; ) {
      const end = at + 1 + this.#heard.readUInt32BE(at + 1)
      const type = this.#heard.toString('latin1', at, at + 1)
      if (type === 'Z') return isRight(parameters, sought) ? 'right' : 'wrong'
      if (end > this.#heard.length) return undefined
      const [name = '', value = ''] = this.#heard.toString('utf8', at + 5, end).split('\0')
      if (type === 'S') parameters.set(name, value)
      at = end
    }
    return undefined
  }
}

const isRight = (parameters: ReadonlyMap<string, string>, sought: SessionKind | undefined): boolean => {
  if (sought === undefined) return true
  if (parameters.get('in_hot_standby') === 'on') return false
  return sought === 'primary' || parameters.get('default_transaction_read_only') !== 'on'
}
