/**
 * Runs before `npm start` and `npm test`, after the dependencies are there: builds the server and what browsers load where it
 * is missing or older than its source. What is built is never committed. Several at once build side by side, and the last
 * one's files stay: they are the same.
 *
 * package.json runs it by `env node`: a shell remembers where it found the first `node`, which on a fresh clone is the
 * system's, perhaps too old for this, and not the one that has been installed since.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const asOf = new Date()
const server = digestOf(['server', 'contract'])
/** One imports from the other. Of the contract they take types alone. */
const pages = digestOf(['browser-sdk', 'checkout'])

/** Each with a `vite.config.ts`, the modes in which it is built, and the digest of what goes into it. */
const packages = {
  server: { modes: ['production'], digest: server },
  'browser-sdk': { modes: ['production', 'esm'], digest: pages },
  checkout: { modes: ['production'], digest: pages },
}

let isTold = false

for (const [name, { modes, digest }] of Object.entries(packages)) {
  const directory = `${root}packages/${name}/`
  sweep(directory)
  if (read(`${directory}dist/built`) !== digest) {
    if (!isTold) process.stderr.write('Naru: building what has changed, which takes some seconds …\n')
    isTold = true
    build(directory, modes, digest)
  }
  // The server's command line compares this time with its source's, which costs less than another digest.
  touch(`${directory}dist/built`, asOf)
}

/** Of everything that goes into a build: the source of these packages, the versions of dependencies and of the tools. */
function digestOf(sources) {
  const hash = createHash('sha256')
  const patterns = ['src/**/*', '*.ts', '*.json', '*.html'].flatMap((files) =>
    sources.map((name) => `packages/${name}/${files}`),
  )
  const files = globSync(patterns, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => `${entry.parentPath}/${entry.name}`)
  for (const file of [...files.sort(), `${root}package-lock.json`]) hash.update(`${file}\n${readFileSync(file)}\n`)
  return hash.digest('hex')
}

function build(directory, modes, digest) {
  const fresh = `${directory}dist-${process.pid}`
  for (const mode of modes) {
    const options = ['build', '--mode', mode, '--outDir', fresh, '--logLevel', 'warn']
    const vite = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url))
    const { status } = spawnSync(process.execPath, [vite, ...options], { cwd: directory, stdio: ['ignore', 2, 2] })
    if (status !== 0) {
      rmSync(fresh, { recursive: true, force: true })
      process.stderr.write(`Naru: ${directory} could not be built; what Vite said is above.\n`)
      process.exit(1)
    }
  }
  writeFileSync(`${fresh}/built`, digest)
  replace(fresh, `${directory}dist`)
}

/** What builds left that were interrupted: their processes live no more. */
function sweep(directory) {
  for (const name of readdirSync(directory)) {
    const [, pid] = /^dist-(\d+)$/.exec(name) ?? []
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(`${directory}${name}`, { recursive: true, force: true })
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error.code === 'EPERM'
  }
}

/** A directory takes another's place only where that is gone. */
function replace(fresh, place) {
  rmSync(place, { recursive: true, force: true })
  try {
    renameSync(fresh, place)
  } catch (error) {
    // Somebody else built the same a moment ago.
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) throw error
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** Not there for a moment while somebody else replaces it by what is as new. */
function touch(path, time) {
  try {
    utimesSync(path, time, time)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
