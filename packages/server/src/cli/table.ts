export type Row = Readonly<Record<string, unknown>>

/** Prints rows as a table with aligned columns or, with `--json`, as JSON. */
export const print = (rows: readonly Row[], asJson: boolean): void => {
  if (asJson) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  else if (rows.length === 0) process.stdout.write('Nothing to show.\n')
  else process.stdout.write(`${formatTable(rows)}\n`)
}

/**
 * A line for each row or, where a line is wider than the terminal, one for each value: what is shown may be a secret that is shown
 * once, or an id for the next command, so nothing is ever cut. A file or a pipe always gets rows.
 */
export const formatTable = (
  rows: readonly Row[],
  width = process.stdout.columns ?? Number.POSITIVE_INFINITY,
): string => {
  const names = Object.keys(rows[0] ?? {})
  const cells = rows.map((row) => names.map((name) => printable(String(row[name] ?? ''))))
  const lines = aligned([names, ...cells])
  if (lines.every((line) => line.length <= width)) return lines.join('\n')
  return cells.map((row) => aligned(names.map((name, column) => [name, row[column] ?? ''])).join('\n')).join('\n\n')
}

/** Columns as wide as their widest cell, two spaces apart. */
const aligned = (lines: readonly (readonly string[])[]): readonly string[] => {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** Text that others wrote, so that it neither breaks a row nor commands the terminal. */
export const printable = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
