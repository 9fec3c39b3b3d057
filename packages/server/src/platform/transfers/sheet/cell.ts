/** What stands in one cell. Nothing is an empty one. */
export type Cell = string | number | undefined

/** A line of CSV after RFC 4180. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`

const csvCell = (cell: Cell): string => {
  if (cell === undefined) return ''
  if (typeof cell === 'number') return String(cell)
  const text = harmless(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Spreadsheet programs compute what begins like a formula, and partners choose their names themselves. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) && !isNumeric(text) ? `'${text}` : text)

const isNumeric = (text: string): boolean => /^[+-]?\d+(\.\d+)?$/.test(text)
