import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test, { after, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fillDataDirectory } from '../../../test/support/new-cluster.ts'
import { connect, type Sql } from '../connect.ts'
import { attachEmbedded, claimServing, type EmbeddedDatabase, type EmbeddedOptions, startEmbedded } from './embedded.ts'
import { processKind } from './process.ts'

const asRoot = { skip: process.getuid?.() === 0 ? false : 'only root hands PostgreSQL to another account' }

const onLinux = { skip: process.platform === 'linux' ? false : 'what a process has in memory is read from /proc' }

test('a new data directory becomes a durable database that keeps its rows over a restart', async (context) => {
  const dataDirectory = await temporaryDirectory(context)
  const first = await timed(context, 'first start', () => start(context, { dataDirectory }))
  await withSql(first, async (sql) => {
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums']) {
      assert.deepEqual(await shown(sql, setting), 'on', setting)
    }
    assert.equal(await shown(sql, 'listen_addresses'), '')
    assert.equal(await shown(sql, 'server_encoding'), 'UTF8')
    const sorted = await sql`select value from unnest(array['가', 'a', 'Z', 'é']) as value order by value`
    assert.deepEqual(
      sorted.map(({ value }) => value),
      ['Z', 'a', 'é', '가'],
    )
    await sql`create table kept as select 'yes' as answer`
  })
  assert.equal(await readFile(join(dataDirectory, '.gitignore'), 'utf8'), '*\n')
  await timed(context, 'stop', () => first.stop())
  const second = await timed(context, 'restart', () => start(context, { dataDirectory }))
  assert.equal(second.adopted, false)
  await withSql(second, async (sql) => {
    assert.deepEqual([...(await sql`select answer from kept`)], [{ answer: 'yes' }])
  })
})

test('of two first starts at once one creates the database and both use it', async (context) => {
  const dataDirectory = await temporaryDirectory(context)
  const both = await Promise.all([start(context, { dataDirectory }), start(context, { dataDirectory })])
  assert.equal(both[0].url, both[1].url)
  assert.deepEqual(both.map(({ adopted }) => adopted).sort(), [false, true])
})

test('the database of a killed Naru is adopted, and its claim is free again', async (context) => {
  const dataDirectory = await commonDirectory()
  const program = fileURLToPath(new URL('../../../test/support/serve-until-killed.ts', import.meta.url))
  const naru = spawn(process.execPath, [program, dataDirectory], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(naru.stdout, 'data')
  const other = await start(context, { dataDirectory })
  assert.equal(other.adopted, true)
  await assert.rejects(
    claimServing(other.url, dataDirectory),
    /Another Naru is already using the data directory \S+\. .*NARU_DATA_DIR/,
  )
  naru.kill('SIGKILL')
  await once(naru, 'exit')
  const claim = await claimServing(other.url, dataDirectory)
  await claim.release()
  await other.stop()
  assert.equal((await start(context, { dataDirectory })).adopted, false)
})

test('a data directory that was deleted under a killed Naru is begun anew at once', async (context) => {
  const dataDirectory = await temporaryDirectory(context)
  await fillDataDirectory(dataDirectory)
  const program = fileURLToPath(new URL('../../../test/support/serve-until-killed.ts', import.meta.url))
  const naru = spawn(process.execPath, [program, dataDirectory], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(naru.stdout, 'data')
  naru.kill('SIGKILL')
  await once(naru, 'exit')
  const left = await postmasterOf(dataDirectory)
  await rm(dataDirectory, { recursive: true })
  // Within a minute it notices by itself that its directory is gone; on a busy machine perhaps before it is looked for.
  const isLeft = (await processKind(left)) === 'postgres'
  const messages: string[] = []
  const database = await start(context, { dataDirectory, logger: { info: (message) => messages.push(message) } })
  assert.equal(database.adopted, false)
  if (isLeft) assert.match(messages.join('\n'), /still running on a data directory that was deleted/)
  assert.notEqual(await processKind(left), 'postgres')
})

for (const [signal, how] of [
  ['SIGKILL', 'killed'],
  ['SIGTERM', 'shut down from outside, which waits for our sessions'],
] as const)
  test(`a PostgreSQL that was ${how}, is reported, comes back on the same address, and the pool dials again`, async (context) => {
    const dataDirectory = await commonDirectory()
    const exited = Promise.withResolvers<void>()
    const database = await start(context, { dataDirectory, onExit: exited.resolve })
    await withSql(database, async (sql) => {
      await sql`create table kept as select 1 as number`
      process.kill(await postmasterOf(dataDirectory), signal)
      await exited.promise
      await assert.rejects(sql`select 1`)
      await timed(context, `restart after ${signal}`, () => database.restart())
      assert.deepEqual([...(await sql`select number from kept`)], [{ number: 1 }])
      await sql`drop table kept`
    })
  })

test('a PostgreSQL whose database was deleted is not started again, nor on another database that took its place', async (context) => {
  const [dataDirectory, other] = [await temporaryDirectory(context), await temporaryDirectory(context)]
  await (await start(context, { dataDirectory: other })).stop()
  const exited = Promise.withResolvers<void>()
  const database = await start(context, { dataDirectory, onExit: exited.resolve })
  // Not killed: its shared memory would stay, which PostgreSQL finds by its files alone.
  process.kill(await postmasterOf(dataDirectory), 'SIGQUIT')
  await exited.promise
  await rm(dataDirectory, { recursive: true })
  await assert.rejects(database.restart(), /deleted.*Start Naru again/)
  assert.equal(existsSync(dataDirectory), false)
  await rename(other, dataDirectory)
  const before = await readdir(dataDirectory)
  await assert.rejects(database.restart(), /deleted.*Start Naru again/)
  assert.deepEqual(await readdir(dataDirectory), before)
  assert.equal(existsSync(join(dataDirectory, 'postgres', 'postmaster.pid')), false)
})

test('a start where a server runs whose data directory was moved away is refused, and leaves nothing', async (context) => {
  const home = await temporaryDirectory(context)
  const dataDirectory = join(home, 'data')
  await mkdir(dataDirectory)
  await fillDataDirectory(dataDirectory)
  const server = await start(context, { dataDirectory })
  const claim = await claimServing(server.url, dataDirectory)
  await rename(dataDirectory, join(home, 'moved'))
  await assert.rejects(startEmbedded({ dataDirectory }), /Another Naru is still running.*moved away/)
  assert.deepEqual(await readdir(home), ['moved'])
  await claim.release()
})

test('a first start that is called off half-way leaves no shared memory behind', onLinux, async (context) => {
  const dataDirectory = await temporaryDirectory(context)
  const stop = new AbortController()
  const starting = assert.rejects(startEmbedded({ dataDirectory, signal: stop.signal }), /called off/)
  const { files, segments } = await sharedMemoryOfInitdb(dataDirectory)
  stop.abort(new Error('called off'))
  await starting
  assert.deepEqual(files.filter(existsSync), [])
  const left = await readFile('/proc/sysvipc/shm', 'utf8')
  for (const segment of segments) assert.doesNotMatch(left, new RegExp(`^ *\\d+ +${segment} `, 'm'))
})

test('a server does not keep its shared memory in files', async (context) => {
  const database = await start(context, { dataDirectory: await temporaryDirectory(context) })
  await withSql(database, async (sql) => assert.notEqual(await shown(sql, 'dynamic_shared_memory_type'), 'mmap'))
})

test('stop is no crash', async (context) => {
  const dataDirectory = await commonDirectory()
  const database = await start(context, { dataDirectory, onExit: () => assert.fail('reported as a crash') })
  await Promise.all([database.stop(), database.stop()])
  await assert.rejects(withSql(database, (sql) => sql`select 1`))
})

test('a process number that belongs to a stranger by now does not keep PostgreSQL from starting', async (context) => {
  const dataDirectory = await commonDirectory()
  const database = await start(context, { dataDirectory })
  const note = join(dataDirectory, 'postgres', 'postmaster.pid')
  const lines = (await readFile(note, 'utf8')).split('\n')
  await database.stop()
  await writeFile(note, [process.pid, ...lines.slice(1)].join('\n'))
  assert.equal((await start(context, { dataDirectory })).adopted, false)
})

test('a command uses the PostgreSQL of a server and leaves it running, or starts one and stops it', async (context) => {
  const dataDirectory = await commonDirectory()
  const alone = await attachEmbedded({ dataDirectory })
  assert.equal(alone.adopted, false)
  await alone.stop()

  const overtaken = await attachEmbedded({ dataDirectory })
  const server = await start(context, { dataDirectory })
  const claim = await claimServing(server.url, dataDirectory)
  const beside = await attachEmbedded({ dataDirectory })
  assert.deepEqual([overtaken.adopted, server.adopted, beside.adopted], [false, true, true])
  await beside.stop()
  await overtaken.stop()
  await withSql(server, (sql) => sql`select 1`)
  await claim.release()
})

test('a PostgreSQL that does not start shows what it said', async (context) => {
  const dataDirectory = await commonDirectory()
  await assert.rejects(
    start(context, { dataDirectory, settings: { shared_buffers: 'plenty' } }),
    /PostgreSQL did not start.*postgres\.log.*shared_buffers.*plenty/s,
  )
})

test('a database of another PostgreSQL version is left alone', async (context) => {
  const dataDirectory = await temporaryDirectory(context)
  await mkdir(join(dataDirectory, 'postgres'))
  await writeFile(join(dataDirectory, 'postgres', 'PG_VERSION'), '17\n')
  await assert.rejects(start(context, { dataDirectory }), /created by PostgreSQL 17.*pg_dump/)
})

test('neither a deep data directory nor a deep temporary directory is too long for the socket', async (context) => {
  const dataDirectory = join(await temporaryDirectory(context), 'd'.repeat(120))
  await mkdir(dataDirectory)
  await fillDataDirectory(dataDirectory)
  const { TMPDIR } = process.env
  process.env.TMPDIR = await mkdtemp(join(await temporaryDirectory(context), 't'.repeat(120)))
  const database = await start(context, { dataDirectory }).finally(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  })
  await withSql(database, (sql) => sql`select 1`)
})

test('as root, PostgreSQL and its files belong to an account that is nobody', asRoot, async (context) => {
  const dataDirectory = await temporaryDirectory(context)
  await start(context, { dataDirectory })
  assert.equal((await stat(join(dataDirectory, 'postgres'))).uid, 65_534)
  assert.equal((await stat(`/proc/${await postmasterOf(dataDirectory)}`)).uid, 65_534)
})

test('as root, a data directory that nobody else may enter has its database elsewhere', asRoot, async (context) => {
  const hidden = await temporaryDirectory(context)
  await chmod(hidden, 0o700)
  const dataDirectory = join(hidden, 'data')
  const messages: string[] = []
  const logger = { info: (message: string) => messages.push(message) }
  const first = await start(context, { dataDirectory, logger })
  const place = await readlink(join(dataDirectory, 'postgres'))
  later(context, () => rm(dirname(place), { recursive: true, force: true }))
  assert.match(place, /^\/var\/lib\/naru\//)
  const moves = () => messages.filter((message) => message.includes('The database is in'))
  assert.equal(moves().length, 1)
  await withSql(first, (sql) => sql`create table kept as select 1 as number`)
  await first.stop()
  const second = await start(context, { dataDirectory, logger })
  assert.equal(moves().length, 1)
  await withSql(second, (sql) => sql`select number from kept`)
})

const temporaryDirectory = async (context: TestContext): Promise<string> => {
  const directory = await makeDirectory()
  later(context, () => rm(directory, { recursive: true, force: true }))
  return directory
}

/** For tests in which the database need not be new: `initdb` takes longer than all that they do. */
const commonDirectory = (): Promise<string> => {
  common ??= makeDirectory().then(async (directory) => {
    await fillDataDirectory(directory)
    return directory
  })
  return common
}

let common: Promise<string> | undefined

after(async () => {
  if (common !== undefined) await rm(await common, { recursive: true, force: true })
})

const makeDirectory = async (): Promise<string> => {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'naru-embedded-')))
  await chmod(directory, 0o711)
  return directory
}

const start = async (context: TestContext, options: EmbeddedOptions): Promise<EmbeddedDatabase> => {
  const database = await startEmbedded(options)
  later(context, () => database.stop())
  return database
}

/** Cleans up after the test, last things first: a database is stopped before its directory goes. */
const later = (context: TestContext, cleanup: () => Promise<void>): void => {
  const cleanups = cleanupsOf.get(context) ?? []
  if (cleanups.length === 0) {
    context.after(async () => {
      for (const next of cleanups.reverse()) await next()
    })
  }
  cleanups.push(cleanup)
  cleanupsOf.set(context, cleanups)
}

const cleanupsOf = new WeakMap<TestContext, (() => Promise<void>)[]>()

const withSql = async (database: EmbeddedDatabase, work: (sql: Sql) => PromiseLike<unknown>): Promise<void> => {
  const sql = connect(database.url, { max: 2 })
  try {
    await work(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const shown = async (sql: Sql, setting: string): Promise<unknown> => {
  const [row] = await sql`select current_setting(${setting}) as value`
  return row?.value
}

/** What the PostgreSQL that makes a new database shares, once it does: files, and the numbers of System V segments. */
const sharedMemoryOfInitdb = async (dataDirectory: string) => {
  for (;;) {
    const [name] = (await readdir(dataDirectory)).filter((each) => each.startsWith('postgres-unfinished-'))
    const note = await readFile(join(dataDirectory, name ?? '', 'postmaster.pid'), 'utf8').catch(() => '')
    const maps = await readFile(`/proc/${Math.abs(Number.parseInt(note, 10))}/maps`, 'utf8').catch(() => '')
    const files = [...maps.matchAll(/\/\S*(?:PostgreSQL|mmap)\.\d+$/gm)].map(([file]) => file)
    const segments = [...maps.matchAll(/ (\d+) +\/SYSV/g)].map(([, segment]) => segment)
    if (files.length > 0 && segments.length > 0) return { files, segments }
  }
}

const postmasterOf = async (dataDirectory: string): Promise<number> =>
  Number.parseInt(await readFile(join(dataDirectory, 'postgres', 'postmaster.pid'), 'utf8'), 10)

/** Printed and never asserted: it depends on the machine. */
const timed = async <Result>(context: TestContext, what: string, work: () => Promise<Result>): Promise<Result> => {
  const started = performance.now()
  const result = await work()
  context.diagnostic(`${what}: ${Math.round(performance.now() - started)} ms`)
  return result
}
