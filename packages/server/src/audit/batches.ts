const batchSize = 500

/**
 * Reads a table of any size a batch at a time, in the order of its key: `read` gives at most `limit` rows behind `after`,
 * or from the first on where there is none.
 */
export async function* inBatches<Row>(
  read: (after: Row | undefined, limit: number) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  let after: Row | undefined
  for (;;) {
    const rows = await read(after, batchSize)
    yield rows
    if (rows.length < batchSize) return
    after = rows.at(-1)
  }
}
