import { type AdminBody, type AdminOperationId, type AdminSuccess, adminOperations } from '@naru/contract'
import { pino } from 'pino'
import type { Configuration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import { databaseProblem } from '../db/database-problem.ts'
import { outageLog } from '../db/outage.ts'
import { sandboxBank } from '../gateways/sandbox/bank.ts'
import { adminEndpoint } from '../http/admin.ts'
import { createIdempotency } from '../http/idempotency.ts'
import { loadEncryption } from '../installation.ts'
import { KeyedQueue } from '../kernel/keyed-queue.ts'
import { storeAccess } from '../merchants/access.ts'
import { storeDirectory } from '../merchants/directory.ts'
import type { Principal } from '../merchants/principal.ts'
import { SetupError } from '../merchants/setup-error.ts'
import type { Store } from '../merchants/store.ts'
import { adminHandlers } from '../operations/admin.ts'
import { lookUpsWith } from '../platform/lookups/providers.ts'
import { sandboxBankOf } from '../platform/payouts/bank-account.ts'
import { loadClock } from '../sandbox/clock-store.ts'
import { mayBeDone } from './database.ts'

export type AdminRequest<Id extends AdminOperationId> = {
  /** Values of the path's parameters. */
  readonly path?: Readonly<Record<string, string>>
  /** Those that are absent are not sent. */
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly body?: AdminBody<Id>
}

export type AdminCaller = <Id extends AdminOperationId>(id: Id, request?: AdminRequest<Id>) => Promise<AdminSuccess<Id>>

/**
 * Calls the admin API in this process, as an operator with access to the database. Input is validated against the same
 * schemas, and the same second factor is required. A running server executes what was ordered.
 */
export const adminCaller = async (
  sql: Sql,
  configuration: Configuration,
  { merchantId, storeId }: Store,
): Promise<AdminCaller> => {
  const encryption = await loadEncryption(sql, configuration)
  const directory = storeDirectory(sql, encryption)
  const principal: Principal = { merchantId, storeId, secretId: 'command line', scope: 'MERCHANT' }
  const { log } = outageLog(pino({ level: 'error' }, pino.destination(2)), () => databaseProblem(sql))
  const bank = sandboxBank({ sql })
  const handlers = adminHandlers({
    sql,
    encryption,
    directory,
    log,
    access: storeAccess(directory),
    findStore: directory.store,
    clockOf: (id) => loadClock(sql, id),
    lookUpsOf: lookUpsWith(bank),
    bankOf: sandboxBankOf(bank),
    queue: new KeyedQueue(),
    wake: () => undefined,
  })
  const idempotency = createIdempotency(sql, encryption, { onError: (err) => log.error({ err }) })
  const parts = { idempotency, log, authentication: { authenticate: async () => principal } }
  return async <Id extends AdminOperationId>(id: Id, { path = {}, query = {}, body }: AdminRequest<Id> = {}) => {
    const parameters = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, value)
    const endpoint = adminEndpoint(id, handlers, parts)
    const request = {
      id: 'command line',
      ipAddress: '127.0.0.1',
      headers: {},
      path,
      url: `${adminOperations[id].path}?${parameters}`,
      body: body && Buffer.from(JSON.stringify(body)),
    }
    const { status, body: text } = await endpoint(request)
    if (status === 503) throw new SetupError(`${withoutAdvice(problemOf(String(text)))} ${mayBeDone}`)
    if (status !== 200) throw new SetupError(problemOf(String(text)))
    const answer: AdminSuccess<Id> = JSON.parse(String(text))
    return answer
  }
}

/** What a client of the API is told to do is nothing for whoever runs a command. */
const withoutAdvice = (problem: string): string => problem.replace(/ Send the request again .*$/s, '')

const problemOf = (text: string): string => {
  const { type, message = type }: { type: string; message?: string } = JSON.parse(text)
  return message
}
