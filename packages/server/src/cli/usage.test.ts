import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Command } from 'commander'
import { explainUsage, helpFormat } from './usage.ts'

describe('an error of a command line', () => {
  test('shows the arguments of the command by name', () => {
    const written = failing(['store', 'create'])
    assert.match(written, /missing required argument 'name'/)
    assert.match(written, /Usage: naru store create \[options\] <name>/)
  })

  test('says that options go behind the command', () => {
    const written = failing(['store', '--id', 'store-1', 'create', 'Shop'])
    assert.match(written, /unknown option '--id'/)
    assert.match(written, /Usage: naru store <command> \[options\], with options after the command/)
    assert.match(written, /See: naru store --help/)
  })
})

test('help fits 80 columns beside the longest names, and keeps the arguments', () => {
  const program = new Command('naru').configureHelp(helpFormat).configureOutput({ getOutHelpWidth: () => 80 })
  const long = 'a description that does not fit beside the name and the arguments of its command'
  program.command('deselect <bulk-payout> [settlements...]').description(long).option('--json')
  const lines = program.helpInformation().split('\n')
  assert.deepEqual(
    lines.filter((line) => line.length > 80),
    [],
  )
  assert.ok(lines.some((line) => line.startsWith('  deselect <bulk-payout> [settlements...]  a description')))
})

const failing = (words: readonly string[]): string => {
  let written = ''
  const program = new Command('naru').exitOverride().configureOutput({
    writeErr: (text) => {
      written += text
    },
  })
  program.command('store').command('create <name>').option('--id <id>')
  explainUsage(program)
  assert.throws(() => program.parse(words, { from: 'user' }))
  return written
}
