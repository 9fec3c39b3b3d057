import { rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'vite'

/** Where a file of tests, or a program that tests start, lies once it is built. */
export const builtFile = (directory: string, file: string): string => resolve(directory, `${nameOf(file)}.js`)

const nameOf = (file: string): string => file.replaceAll('/', '_').replace(/\.m?[jt]s$/, '')

/**
 * Builds `files` with the server and the dependencies in one file that all of them share: loading more than 1,100 modules takes a
 * process longer than the tests of most files, a second and a half of CPU against a half.
 */
export const buildTests = async (files: readonly string[], directory: string): Promise<void> => {
  await rm(directory, { recursive: true, force: true })
  await build({
    configFile: false,
    plugins: [atTheSource],
    publicDir: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: loadedByFew },
    build: {
      ssr: true,
      target: 'node24',
      minify: false,
      outDir: directory,
      rolldownOptions: {
        input: Object.fromEntries(files.map((file) => [nameOf(file), resolve(file)])),
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
          codeSplitting: { groups: [{ name: 'shared', test: isShared }] },
        },
      },
    },
  })
}

/** They bring programs, or are loaded by few tests. */
const loadedByFew = ['playwright-core', 'axe-core', 'libpg-query', 'typescript', 'vite']

/** Not what supports tests: some of it works while it is loaded. */
const isShared = (id: string): boolean =>
  id.includes('/node_modules/') || (/\/packages\/[^/]+\/src\//.test(id) && !id.endsWith('.test.ts'))

/** Tests find what they read and start beside their source. */
const atTheSource: Plugin = {
  name: 'at-the-source',
  transform: (code, id) => {
    if (!/\bimport\.meta\.(url|dirname)\b/.test(code)) return undefined
    return code
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(id)))
  },
}
