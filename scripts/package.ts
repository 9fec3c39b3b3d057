/**
 * Makes `naru-<version>.tgz` in `dist/`, or in the directory that is given: the one package that is published, with everything of ours in it. Node runs no
 * TypeScript below `node_modules`, so types are replaced by blanks, which keeps lines and columns as they are in the
 * repository, and a file is imported by its new name.
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

/** TypeScript as JavaScript at the same place, and everything else that is read at run time as it is. */
const addSource = (name: string): void => {
  const files = globSync(['src/**/*', 'bin/*'], { cwd: `${root}packages/${name}`, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .filter((path) => !path.endsWith('.test.ts') && (name === 'naru' || !path.includes('/testing/')))
  for (const from of files) {
    const to = `${stage}${relative(`${root}packages`, from)}`
    mkdirSync(dirname(to), { recursive: true })
    if (/\.(ts|js)$/.test(from)) writeFileSync(to.replace(/\.ts$/, '.js'), asJavaScript(from, to))
    else cpSync(from, to)
  }
}

const asJavaScript = (from: string, to: string): string => {
  const contract = relative(dirname(to), `${stage}contract/src/index.js`)
  return stripTypeScriptTypes(readFileSync(from, 'utf8'))
    .replaceAll(/((?:\bfrom|\bimport) ?\(?')(\.\.?\/[^']+)\.ts'/g, "$1$2.js'")
    .replaceAll(/((?:\bfrom|\bimport) ?\(?')@naru\/contract'/g, (_, before) => `${before}${contract}'`)
}

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
  const [own, server, contract] = [manifestOf('naru'), manifestOf('server'), manifestOf('contract')]
  const all = { ...contract.dependencies, ...server.dependencies, ...own.dependencies }
  const dependencies = Object.fromEntries(
    Object.entries(all).filter(([name]) => !name.startsWith('@naru/') && name !== 'swagger-ui-dist'),
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
for (const name of ['contract', 'server', 'naru']) addSource(name)
for (const name of ['checkout', 'browser-sdk'])
  cpSync(`${root}packages/${name}/dist`, `${stage}${name}/dist`, { recursive: true })
addTypes()
addSwaggerUi()
addManifest()
cpSync(`${root}LICENSE`, `${stage}LICENSE`)
cpSync(`${root}packages/naru/README.md`, `${stage}README.md`)
execFileSync('npm', ['pack', stage, '--pack-destination', target, '--loglevel=error'], { stdio: 'inherit' })
