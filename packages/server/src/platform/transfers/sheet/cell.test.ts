import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { csvLine } from './cell.ts'

test('numbers are plain, nothing is empty, and text is quoted where it must be', () => {
  assert.equal(
    csvLine([1_000, -5, undefined, 'a,b', 'say "hi"', 'two\nlines', '가나다']),
    '1000,-5,,"a,b","say ""hi""","two\nlines",가나다\r\n',
  )
})

test('a name that spreadsheet programs would compute is told to be text', () => {
  for (const name of ['=HYPERLINK("x")', '+1+1', '-2+3', '@SUM(A1)', '\t=1'])
    assert.match(csvLine([name]), /^"?'/, name)
  for (const number of ['-5', '+82', '-0.5']) assert.equal(csvLine([number]), `${number}\r\n`)
})

test('whatever text goes in is read back by a parser of CSV, but for the mark on formulas', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (cells) => {
      const [read = []] = parse(csvLine(cells))
      assert.deepEqual(
        read.map((cell: string, index: number) => (cell === `'${cells[index]}` ? cells[index] : cell)),
        cells,
      )
    }),
  )
})
