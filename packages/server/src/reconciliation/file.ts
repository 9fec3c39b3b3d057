import { parse } from 'csv-parse/sync'
import type { FileKind, PgRow } from '../gateways/port/file.ts'
import { isDay } from '../kernel/days.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'

const common = ['type', 'pgTransactionId', 'pgMovementId', 'currency', 'amount', 'transactionDate'] as const

/** The columns of each kind of file, in order. PGs' own formats differ; an adapter or a script converts them to this. */
export const columnsOf: Readonly<Record<FileKind, readonly string[]>> = {
  TRANSACTION: common,
  SETTLEMENT: [...common, 'settlementDate', 'fee', 'feeVat'],
}

/** More than any store's busiest quarter. A file is inserted in one statement. */
export const mostRows = 200_000

type Cells = Readonly<Record<string, string>>

/** Reads a file strictly: refuses it at the first error, with line, column and remedy. */
export const parseFile = (kind: FileKind, csv: string): readonly PgRow[] | Refusal<'INVALID_REQUEST'> => {
  const table = readTable(csv)
  if (typeof table === 'string') return refuse('INVALID_REQUEST', table)
  const [heading = [], ...lines] = table
  const names = columnsOf[kind]
  if (heading.join() !== names.join())
    return refuse(
      'INVALID_REQUEST',
      `line 1: the columns must be ${names.join()}, but are ${heading.join() || 'missing'}.`,
    )
  if (lines.length > mostRows)
    return refuse(
      'INVALID_REQUEST',
      `The file has ${lines.length} rows, more than ${mostRows}. Import shorter ranges of days.`,
    )
  const rows: PgRow[] = []
  for (const [index, line] of lines.entries()) {
    const row = readRow(kind, Object.fromEntries(names.map((name, column) => [name, line[column] ?? ''])), index + 2)
    if (typeof row === 'string') return refuse('INVALID_REQUEST', `line ${index + 2}: ${row}`)
    rows.push(row)
  }
  return rows
}

const readTable = (csv: string): readonly (readonly string[])[] | string => {
  try {
    return parse(csv, { bom: true, trim: true, skip_empty_lines: true })
  } catch (error) {
    return `The file is not valid CSV: ${error instanceof Error ? error.message : String(error)}`
  }
}

const readRow = (kind: FileKind, cells: Cells, line: number): PgRow | string => {
  const { type, pgTransactionId = '', pgMovementId = '', currency = '', transactionDate = '' } = cells
  if (type !== 'APPROVAL' && type !== 'CANCELLATION') return 'type must be APPROVAL or CANCELLATION.'
  if (pgTransactionId === '') return 'pgTransactionId is missing.'
  if (pgMovementId === '') return 'pgMovementId is missing; of an approval it is the pgTransactionId.'
  if (!/^[A-Z]{3}$/.test(currency)) return 'currency must be three capital letters, such as KRW.'
  const amount = readInteger(cells.amount)
  if (amount === undefined || amount <= 0) return 'amount must be a whole number above 0, in the minor unit.'
  if (!isDay(transactionDate)) return 'transactionDate must be a day, such as 2026-03-02.'
  const row: PgRow = { line, type, pgTransactionId, pgMovementId, currency, amount, transactionDate }
  if (kind === 'TRANSACTION') return row
  const settlement = readSettlement(cells)
  return typeof settlement === 'string' ? settlement : { ...row, settlement }
}

const readSettlement = ({ settlementDate = '', fee: feeText, feeVat: feeVatText }: Cells) => {
  const [fee, feeVat] = [readInteger(feeText), readInteger(feeVatText)]
  if (!isDay(settlementDate)) return 'settlementDate must be a day, such as 2026-03-04.'
  if (fee === undefined) return 'fee must be a whole number, in the minor unit.'
  return feeVat === undefined
    ? 'feeVat must be a whole number, in the minor unit.'
    : { date: settlementDate, fee, feeVat }
}

const readInteger = (text: string | undefined): number | undefined => {
  const number = /^-?\d{1,15}$/.test(text ?? '') ? Number(text) : undefined
  return Number.isSafeInteger(number) ? number : undefined
}

/** The file that `parseFile` reads. No value can hold a comma. */
export const renderFile = (kind: FileKind, rows: readonly PgRow[]): string =>
  [columnsOf[kind].join(), ...rows.map((row) => cellsOf(kind, row).join())].join('\n').concat('\n')

const cellsOf = (kind: FileKind, { settlement, ...row }: PgRow): readonly (string | number)[] => {
  const cells = common.map((name) => row[name])
  if (kind === 'TRANSACTION' || !settlement) return cells
  return [...cells, settlement.date, settlement.fee, settlement.feeVat]
}
