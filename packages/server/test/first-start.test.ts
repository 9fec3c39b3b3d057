import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

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

test('the command line imports nothing by a name that an old Node lacks, so that it can say that the Node is too old', async () => {
  const source = await readFile(`${root}packages/server/bin/naru.js`, 'utf8')
  const imports = source.match(/^import .*$/gm) ?? []
  assert.ok(imports.length > 0)
  assert.deepEqual(
    imports.filter((line) => line.includes('{')),
    [],
  )
})
