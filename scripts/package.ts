/**
 * Makes `naru-<version>.tgz` in `dist/`, or in the directory that is given: the one package that is published. The server is in
 * it as it was built, with what it depends on, so that an installation fetches little and starts fast. The rest is what
 * programs of others import or run. Node runs no TypeScript below `node_modules`, so types are replaced by blanks there,
 * which keeps lines and columns as they are in the repository, and a file is imported by its new name.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodePackages } from '../packages/naru/src/node.ts'

type Manifest = {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const root = fileURLToPath(new URL('..', import.meta.url))
const target = resolve(process.argv[2] ?? `${root}dist`)
const stage = `${target}/naru/`

const manifestOf = (name: string): Manifest => JSON.parse(readFileSync(`${root}packages/${name}/package.json`, 'utf8'))

/** The server's program, and what it reads while it runs, such as migrations. */
const addServer = (): void => {
  const from = `${root}packages/server/`
  const read = globSync('src/**/*', { cwd: from, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.ts'))
    .map((entry) => relative(from, `${entry.parentPath}/${entry.name}`))
  for (const path of ['bin', 'dist', ...read]) cpSync(`${from}${path}`, `${stage}server/${path}`, { recursive: true })
}

/** Our own TypeScript as JavaScript at the same place. */
const addProgram = (): void => {
  const directory = `${root}packages/naru/`
  for (const path of globSync('src/**/*.ts', { cwd: directory })) {
    if (path.endsWith('.test.ts')) continue
    const to = `${stage}naru/${path.replace(/\.ts$/, '.js')}`
    mkdirSync(dirname(to), { recursive: true })
    writeFileSync(to, asJavaScript(`${directory}${path}`))
  }
}

const asJavaScript = (file: string): string =>
  stripTypeScriptTypes(readFileSync(file, 'utf8')).replaceAll(
    /((?:\bfrom|\bimport) ?\(?')(\.\.?\/[^']+)\.ts'/g,
    "$1$2.js'",
  )

/** For whoever writes tests in TypeScript. */
const addTypes = (): void => {
  const compiler = fileURLToPath(import.meta.resolve('typescript/package.json'))
  const options = [
    ...['--declaration', '--emitDeclarationOnly', '--allowImportingTsExtensions', '--rewriteRelativeImportExtensions'],
    ...['--module', 'nodenext', '--target', 'esnext', '--types', 'node', '--skipLibCheck', '--strict'],
    ...['--rootDir', `${root}packages`, '--outDir', stage.slice(0, -1), '--ignoreConfig'],
  ]
  const files = [`${root}packages/naru/src/testing/index.ts`]
  execFileSync(process.execPath, [`${dirname(compiler)}/bin/tsc`, ...options, ...files], { stdio: 'inherit' })
}

/** The files of Swagger UI that are served, with its licence, instead of the npm package: see `http/docs/serve.ts`. */
const addSwaggerUi = (): void => {
  const from = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))
  for (const name of [
    'swagger-ui-bundle.js',
    'swagger-ui-bundle.js.LICENSE.txt',
    'swagger-ui.css',
    'LICENSE',
    'NOTICE',
  ])
    cpSync(`${from}/${name}`, `${stage}server/src/http/docs/swagger-ui/${name}`)
}

const addManifest = (): void => {
  const [own, server] = [manifestOf('naru'), manifestOf('server')]
  const dependencies = Object.fromEntries(
    Object.entries(own.dependencies ?? {}).filter(([name]) => !name.startsWith('@naru/')),
  )
  const nodes = Object.fromEntries(Object.values(nodePackages).map((name) => [name, '^24.0.0']))
  write('package.json', {
    name: own.name,
    version: own.version,
    description: own.description,
    keywords: ['payment', 'portone', 'sandbox', 'webhook', 'self-hosted', '포트원', '결제'],
    license: 'Apache-2.0',
    type: 'module',
    bin: { naru: './naru/src/main.js' },
    exports: { './testing': { types: './naru/src/testing/index.d.ts', default: './naru/src/testing/index.js' } },
    engines: { node: '>=20' },
    dependencies,
    optionalDependencies: { ...server.optionalDependencies, ...nodes },
  })
  // Where the server looks up its version.
  write('server/package.json', { version: server.version, type: 'module' })
}

const write = (name: string, content: object): void => {
  writeFileSync(`${stage}${name}`, `${JSON.stringify(content, null, 2)}\n`)
}

rmSync(stage, { recursive: true, force: true })
addServer()
addProgram()
for (const name of ['checkout', 'browser-sdk'])
  cpSync(`${root}packages/${name}/dist`, `${stage}${name}/dist`, { recursive: true })
addTypes()
addSwaggerUi()
addManifest()
cpSync(`${root}LICENSE`, `${stage}LICENSE`)
cpSync(`${root}packages/naru/README.md`, `${stage}README.md`)
execFileSync('npm', ['pack', stage, '--pack-destination', target, '--loglevel=error'], { stdio: 'inherit' })
