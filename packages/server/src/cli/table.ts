export type Row = Readonly<Record<string, unknown>>

/** Prints rows as a table with aligned columns or, with `--json`, as JSON. */
export const print = (rows: readonly Row[], asJson: boolean): void => {
  if (asJson) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  else if (rows.length === 0) process.stdout.write('Nothing to show.\n')
  else process.stdout.write(`${formatTable(rows)}\n`)
}

const formatTable = (rows: readonly Row[]): string => {
  const names = Object.keys(rows[0] ?? {})
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))]
  const widths = names.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
