import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { programUnder } from '../bin/program.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const run = promisify(execFile)

/** A clone whose installation brings a Node that only says so, and the `PATH` that npm gives to scripts there. */
const freshClone = async (context: TestContext) => {
  const clone = await mkdtemp(join(tmpdir(), 'naru-clone-'))
  context.after(() => rm(clone, { recursive: true }))
  const installed = join(clone, 'node_modules', '.bin')
  const system = join(clone, 'system')
  for (const directory of [installed, system, join(clone, 'scripts')]) await mkdir(directory, { recursive: true })
  await symlink(process.execPath, join(system, 'node'))
  const install = `import { writeFileSync } from 'node:fs'
    writeFileSync(${JSON.stringify(join(installed, 'node'))}, '#!/bin/sh\\necho "$1 under the installed Node"\\n', { mode: 0o755 })`
  await writeFile(join(clone, 'scripts', 'ensure-installed.mjs'), install)
  return { clone, path: [installed, system, '/usr/bin', '/bin'].join(':') }
}

test("on a fresh clone, what follows the installation runs under the Node that it brought, not the system's", async (context) => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(await readFile(`${root}package.json`, 'utf8'))
  for (const name of ['prestart', 'pretest']) {
    const { clone, path } = await freshClone(context)
    const { stdout } = await run('sh', ['-c', scripts[name] ?? ''], { cwd: clone, env: { PATH: path } })
    assert.equal(stdout, 'scripts/ensure-built.mjs under the installed Node\n')
  }
})

/** A clone in which nothing is built, with a Vite that does as `vite` says. */
const unbuiltClone = async (context: TestContext, vite: string) => {
  const clone = await mkdtemp(join(tmpdir(), 'naru-unbuilt-'))
  context.after(() => rm(clone, { recursive: true }))
  const script = join(clone, 'scripts', 'ensure-built.mjs')
  const installed = join(clone, 'node_modules', 'vite', 'bin', 'vite.js')
  for (const path of [dirname(script), dirname(installed)]) await mkdir(path, { recursive: true })
  for (const name of ['server', 'contract', 'browser-sdk', 'checkout'])
    await mkdir(join(clone, 'packages', name, 'src'), { recursive: true })
  await copyFile(`${root}scripts/ensure-built.mjs`, script)
  await writeFile(join(clone, 'package-lock.json'), '{}')
  await writeFile(installed, vite)
  return { clone, script, installed }
}

const building = "require('node:fs').mkdirSync(process.argv[process.argv.indexOf('--outDir') + 1], { recursive: true })"

test('building says so in one line, and what is already built is not built again', async (context) => {
  const { script } = await unbuiltClone(context, building)
  assert.match((await run(process.execPath, [script])).stderr, /^Naru: building .*\n$/)
  assert.deepEqual(await run(process.execPath, [script]), { stdout: '', stderr: '' })
})

test('what an interrupted build left is ignored by git and swept by the next, and one still under way is not', async (context) => {
  const interrupted = `${building}\nprocess.kill(process.ppid, 'SIGKILL')`
  const { clone, script, installed } = await unbuiltClone(context, interrupted)
  const packages = join(clone, 'packages')
  const directories = async () =>
    (await readdir(packages, { recursive: true })).filter((path) => /dist/.test(path)).sort()
  await assert.rejects(run(process.execPath, [script]), { signal: 'SIGKILL' })
  const left = await directories()
  assert.equal(left.length, 1)
  await copyFile(`${root}.gitignore`, join(clone, '.gitignore'))
  await run('git', ['init', '--quiet'], { cwd: clone })
  await run('git', ['check-ignore', `packages/${left[0]}/main.js`], { cwd: clone })
  const underWay = join('browser-sdk', `dist-${process.pid}`)
  await mkdir(join(packages, underWay))
  await writeFile(installed, building)
  await run(process.execPath, [script])
  const built = ['browser-sdk', 'checkout', 'server'].flatMap((name) => [`${name}/dist`, `${name}/dist/built`])
  assert.deepEqual(await directories(), [underWay, ...built].sort())
})

test('the command line imports nothing by a name that an old Node lacks, so that it can say that the Node is too old', async () => {
  const sources = ['naru.js', 'program.js'].map((name) => readFile(`${root}packages/server/bin/${name}`, 'utf8'))
  const imports = (await Promise.all(sources)).join('\n').match(/^import .*$/gm) ?? []
  assert.ok(imports.length > 0)
  assert.deepEqual(
    imports.filter((line) => line.includes('{')),
    [],
  )
})

test('the built server is run where it is as new as its source, and the source where that was changed', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'naru-program-'))
  context.after(() => rm(directory, { recursive: true }))
  const packages = pathToFileURL(`${directory}/`)
  const write = async (path: string, at: number) => {
    await mkdir(join(directory, dirname(path)), { recursive: true })
    await writeFile(join(directory, path), '')
    await utimes(join(directory, path), at, at)
  }
  /** As after a checkout: directories are as old as what is in them. */
  const settle = async (at: number) => {
    for (const path of ['server/src', 'server/src/cli', 'contract/src']) await utimes(join(directory, path), at, at)
  }
  const runs = () => programUnder(packages).href.slice(packages.href.length)

  for (const path of ['server/src/main.ts', 'server/src/cli/log.ts', 'contract/src/index.ts']) await write(path, 1_000)
  await settle(1_000)
  assert.equal(runs(), 'server/src/main.ts', 'nothing is built')

  await write('server/dist/built', 2_000)
  assert.equal(runs(), 'server/dist/main.js')

  await write('contract/src/index.ts', 3_000)
  await settle(1_000)
  assert.equal(runs(), 'server/src/main.ts', 'a file is newer')

  await write('server/dist/built', 4_000)
  await rm(join(directory, 'server/src/cli/log.ts'))
  assert.equal(runs(), 'server/src/main.ts', 'a file is gone')

  await rm(join(directory, 'server/src'), { recursive: true })
  assert.equal(runs(), 'server/dist/main.js', 'there is no source')
})

test('an installation that is interrupted ends npm, which would go on in the way of the next one', {
  skip: process.platform === 'win32',
}, async (context) => {
  const clone = await mkdtemp(join(tmpdir(), 'naru-interrupted-'))
  context.after(() => rm(clone, { recursive: true }))
  await mkdir(join(clone, 'scripts'))
  const script = join(clone, 'scripts', 'ensure-installed.mjs')
  await copyFile(`${root}scripts/ensure-installed.mjs`, script)
  await writeFile(join(clone, 'package-lock.json'), '{}')
  const socket = join(clone, 'npm.socket')
  const npm = `#!${process.execPath}
    process.on('SIGINT', () => {})
    require('node:net').connect(${JSON.stringify(socket)}).on('close', () => process.exit())`
  await writeFile(join(clone, 'npm'), npm, { mode: 0o755 })
  await using server = createServer().listen(socket)
  const begun = once(server, 'connection')
  const installing = spawn(process.execPath, [script], { env: { PATH: clone }, stdio: ['ignore', 'ignore', 'pipe'] })
  assert(installing.stderr)
  const said = text(installing.stderr)
  const ended = once(installing, 'exit')
  const [connection]: Socket[] = await begun
  assert(connection)
  const closed = once(connection.resume(), 'close')
  installing.kill('SIGINT')
  await closed
  assert.deepEqual(await ended, [null, 'SIGINT'])
  assert.match(await said, /stopped installing/)
})
