import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { operationEntries, sandboxGatewayOperations } from '@naru/contract'
import { testAccounts } from '../src/gateways/sandbox/scenarios/bank-accounts.ts'
import { companyCards } from '../src/gateways/sandbox/scenarios/company-cards.ts'
import { triggerTable } from '../src/gateways/sandbox/scenarios/trigger-table.ts'
import { codesPage } from '../src/kernel/codes-page.ts'
import { errorPage } from '../src/sandbox/error-catalogue.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8')

/** Made by machines, or kept out of the repository. */
const isForeign = (path: string): boolean =>
  /(^|\/)(node_modules|\.git|\.naru|coverage|dist(-\d+)?)(\/|$)|\.log$/.test(path)

/** Every file of the repository, as a path from its root. */
const files = globSync(['**', '.*', '.*/**'], {
  cwd: root,
  withFileTypes: true,
  exclude: (entry) => isForeign(entry.name),
})
  .filter((entry) => entry.isFile())
  .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length))
  .filter((path) => !isForeign(path))

test("no file mentions a path of a developer's machine", () => {
  assert.ok(
    files.includes('package-lock.json') && files.includes('README.md') && files.length > 100,
    'files were found',
  )
  const personal = /(?<![\w.:])\/(?:home\/\w+|Users\/\w+|root|work)\/|[A-Z]:\\Users\\/
  assert.deepEqual(mentioning(files, personal), [])
})

test('no file mentions the host of a package registry, the lock file included', () => {
  const registry = /\bregistry\.[a-z0-9-]+\.[a-z]+|\bnpmjs\.(?:org|com)\b|_auth(?:Token)?=|"resolved": "https?:/
  assert.deepEqual(mentioning(files, registry), [])
})

test("time and chance come from one module: a store's clock can be moved, the machine's cannot", () => {
  const source = files.filter((path) => /^packages\/[^/]+\/src\/.*\.tsx?$/.test(path))
  const outside = source.filter((path) => !/^packages\/server\/src\/kernel\/(clock|ids)\.ts$/.test(path))
  assert.deepEqual(mentioning(outside, /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b/), [])
})

for (const readme of ['README.md', 'README.ko.md']) {
  test(`the configuration table of ${readme} lists exactly the variables that are read`, () => {
    const code = read('packages/server/src/configuration.ts')
    const known = new Set([...code.matchAll(/\bread\(\s*'([A-Z_]+)'/g)].map(([, name]) => name))
    const listed = [...read(readme).matchAll(/^\| `([A-Z]+(?:_[A-Z]+)*)` \|/gm)].map(([, name]) => name)
    assert.ok(known.size > 5, 'variables were found')
    assert.deepEqual(listed.toSorted(), [...known].toSorted())
  })
}

/** The rows of a table whose first cell is a code. */
const codeRows = (path: string) =>
  [...read(path).matchAll(/^\| `(.+?)` \| (.+) \| (.*) ?\|$/gm)].map(([, code, outcome, ways = '']) => [
    code,
    outcome,
    ways.trim(),
  ])

test('the documentation of the sandbox has a row for every scenario', () => {
  const rows = triggerTable.map(({ code, outcome, provokedBy }) => [code, outcome, provokedBy.slice(2).join('<br>')])
  assert.deepEqual(codeRows('docs/sandbox.md'), rows)
  const english = (ways = '') =>
    ways.replaceAll('카드 ', 'card ').replaceAll('금액 ', 'amount ').replaceAll('전화번호 ', 'phone ')
  assert.deepEqual(
    codeRows('docs/sandbox.ko.md').map(([code, , ways]) => [code, english(ways)]),
    rows.map(([code, , ways]) => [code, ways]),
  )
})

test('the documentation of the sandbox has a row for every account of its bank', () => {
  const listed = (path: string) =>
    [...read(path).matchAll(/^\| ([\d ]{12,}) \| `(bank-.+?)` \| (.+) \|$/gm)].map(([, number = '', code, outcome]) => [
      number.replaceAll(' ', ''),
      code,
      outcome,
    ])
  assert.deepEqual(
    listed('docs/sandbox.md'),
    testAccounts.map(({ number, code, outcome }) => [number, code, outcome]),
  )
  assert.deepEqual(
    listed('docs/sandbox.ko.md').map(([number, code]) => [number, code]),
    testAccounts.map(({ number, code }) => [number, code]),
  )
})

test('the documentation of the sandbox has a row for the card of every company', () => {
  for (const path of ['docs/sandbox.md', 'docs/sandbox.ko.md']) {
    const listed = [...read(path).matchAll(/^\| ([\d ]{16,}) \| `([A-Z_]+)` \|$/gm)].map(([, number = '', company]) => [
      company,
      number.replaceAll(' ', ''),
    ])
    assert.deepEqual(listed, Object.entries(companyCards))
  }
})

test('the documentation of the sandbox names every operation of its control API, and every call that a script can match', () => {
  const page = read('docs/sandbox.md')
  const control = operationEntries().filter(([, { category }]) => category === 'sandbox')
  const calls = control.map(([, { method, path }]) => `\`${method} ${path}\``)
  assert.ok(calls.length > 20)
  const named = [...calls, ...sandboxGatewayOperations.map((operation) => `\`${operation}\``)]
  assert.deepEqual(
    named.filter((name) => !page.includes(name)),
    [],
  )
})

test('the documentation lists every error with its status, what to do, and the shortest way to see it', () => {
  assert.equal(read('docs/errors.md'), errorPage('en'), 'run: npm run docs')
  assert.equal(read('docs/errors.ko.md'), errorPage('ko'), 'run: npm run docs')
})

test('the documentation lists every code of our own, and only the table of codes has them', () => {
  assert.equal(read('docs/codes.md'), codesPage('en'), 'run: npm run docs')
  assert.equal(read('docs/codes.ko.md'), codesPage('ko'), 'run: npm run docs')
  const others = files.filter((path) => /^packages\/server\/src\/.*(?<!\.test)\.ts$/.test(path))
  const strays = others.filter((path) => /pgCode: ['`]NARU_/.test(read(path)))
  assert.deepEqual(strays, [])
})

for (const page of [
  'README',
  'docs/checkout',
  'docs/codes',
  'docs/errors',
  'docs/install',
  'docs/measurements',
  'docs/postgresql',
  'docs/retention',
  'docs/sandbox',
  'docs/settlement',
])
  test(`${page} shows the same code, and names the same calls, codes and settings, in English and in Korean`, () => {
    const [english, korean] = [read(`${page}.md`), read(`${page}.ko.md`)]
    assert.deepEqual(namesIn(korean), namesIn(english))
    const lines = codeLinesIn(english)
    // A line with Korean in it is translated.
    const shown = codeLinesIn(korean).map((line, index) => (/[가-힣]/.test(line) ? lines[index] : line))
    assert.deepEqual(shown, lines)
  })

test('every link from one document to another, or to its own headings, leads somewhere', () => {
  const documents = files.filter((path) => path.endsWith('.md'))
  const dead = documents.flatMap((path) =>
    linksOf(path)
      .filter((link) => !leadsSomewhere(path, link))
      .map((link) => `${path}: ${link}`),
  )
  assert.deepEqual(dead, [])
})

test('every package says its licence', () => {
  const packages = files.filter((path) => /(^|\/)package\.json$/.test(path))
  assert.ok(packages.length >= 3)
  for (const path of packages) assert.match(read(path), /"license": "Apache-2\.0"/, path)
  assert.match(read('LICENSE'), /Apache License\s+Version 2\.0/)
})

/** `file:line` of every line that matches. */
const mentioning = (paths: readonly string[], pattern: RegExp): readonly string[] =>
  paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  )

/** Those of the text: code that is shown leads somewhere else, such as into the reader's own shop. */
const linksOf = (path: string): readonly string[] =>
  [
    ...read(path)
      .replaceAll(codeBlock, '')
      .matchAll(/\]\((?!https?:)([^)\s]+)\)|(?:src|href)="(?!https?:)([^"]+)"/g),
  ].map(([, markdown, html]) => markdown ?? html ?? '')

const codeBlock = /^```.*?^```/gms

/** Without comments, which are translated. */
const codeLinesIn = (text: string): readonly string[] =>
  (text.match(codeBlock) ?? [])
    .join('\n')
    .split('\n')
    .map((line) => line.replace(/\s(#|\/\/) .*/, '').trimEnd())

/** What stands between backquotes, each once. */
const namesIn = (text: string): readonly string[] =>
  [
    ...new Set(
      text
        .replaceAll(codeBlock, '')
        .replaceAll('\n', ' ')
        .match(/`[^`]+`/g),
    ),
  ].toSorted()

const leadsSomewhere = (from: string, link: string): boolean => {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? from : new URL(path, `file:///${from}`).pathname.slice(1)
  const exists = files.some((file) => file === target || file.startsWith(target.endsWith('/') ? target : `${target}/`))
  return exists && (anchor === undefined || headingsOf(target).includes(decodeURIComponent(anchor)))
}

/** The anchors that GitHub gives to headings. */
const headingsOf = (path: string): readonly string[] =>
  [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
