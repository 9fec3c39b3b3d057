/** A file that is answered as it is made, so that it may be larger than memory. */
export class TextFile {
  readonly name: string
  readonly chunks: AsyncIterable<Uint8Array>
  /** @param name as the client shall save it: ASCII, without quotes */
  constructor(name: string, chunks: AsyncIterable<Uint8Array>) {
    this.name = name
    this.chunks = chunks
  }
}
