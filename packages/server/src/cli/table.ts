export type Row = Readonly<Record<string, unknown>>

/** Prints rows as a table with aligned columns or, with `--json`, as JSON. */
export const print = (rows: readonly Row[], asJson: boolean): void => {
  if (asJson) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  else if (rows.length === 0) process.stdout.write('Nothing to show.\n')
  else process.stdout.write(`${formatTable(rows)}\n`)
}

/** As wide as the terminal, if it is one; a file or a pipe gets everything. */
export const formatTable = (
  rows: readonly Row[],
  width = process.stdout.columns ?? Number.POSITIVE_INFINITY,
): string => {
  const names = Object.keys(rows[0] ?? {})
  const cells = [names, ...rows.map((row) => names.map((name) => printable(String(row[name] ?? ''))))]
  const widest = names.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  const widths = fitted(widest, width - 2 * (names.length - 1))
  return cells
    .map((line) =>
      line
        .map((cell, column) => cut(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Text that others wrote, so that it neither breaks a row nor commands the terminal. */
export const printable = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Below this many characters a cell is meaningless: then the terminal wraps the lines instead. */
const narrowest = 8

/** Shrinks the widest columns, one character at a time. */
const fitted = (widths: readonly number[], room: number): readonly number[] => {
  const fitting = [...widths]
  while (fitting.reduce((sum, width) => sum + width, 0) > room) {
    const widest = Math.max(...fitting)
    if (widest <= narrowest) return widths
    fitting[fitting.indexOf(widest)] = widest - 1
  }
  return fitting
}

const cut = (cell: string, width: number): string =>
  cell.length > width ? `${cell.slice(0, width - 1)}…` : cell.padEnd(width)
