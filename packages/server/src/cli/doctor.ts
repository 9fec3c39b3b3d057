import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Configuration } from '../configuration.ts'
import { connectionsOfServer } from '../database.ts'
import type { Sql } from '../db/connect.ts'
import { type Address, readAddress, type Target } from '../db/connection/address.ts'
import { connectionLimit } from '../db/connection-limit.ts'
import { schemaProblem } from '../db/migrate.ts'
import { readOnlyProblem } from '../db/read-only.ts'
import { searchPathProblem } from '../db/search-path.ts'
import { versionProblem } from '../db/server-version.ts'
import { sessionProblem } from '../db/session-problem.ts'
import { statementLimitProblem, statementLimitRemedy } from '../db/statement-limit.ts'
import { transactionProblem } from '../db/transaction-problem.ts'
import { writeProblem } from '../db/write-problem.ts'
import { encryptionKeyProblem } from '../installation.ts'
import { type Instant, realTime } from '../kernel/clock.ts'
import { paymentsThat } from '../payments/stored.ts'
import { webhookUrlProblem } from '../webhooks/configured-url.ts'
import { judgeTime } from '../workers/time-check.ts'

export type Finding = { readonly level: 'unsafe' | 'missing' | 'note'; readonly what: string; readonly remedy: string }

/** What is unsafe or missing in this configuration and this database, with remedies. */
export const examine = async (
  configuration: Configuration,
  sql: Sql,
  clock: () => Instant = realTime,
): Promise<readonly Finding[]> => [
  ...examineConfiguration(configuration),
  ...(await examineWebhookUrl(configuration)),
  ...(await examineDatabase(sql, clock)),
  ...(await examineConnections(configuration, sql)),
  ...(await examineContent(configuration, sql)),
]

/** The data can be checked only if the schema is of this version. */
const examineContent = async (configuration: Configuration, sql: Sql): Promise<readonly Finding[]> => {
  const hidden = await searchPathProblem(sql)
  if (hidden !== undefined)
    return [
      { level: 'missing', what: hidden, remedy: 'For a further installation in a schema of its own: naru migrate' },
    ]
  const what = await schemaProblem(sql)
  if (what !== undefined)
    return [
      {
        level: 'missing',
        what,
        remedy: 'Stop servers of other versions. A server of this version migrates when it starts.',
      },
    ]
  return [...(await examineWriting(sql)), ...(await examineKey(configuration, sql)), ...(await examineStores(sql))]
}

/** One that takes no writes at all is named by `examineDatabase`, with who set it so. */
const examineWriting = async (sql: Sql): Promise<readonly Finding[]> => {
  const problem = (await readOnlyProblem(sql)) === undefined ? await writeProblem(sql) : undefined
  return problem === undefined ? [] : [{ level: 'unsafe', ...problem }]
}

const examineConnections = async (configuration: Configuration, sql: Sql): Promise<readonly Finding[]> => {
  const [limit, needed] = [await connectionLimit(sql), connectionsOfServer(configuration)]
  if (limit === undefined) return []
  const { most, by } = limit
  const allowed = `PostgreSQL leaves ${most} connections to Naru (by ${by}), and one server may open ${needed}`
  if (most < needed)
    return [
      {
        level: 'unsafe',
        what: `${allowed}: in a burst, requests fail.`,
        remedy: `Raise that limit, or set NARU_DATABASE_CONNECTIONS to at most ${Math.floor((most - 1) / 2)}.`,
      },
    ]
  // One server alone uses the embedded database.
  if (configuration.databaseUrl === undefined) return []
  const servers = Math.floor(most / needed)
  return [
    {
      level: 'note',
      what: `${allowed}: ${servers === 1 ? 'one server fits' : `${servers} servers fit`}.`,
      remedy: 'For more servers, raise that limit, lower NARU_DATABASE_CONNECTIONS, or put PgBouncer in between.',
    },
  ]
}

const examineKey = async (configuration: Configuration, sql: Sql): Promise<readonly Finding[]> => {
  const what = await encryptionKeyProblem(sql, configuration)
  return what === undefined ? [] : [{ level: 'unsafe', what, remedy: 'Set NARU_ENCRYPTION_KEY to the previous key.' }]
}

function* examineConfiguration(configuration: Configuration): Generator<Finding> {
  const { databaseUrl, dataDirectory, host, publicUrl } = configuration
  if (databaseUrl === undefined)
    yield {
      level: 'note',
      what: 'The embedded database is used.',
      remedy: 'Set DATABASE_URL in production, and back it up.',
    }
  if (databaseUrl !== undefined) yield* examineEncryption(readAddress(databaseUrl))
  if (host !== '127.0.0.1' && host !== 'localhost' && !publicUrl?.startsWith('https:'))
    yield {
      level: 'unsafe',
      what: `The server listens on ${host} without TLS.`,
      remedy: 'Put a reverse proxy with TLS in front of it and set NARU_PUBLIC_URL to its https URL.',
    }
  const keyFile = join(dataDirectory, 'encryption.key')
  if (existsSync(keyFile) && (statSync(keyFile).mode & 0o077) !== 0)
    yield { level: 'unsafe', what: `Other users can read ${keyFile}.`, remedy: `chmod 600 ${keyFile}` }
}

const examineWebhookUrl = async (configuration: Configuration): Promise<readonly Finding[]> => {
  const what = await webhookUrlProblem(configuration)
  const remedy = 'Add its host to NARU_WEBHOOK_ALLOWED_TARGETS, or give a public URL.'
  return what === undefined ? [] : [{ level: 'missing', what, remedy }]
}

function* examineEncryption({ targets, tls }: Address): Generator<Finding> {
  const isLocal = (target: Target) => 'path' in target || ['localhost', '127.0.0.1'].includes(target.host)
  if (tls === undefined || targets.every(isLocal)) return
  if (tls.mode === 'disable' || tls.mode === 'prefer')
    yield {
      level: 'unsafe',
      what: 'The connection to the database may not be encrypted.',
      remedy: 'Add ?sslmode=verify-full to DATABASE_URL, or sslmode=require if its certificate cannot be verified.',
    }
  if (tls.mode === 'require')
    yield {
      level: 'note',
      what: 'The connection to the database is encrypted, but the server is not authenticated.',
      remedy:
        'Use sslmode=verify-full in DATABASE_URL, with sslrootcert=<file> if the certificate authority is not public.',
    }
}

const examineDatabase = async (sql: Sql, clock: () => Instant): Promise<readonly Finding[]> => {
  const asked = clock()
  const [row] = await sql<[{ fsync: string; commit: string; version: number; time: Instant }]>`
    select clock_timestamp() as time, current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
           current_setting('server_version_num')::integer as version`
  const { isWrong, problem } = judgeTime({ asked, answered: clock(), database: row.time })
  const findings: Finding[] = []
  if (problem !== undefined)
    findings.push({
      level: 'unsafe',
      what: problem,
      remedy: isWrong ? 'A server on this machine is not ready with it.' : 'What is due runs by the clock of a server.',
    })
  if (row.fsync !== 'on')
    findings.push({
      level: 'unsafe',
      what: 'PostgreSQL runs with fsync off: a crash can lose payments.',
      remedy: 'Set fsync = on.',
    })
  if (row.commit === 'off')
    findings.push({
      level: 'unsafe',
      what: 'PostgreSQL runs with synchronous_commit off: a crash can lose acknowledged payments.',
      remedy: 'Set synchronous_commit = on.',
    })
  const unlimited = await statementLimitProblem(sql)
  if (unlimited !== undefined) findings.push({ level: 'unsafe', what: unlimited, remedy: statementLimitRemedy })
  const readOnly = await readOnlyProblem(sql)
  if (readOnly !== undefined)
    findings.push({ level: 'unsafe', what: readOnly, remedy: 'The server is not ready with it.' })
  const session = await sessionProblem(sql)
  if (session !== undefined)
    findings.push({ level: 'unsafe', what: session, remedy: 'The server is not ready with it.' })
  const transaction = await transactionProblem(sql)
  if (transaction !== undefined)
    findings.push({ level: 'unsafe', what: transaction, remedy: 'The server does not start with it.' })
  const tooOld = versionProblem(row.version)
  if (tooOld !== undefined)
    findings.push({ level: 'unsafe', what: tooOld, remedy: 'The server does not start with it.' })
  return findings
}

const examineStores = async (sql: Sql): Promise<readonly Finding[]> => {
  const live = await sql<{ store_id: string; url: string | null; secrets: number; channels: number }[]>`
    select s.store_id, w.url,
      (select count(*) from webhook_secrets k where k.store_id = s.store_id and k.environment = 'LIVE') as secrets,
      (select count(*) from channels c where c.store_id = s.store_id and c.deleted_at is null) as channels
    from stores s left join webhook_settings w on w.store_id = s.store_id and w.environment = 'LIVE'
    where s.mode = 'LIVE'`
  const stuck = await sql<{ store_id: string; payments: number }[]>`
    select store_id, count(*) as payments
    from ${paymentsThat(sql, sql`p.status = 'PAY_PENDING' and p.status_time < now() - interval '1 day'`)} p group by store_id`
  return [...live.flatMap((store) => [...examineStore(store)]), ...stuck.map(stuckPayments)]
}

function* examineStore(store: {
  store_id: string
  url: string | null
  secrets: number
  channels: number
}): Generator<Finding> {
  const { store_id: id, url, secrets, channels } = store
  if (channels === 0)
    yield { level: 'missing', what: `The store ${id} has no channel.`, remedy: `naru channel create --store ${id} …` }
  if (url !== null && secrets === 0)
    yield {
      level: 'unsafe',
      what: `The webhooks of the store ${id} are not signed.`,
      remedy: `naru secret create --webhook --store ${id}`,
    }
  if (url?.startsWith('http:'))
    yield {
      level: 'unsafe',
      what: `The webhooks of the store ${id} are sent unencrypted to ${url}.`,
      remedy: 'Use an https URL.',
    }
}

const stuckPayments = ({ store_id, payments }: { store_id: string; payments: number }): Finding => ({
  level: 'note',
  what: `${payments} payments of the store ${store_id} have been waiting for their PG's answer for more than a day.`,
  remedy: 'Ask the PG about them. Naru keeps asking, daily at first and less often after 100 days.',
})
