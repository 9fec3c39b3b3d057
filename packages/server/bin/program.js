import fs from 'node:fs'

/**
 * What to run: the program as `npm run build` made it, which starts in half the time and with three quarters of the memory,
 * or its source where that is newer or nothing was built. Whoever edits the server need not think of building it.
 *
 * @param {URL} packages the directory that holds `server/` and `contract/`; the published package has no source in it
 * @returns {URL}
 */
export const programUnder = (packages) => {
  const built = new URL('server/dist/main.js', packages)
  const source = new URL('server/src/main.ts', packages)
  if (!fs.existsSync(source)) return built
  const builtAt = changedAt(new URL('server/dist/built', packages))
  return sourcesUnder(packages).every((path) => changedAt(path) < builtAt) ? built : source
}

/** Directories too: one that lost a file has changed. */
const sourcesUnder = (packages) =>
  ['server/src/', 'contract/src/'].flatMap((name) => {
    const directory = new URL(name, packages)
    const entries = fs.readdirSync(directory, { recursive: true, withFileTypes: true })
    const sources = entries.filter((entry) => entry.isDirectory() || entry.name.endsWith('.ts'))
    return [directory, ...sources.map((entry) => `${entry.parentPath}/${entry.name}`)]
  })

const changedAt = (path) => fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
