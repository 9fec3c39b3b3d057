import type { DownloadPlatformTransferSheetBody } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../../db/connect.ts'
import { dayOf } from '../../../kernel/days.ts'
import { Refusal } from '../../../kernel/refusal.ts'
import { TextFile } from '../../../kernel/text-file.ts'
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
import { snapshotReader } from './snapshot-reader.ts'
import type { Language } from './words.ts'

/** Spreadsheet programs take a file without it for one in Korea's former encoding. */
const byteOrderMark = '\ufeff'

/** So many transfers are read at once, and written together: few enough to be gone when the garbage collector comes. */
const rowsAtOnce = 100

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
  const found = chunks(sql, matching(sql, platform, search), transferOrder(sql, body.filter))
  return new TextFile(name, lines(sql, platform, found, columns, language))
}

async function* lines(
  sql: Sql,
  platform: Platform,
  found: AsyncIterable<readonly TransferSummary[]>,
  columns: readonly SheetColumn[],
  language: Language,
): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(columns.map(({ heading }) => heading[language]))
  const read = snapshotReader(sql, platform)
  for await (const rows of found) {
    const snapshots = await read(rows.flatMap(summaryKeysOf))
    yield rows
      .map((transfer) => sheetRow(transfer, snapshots))
      .map((row) => csvLine(columns.map(({ cell }) => cell(row, language))))
      .join('')
  }
}

/**
 * By the last row read rather than by a cursor: a cursor would keep a connection and a transaction for as long as the
 * slowest client takes to download.
 */
async function* chunks(
  sql: Sql,
  wanted: Fragment,
  { order, after }: TransferOrder,
): AsyncGenerator<readonly TransferSummary[]> {
  let rest = sql``
  for (;;) {
    const rows = await sql<TransferSummary[]>`
      select ${listedColumns(sql)} from platform_transfers t
      where ${wanted} ${rest}
      order by ${order} limit ${rowsAtOnce}`
    const { length } = rows
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    // Results of the driver hang together, so that one which the garbage collector takes for old keeps the rows of all
    // later ones: a hundred megabytes of them, until it looks at everything.
    rows.length = 0
    if (length < rowsAtOnce) return
    rest = sql`and ${after(last)}`
  }
}

const sheetRow = (transfer: TransferSummary, snapshots: Snapshots): SheetRow => ({
  transfer,
  partner: snapshots('PARTNER', { id: transfer.partnerId, version: transfer.partnerVersion }),
  contract:
    transfer.type === 'MANUAL'
      ? undefined
      : snapshots('CONTRACT', { id: transfer.contractId, version: transfer.contractVersion }),
})
