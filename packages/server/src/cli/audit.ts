import { SingleBar } from 'cli-progress'
import { audit } from '../audit/audit.ts'
import type { Sql } from '../db/connect.ts'
import { print } from './table.ts'

/** Runs the audit with a progress bar and lists the findings. Returns whether there are none. */
export const runAudit = async (sql: Sql, asJson: boolean): Promise<boolean> => {
  const bar = new SingleBar({
    format: 'Auditing {bar} {value}/{total} payments',
    stream: process.stderr,
    hideCursor: true,
  })
  let isStarted = false
  const report = await audit(sql, {
    onProgress: (done, total) => {
      if (!process.stderr.isTTY) return
      if (!isStarted) bar.start(total, 0)
      isStarted = true
      bar.update(done)
    },
  })
  bar.stop()
  if (asJson || report.findings.length > 0)
    print(
      report.findings.map((finding) => ({ ...finding })),
      asJson,
    )
  else
    process.stdout.write(
      `All ${report.payments} payments are in order, and so are billing keys, cash receipts, promotions, identity ` +
        'verifications, and the transfers and payouts of partner settlement.\n',
    )
  return report.findings.length === 0
}
