import type { DownloadPlatformTransferSheetBody } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../../db/connect.ts'
import { dayOf } from '../../../kernel/days.ts'
import { Refusal } from '../../../kernel/refusal.ts'
import { TextFile } from '../../../kernel/text-file.ts'
import { Turns } from '../../../kernel/turns.ts'
import type { Platform, PlatformRequest } from '../../platform.ts'
import { loadSetting } from '../../settings/store.ts'
import { matching } from '../keys.ts'
import { listedColumns } from '../list.ts'
import { type TransferOrder, transferOrder } from '../order.ts'
import { transferSearch } from '../search.ts'
import type { Snapshots } from '../snapshots.ts'
import { summaryKeysOf, type TransferSummary } from '../summary.ts'
import { csvLine } from './cell.ts'
import { chooseColumns } from './choose-columns.ts'
import type { SheetColumn, SheetRow } from './columns.ts'
import { type SnapshotReader, snapshotReader } from './snapshot-reader.ts'
import type { Language } from './words.ts'

/** Spreadsheet programs take a file without it for one in Korea's former encoding. */
const byteOrderMark = '\ufeff'

/** So many transfers are read at once, and written together: few enough to be gone when the garbage collector comes. */
const rowsAtOnce = 200

/**
 * So many sheets are read from the database and written at a time, by this server, of each merchant one; the others wait for their
 * next rows. Clients that read slowly do so outside, where nothing is held but a text of `rowsAtOnce` lines.
 */
const turns = new Turns({ each: 1, all: 2 })

/** All transfers that the filter finds as CSV, in the order of the list, read while the client receives them. */
export const transferSheet = async (
  sql: Sql,
  { platform, now }: PlatformRequest,
  body: DownloadPlatformTransferSheetBody,
  language: Language,
): Promise<TextFile | Refusal<'INVALID_REQUEST'>> => {
  const search = transferSearch(sql, platform, body.filter)
  if (search instanceof Refusal) return search
  const { content } = await loadSetting(sql, platform)
  const columns = chooseColumns(body, content)
  if (columns instanceof Refusal) return columns
  const name = `transfers_${dayOf(now).replaceAll('-', '')}.csv`
  const found = { wanted: matching(sql, platform, search), order: transferOrder(sql, body.filter) }
  return new TextFile(name, lines(sql, platform, found, { columns, language }))
}

type Found = { readonly wanted: Fragment; readonly order: TransferOrder }
type Shown = { readonly columns: readonly SheetColumn[]; readonly language: Language }

async function* lines(sql: Sql, platform: Platform, found: Found, shown: Shown): AsyncGenerator<Uint8Array> {
  yield Buffer.from(byteOrderMark + csvLine(shown.columns.map(({ heading }) => heading[shown.language])))
  using snapshots = snapshotReader(sql, platform)
  let rest: Fragment | undefined = sql``
  while (rest !== undefined) {
    const before: Fragment = rest
    const next = await turns.run(platform.merchantId, () => chunk(sql, snapshots, found, before, shown))
    rest = next.rest
    yield next.bytes
  }
}

/**
 * The lines of the next transfers, and where to go on. By the last row read rather than by a cursor: a cursor would keep a
 * connection and a transaction for as long as the slowest client takes to download.
 */
const chunk = async (
  sql: Sql,
  { read }: SnapshotReader,
  { wanted, order: { order, after } }: Found,
  rest: Fragment,
  { columns, language }: Shown,
): Promise<{ readonly bytes: Uint8Array; readonly rest: Fragment | undefined }> => {
  const rows = await sql<TransferSummary[]>`
    select ${listedColumns(sql)} from platform_transfers t
    where ${wanted} ${rest}
    order by ${order} limit ${rowsAtOnce}`
  const snapshots = await read(rows.flatMap(summaryKeysOf))
  const text = rows
    .map((transfer) => sheetRow(transfer, snapshots))
    .map((row) => csvLine(columns.map(({ cell }) => cell(row, language))))
    .join('')
  const last = rows.length < rowsAtOnce ? undefined : rows.at(-1)
  // Results of the driver hang together, so that one which the garbage collector takes for old keeps the rows of all
  // later ones: a hundred megabytes of them, until it looks at everything.
  rows.length = 0
  return { bytes: Buffer.from(text), rest: last && sql`and ${after(last)}` }
}

const sheetRow = (transfer: TransferSummary, snapshots: Snapshots): SheetRow => ({
  transfer,
  partner: snapshots('PARTNER', { id: transfer.partnerId, version: transfer.partnerVersion }),
  contract:
    transfer.type === 'MANUAL'
      ? undefined
      : snapshots('CONTRACT', { id: transfer.contractId, version: transfer.contractVersion }),
})
