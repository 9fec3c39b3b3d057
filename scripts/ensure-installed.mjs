/**
 * Runs before `npm start` and `npm test`: installs the dependencies where they are missing or older than the lock file,
 * so that both work straight after `git clone` and after `git pull`. Plain JavaScript for any Node from 20 on, because
 * the Node that runs everything else is one of the dependencies.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = `${root}node_modules/.naru-installed`

if (!isInstalled()) await install()

/** The stamp holds the digest of the lock file that was installed; where npm was run by hand since, npm's own list. */
function isInstalled() {
  const digest = digestOfLock()
  if (!exists(`${root}node_modules/.bin/node`) && !exists(`${root}node_modules/.bin/node.cmd`)) return false
  if (read(stamp) === digest) return true
  if (!matchesInstalledList()) return false
  writeFileSync(stamp, digest)
  return true
}

function digestOfLock() {
  return createHash('sha256')
    .update(read(`${root}package-lock.json`))
    .digest('hex')
}

/** npm notes what it put into node_modules; packages for other platforms are in the lock file alone. */
function matchesInstalledList() {
  const list = read(`${root}node_modules/.package-lock.json`)
  if (list === '') return false
  const installed = JSON.parse(list).packages
  const wanted = JSON.parse(read(`${root}package-lock.json`)).packages
  return Object.entries(wanted).every(([path, { version, integrity, link, optional }]) => {
    const there = installed[path]
    if (!path.startsWith('node_modules/') || link) return true
    return there === undefined ? optional === true : there.version === version && there.integrity === integrity
  })
}

async function install() {
  const started = performance.now()
  process.stderr.write('Naru: installing dependencies (npm ci), which takes one to two minutes the first time …\n')
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (code !== 0) fail(output)
  if (!exists(`${root}node_modules/.bin/node`) && !exists(`${root}node_modules/.bin/node.cmd`)) {
    fail("npm did not run the install script of the package 'node', which brings the program itself.")
  }
  writeFileSync(stamp, digestOfLock())
  process.stderr.write(`Naru: installed in ${Math.round((performance.now() - started) / 1000)} s.\n`)
}

function run(command, parameters) {
  return new Promise((resolve) => {
    // npm hands its settings to scripts as variables; those of the outer npm are not meant for this one.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^npm_(lifecycle|package|command)/.test(name)),
    )
    const isWindows = process.platform === 'win32'
    const child = spawn(command, parameters, { cwd: root, env, shell: isWindows, detached: !isWindows })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stop(child, signal))
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
    child.on('error', (error) => resolve({ code: 1, output: String(error) }))
    child.on('close', (code) => resolve({ code, output }))
  })
}

/**
 * Ends npm and all that it has started before this ends: told to stop, it would go on in node_modules for a minute, in the way of
 * the next start. It has nothing to save, since `npm ci` begins by deleting node_modules.
 */
function stop(child, signal) {
  child.removeAllListeners('close')
  child.on('close', () => {
    process.stderr.write('Naru: stopped installing. The next start begins again.\n')
    process.kill(process.pid, signal)
  })
  if (process.platform === 'win32') child.kill()
  else process.kill(-child.pid, 'SIGKILL')
}

function fail(output) {
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(output)
  process.stderr.write(`${output.trim()}\n\nNaru: the dependencies could not be installed. `)
  process.stderr.write(
    offline
      ? 'The package registry cannot be reached: check the network or the proxy, then try again.\n'
      : 'What npm said is above; `npm ci` shows it again.\n',
  )
  process.exit(1)
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function exists(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
