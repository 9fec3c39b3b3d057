import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { add, type Fraction, fraction, integer, multiply, subtract } from '../../kernel/fraction.ts'
import { evaluate } from './evaluate.ts'
import { longestFormula, parseFormula } from './parse.ts'
import type { FormulaProblem } from './problem.ts'
import { scopeOf } from './variables.ts'

const scope = scopeOf('platformFee', ['RATE_OF_SHOP'])

const problemIn = (text: string): FormulaProblem => {
  const parsed = parseFormula(text, scope)
  if ('problem' in parsed) return parsed.problem
  throw new Error(`${text} has no problem`)
}

const valueIn = (text: string, values: Readonly<Record<string, Fraction>> = {}): Fraction => {
  const parsed = parseFormula(text, scope)
  if ('problem' in parsed) throw new Error(JSON.stringify(parsed.problem))
  return evaluate(parsed.expression, (name) => values[name] ?? integer(0n))
}

const at = (startIndex: number, endIndex: number, line = 0) => ({
  startLine: line,
  startIndex,
  endLine: line,
  endIndex,
})

describe('a formula', () => {
  for (const [text, value] of [
    ['1 + 2 * 3', integer(7n)],
    ['(1 + 2) * 3', integer(9n)],
    ['10 - 3 - 2', integer(5n)],
    ['-2 * -3', integer(6n)],
    ['0.1 + 0.2', fraction(3n, 10n)],
    ['floor(2.7) + ceil(2.1) + round(2.5)', integer(8n)],
    ['floor(-2.1)', integer(-3n)],
    ['ORDER_AMOUNT * FIXED_RATE + RATE_OF_SHOP', fraction(10_001n, 10n)],
    ['\n  ORDER_AMOUNT\n', integer(10_000n)],
  ] as const)
    it(`computes ${JSON.stringify(text)}`, () =>
      assert.deepEqual(
        valueIn(text, {
          ORDER_AMOUNT: integer(10_000n),
          FIXED_RATE: fraction(1n, 10n),
          RATE_OF_SHOP: fraction(1n, 10n),
        }),
        value,
      ))

  it('computes exactly what its tree says, whatever the tree', () => {
    type Tree = { readonly text: string; readonly value: Fraction }
    const { tree } = fc.letrec<{ tree: Tree; leaf: Tree; node: Tree }>((tie) => ({
      leaf: fc.tuple(fc.nat(10_000), fc.nat(999)).map(([whole, part]) => ({
        text: `${whole}.${String(part).padStart(3, '0')}`,
        value: fraction(BigInt(whole) * 1_000n + BigInt(part), 1_000n),
      })),
      node: fc.tuple(tie('tree'), fc.constantFrom('+', '-', '*'), tie('tree')).map(([left, operator, right]) => ({
        text: `(${left.text} ${operator} ${right.text})`,
        value: { '+': add, '-': subtract, '*': multiply }[operator](left.value, right.value),
      })),
      tree: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('node')),
    }))
    fc.assert(
      fc.property(tree, ({ text, value }) => {
        fc.pre(text.length <= longestFormula)
        assert.deepEqual(valueIn(text), value)
      }),
    )
  })
})

describe('a formula that cannot be read', () => {
  for (const [text, problem] of [
    ['ORDER_AMOUNT * SPEED', { type: 'INVALID_VARIABLE', name: 'SPEED', position: at(15, 20) }],
    ['PLATFORM_FEE_AMOUNT', { type: 'UNSUPPORTED_VARIABLE', name: 'PLATFORM_FEE_AMOUNT', position: at(0, 19) }],
    ['1 + max(2)', { type: 'INVALID_FUNCTION', name: 'max', position: at(4, 7) }],
    ['ORDER_AMOUNT / 11', { type: 'INVALID_OPERATOR', operator: '/', position: at(13, 14) }],
    ['1 +', { type: 'INVALID_SYNTAX', syntax: '', position: at(3, 3) }],
    ['', { type: 'INVALID_SYNTAX', syntax: '', position: at(0, 0) }],
    ['(1 + 2', { type: 'INVALID_SYNTAX', syntax: '', position: at(6, 6) }],
    ['1 + 2)', { type: 'INVALID_SYNTAX', syntax: ')', position: at(5, 6) }],
    ['1 2', { type: 'INVALID_SYNTAX', syntax: '2', position: at(2, 3) }],
    ['1,000', { type: 'INVALID_SYNTAX', syntax: ',', position: at(1, 2) }],
    ['ORDER_AMOUNT;', { type: 'INVALID_SYNTAX', syntax: ';', position: at(12, 13) }],
    ['1 +\n SPEED', { type: 'INVALID_VARIABLE', name: 'SPEED', position: at(1, 6, 1) }],
    [
      'floor()',
      {
        type: 'UNEXPECTED_FUNCTION_ARGUMENTS',
        functionName: 'floor',
        expectedCount: 1,
        currentCount: 0,
        position: at(0, 7),
      },
    ],
    [
      '1 + round(1, 2)',
      {
        type: 'UNEXPECTED_FUNCTION_ARGUMENTS',
        functionName: 'round',
        expectedCount: 1,
        currentCount: 2,
        position: at(4, 15),
      },
    ],
    ['1'.repeat(longestFormula + 1), { type: 'UNKNOWN_ERROR' }],
  ] as const)
    it(`says what is wrong with ${JSON.stringify(text.slice(0, 30))}`, () => assert.deepEqual(problemIn(text), problem))

  it('is either read or refused, whatever the text', () => {
    const piece = fc.constantFrom(
      '1',
      '(',
      ')',
      '+',
      '*',
      '-',
      ',',
      'floor(',
      'ORDER_AMOUNT',
      ' ',
      '\n',
      '/',
      '주문',
      'ceil',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          const parsed = parseFormula(text, scope)
          assert.ok('expression' in parsed || parsed.problem.type)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('does not exhaust the stack, however deeply it nests', () => {
    const depth = longestFormula / 2 - 1
    assert.deepEqual(valueIn(`${'('.repeat(depth)}1${')'.repeat(depth)}`), integer(1n))
    assert.deepEqual(valueIn(`${'-'.repeat(longestFormula - 1)}1`), integer(-1n))
  })
})

describe('the variables of PortOne’s table', () => {
  const table = {
    ORDER_AMOUNT: ['platformFee', 'additionalFee'],
    PAYMENT_AMOUNT: ['platformFee', 'additionalFee'],
    DISCOUNT_AMOUNT: ['platformFee', 'discountShare', 'additionalFee'],
    FIXED_RATE: ['platformFee', 'discountShare', 'additionalFee'],
    FIXED_AMOUNT: ['platformFee', 'additionalFee'],
    DISCOUNT_SHARE_AMOUNT: ['platformFee', 'additionalFee'],
    PLATFORM_FEE_AMOUNT: ['additionalFee'],
    PLATFORM_FEE_VAT: ['additionalFee'],
  } as const
  for (const [name, formulas] of Object.entries(table))
    it(`allow ${name} in ${formulas.join(', ')}`, () => {
      const allowing = (['platformFee', 'discountShare', 'additionalFee'] as const).filter((formula) =>
        scopeOf(formula).allows(name),
      )
      assert.deepEqual(allowing, formulas)
    })
})
