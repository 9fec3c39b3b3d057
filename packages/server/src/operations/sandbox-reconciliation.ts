import type { SandboxReconciliationFinding } from '@naru/contract'
import { sandboxPolicy } from '../gateways/sandbox/files.ts'
import type { Handlers } from '../http/handler.ts'
import { compact } from '../kernel/compact.ts'
import { Refusal } from '../kernel/refusal.ts'
import { resolveSandboxStore } from '../merchants/access.ts'
import type { Principal } from '../merchants/principal.ts'
import { findAnyChannel } from '../merchants/store.ts'
import { parseFile, renderFile } from '../reconciliation/file.ts'
import { type Finding, totalsOf } from '../reconciliation/matching.ts'
import { refuseRange } from '../reconciliation/range.ts'
import { reconcile } from '../reconciliation/reconcile.ts'
import { importFile } from '../reconciliation/store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'sql' | 'access' | 'clockOf' | 'control'>

type OperationId = 'produceSandboxReconciliationFile' | 'importSandboxReconciliationFile' | 'getSandboxReconciliation'

/** The PG's files, as a test plays them; in production `naru reconciliation` does the same. */
export const sandboxReconciliationOperations = (parts: Parts): Pick<Handlers, OperationId> => ({
  produceSandboxReconciliationFile: async ({ body, principal }) => {
    const found = await channelOf(parts, principal, body)
    if (found instanceof Refusal) return found
    const { kind, from, until, faults = [], seed = 1 } = body
    const { store, channel } = found
    const wanted = { kind, from, until, faults, seed }
    const { rows, planted } = await parts.control.produceFile(store.storeId, channel.key, wanted)
    return { csv: renderFile(kind, rows), planted: planted.map((one) => ({ ...one })) }
  },

  importSandboxReconciliationFile: async ({ body, principal }) => {
    const found = await channelOf(parts, principal, body)
    if (found instanceof Refusal) return found
    const { kind, from, until, csv } = body
    // From here on it belongs to the store's present epoch.
    await parts.clockOf(found.store.storeId)
    const rows = parseFile(kind, csv)
    if (rows instanceof Refusal) return rows
    const { store, channel } = found
    return importFile(parts.sql, { storeId: store.storeId, channelId: channel.id, kind, from, until }, csv, rows)
  },

  getSandboxReconciliation: async ({ query, principal }) => {
    const found = await channelOf(parts, principal, query)
    if (found instanceof Refusal) return found
    const { store, channel } = found
    const findings = await reconcile(parts.sql, store, channel, { kind: query.kind, policy: sandboxPolicy }, query)
    return { items: findings.map(findingView), totals: totalsOf(findings) }
  },
})

type Asked = { readonly storeId?: string; readonly channelKey: string; readonly from: string; readonly until: string }

const channelOf = async (parts: Parts, principal: Principal, { storeId, channelKey, from, until }: Asked) => {
  const store = await resolveSandboxStore(parts.access, principal, storeId)
  if (store instanceof Refusal) return store
  const broken = refuseRange({ from, until })
  if (broken) return broken
  const channel = findAnyChannel(store, channelKey)
  return channel instanceof Refusal ? channel : { store, channel }
}

const findingView = ({ outcome, differences, ours, theirs }: Finding): SandboxReconciliationFinding => ({
  outcome,
  differences: [...differences],
  type: ours?.type ?? theirs?.type ?? 'APPROVAL',
  pgTxId: ours?.pgTransactionId ?? theirs?.pgTransactionId ?? '',
  ...compact({
    pgMovementId: theirs?.pgMovementId ?? ours?.pgMovementId,
    paymentId: ours?.paymentId,
    ourAmount: ours?.amount,
    ourDate: ours?.date,
    pgAmount: theirs?.amount,
    pgDate: theirs?.transactionDate,
    settlementDate: theirs?.settlement?.date,
    fee: theirs?.settlement?.fee,
    feeVat: theirs?.settlement?.feeVat,
    line: theirs?.line,
  }),
})
