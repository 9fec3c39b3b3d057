import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { expiry, isExpiry, wholeExpiry } from './expiry.ts'
import { cardNumber, certificateNumber, digits, phoneNumber } from './format.ts'
import { type Format, type Written, written } from './typing.ts'

/** A field with `|` where its caret is. */
const shown = ({ text, caret }: Written): string => `${text.slice(0, caret)}|${text.slice(caret)}`
const read = (field: string): Written => ({ text: field.replace('|', ''), caret: field.indexOf('|') })

/** What browsers do before the page hears of it. */
const press = (format: Format, { text, caret }: Written, key: string): Written => {
  const [head, tail] = [text.slice(0, caret), text.slice(caret)]
  if (key === 'Backspace') {
    const kept = head.slice(0, -1)
    return written(format, { text: kept + tail, caret: kept.length, before: text, inputType: 'deleteContentBackward' })
  }
  if (key === 'Delete')
    return written(format, { text: head + tail.slice(1), caret, before: text, inputType: 'deleteContentForward' })
  return written(format, { text: head + key + tail, caret: caret + key.length, before: text, inputType: 'insertText' })
}

const pressAll = (format: Format, field: string, keys: readonly string[]): string =>
  shown(keys.reduce((now, key) => press(format, now, key), read(field)))

const digitsOf = (text: string): string => text.replaceAll(/\D/g, '')
const around = ({ text, caret }: Written): [string, string] => [
  digitsOf(text.slice(0, caret)),
  digitsOf(text.slice(caret)),
]

const fields: readonly (readonly [string, Format, fc.Arbitrary<string>])[] = [
  ['a card number', cardNumber, fc.stringMatching(/^\d{1,18}$/)],
  ['a number of American Express', cardNumber, fc.stringMatching(/^3[47]\d{0,15}$/)],
  ['a month', expiry, fc.stringMatching(/^(0\d|1[0-2])\d\d$/)],
  ['a day of birth', digits(7), fc.stringMatching(/^\d{1,7}$/)],
  ['a telephone number', phoneNumber, fc.stringMatching(/^\+?\d{1,4}(-\d{3,4}){0,2}$/)],
]

const withCaret = (format: Format, typed: fc.Arbitrary<string>): fc.Arbitrary<Written> =>
  typed.chain((text) => {
    const whole = format(text, '').text
    return fc.record({ text: fc.constant(whole), caret: fc.nat(whole.length) })
  })

for (const [name, format, typed] of fields) {
  test(`a key that deletes takes the digit beside the caret from ${name}, and nothing else moves`, () => {
    fc.assert(
      fc.property(withCaret(format, typed), fc.constantFrom('Backspace', 'Delete'), (field, key) => {
        const [head, tail] = around(field)
        const { text, caret } = field
        const next = press(format, field, key)
        // Hyphens of a telephone number are the shopper's own.
        const [deleted = ''] = key === 'Delete' ? text.slice(caret) : text.slice(0, caret).slice(-1)
        if (/[+-]/.test(deleted)) return assert.deepEqual(around(next), [head, tail])
        assert.deepEqual(around(next), key === 'Delete' ? [head, tail.slice(1)] : [head.slice(0, -1), tail])
      }),
    )
  })

  test(`a digit of ${name} that is deleted and typed again is where it was`, () => {
    fc.assert(
      fc.property(withCaret(format, typed), (field) => {
        const [head] = around(field)
        const last = head.at(-1)
        if (last === undefined || !/[\d /]/.test(field.text[field.caret - 1] ?? '')) return
        const again = press(format, press(format, field, 'Backspace'), last)
        assert.equal(again.text, field.text)
        assert.deepEqual(around(again), around(field))
      }),
    )
  })

  test(`what is pasted into ${name} in full width is read as it is in half width`, () => {
    fc.assert(
      fc.property(typed, (text) => {
        const wide = text.replaceAll(/[!-~]/g, (character) => String.fromCodePoint(character.charCodeAt(0) + 0xfee0))
        assert.deepEqual(press(format, read('|'), wide), press(format, read('|'), text))
      }),
    )
  })
}

test('whatever is typed wherever, the caret is in the field, and what is written is written the same again', () => {
  const key = fc.constantFrom('1', '0', '2', '9', '３', '/', ' ', '-', '가', 'Backspace', 'Delete', '4242-4242')
  const step = fc.record({ key, place: fc.nat(30) })
  fc.assert(
    fc.property(fc.constantFrom(...fields), fc.array(step, { maxLength: 30 }), ([, format], steps) => {
      let field: Written = { text: '', caret: 0 }
      for (const { key, place } of steps) {
        field = press(format, { ...field, caret: Math.min(place, field.text.length) }, key)
        assert.ok(field.caret >= 0 && field.caret <= field.text.length)
        const [head, tail] = [field.text.slice(0, field.caret), field.text.slice(field.caret)]
        assert.deepEqual(around(format(head, tail)), around(field))
      }
    }),
  )
})

test('the digits of a card number are corrected where they are', () => {
  const keys = ['Backspace', '1']
  assert.equal(pressAll(cardNumber, '42|42 4242 4242 4249', keys), '41|42 4242 4242 4249')
  assert.equal(pressAll(cardNumber, '4242 |4242 4242 4249', keys), '4241| 4242 4242 4249')
  assert.equal(pressAll(cardNumber, '4242| 4242', ['Delete']), '4242| 242')
  assert.equal(pressAll(cardNumber, '|', ['4242-4242-4242-4242']), '4242 4242 4242 4242|')
  assert.equal(pressAll(cardNumber, '|', ['카드번호: ４２４２ ４２４２']), '4242 4242|')
})

test('what does not fit into a full field is left out, and what was there stays', () => {
  assert.equal(pressAll(digits(2), '|12', ['3']), '|12')
  assert.equal(pressAll(digits(2), '1|', ['234']), '12|')
  assert.equal(pressAll(expiry, '1|2/30', ['9']), '1|2/30')
  assert.equal(pressAll(expiry, '12|/30', ['9']), '12|/30')
})

test('a month is read in each form that browsers, shoppers and the HTML standard write it in', () => {
  for (const typed of [
    '2030-12',
    '2030/12',
    '203012',
    '2030년 12월',
    '12/2030',
    '122030',
    '12 / 30',
    '12-30',
    ' 12.30',
  ])
    assert.equal(pressAll(expiry, '|', [typed]), '12/30|', typed)
  for (const typed of ['2030-01', '2030-1', '1/30', '01/30', '1/2030', '１／３０', '0130'])
    assert.equal(pressAll(expiry, '|', [typed]), '01/30|', typed)
  for (const typed of ['12/30', '1230', '12/2030', '12 30', '12-2030'])
    assert.equal(pressAll(expiry, '|', [...typed]), '12/30|', typed)
  for (const typed of ['1/30', '01/30', '0130', '1/2030', '1-30'])
    assert.equal(pressAll(expiry, '|', [...typed]), '01/30|', typed)
  assert.equal(pressAll(expiry, '|', ['5', '3', '1']), '05/31|')
})

test('a month is corrected where it is, and what is half corrected is read once it is sent', () => {
  assert.equal(pressAll(expiry, '12|/30', ['Backspace']), '1|/30')
  assert.equal(pressAll(expiry, '12|/30', ['Backspace', '1']), '11|/30')
  assert.equal(pressAll(expiry, '12/|30', ['Backspace', 'Backspace', '0', '9']), '09|/30')
  assert.equal(pressAll(expiry, '12/30|', ['Backspace', 'Backspace', 'Backspace', 'Backspace', '1']), '11|')
  assert.equal(wholeExpiry('1/30'), '01/30')
  assert.ok(isExpiry('9/30'))
  for (const wrong of ['13/30', '00/30', '0/30', '12/3', '12/203', '/30', '12', ''])
    assert.equal(isExpiry(wrong), false, wrong)
})

test('a telephone number keeps its own hyphens, a gift certificate loses them', () => {
  assert.equal(pressAll(phoneNumber, '|', ['（010）１２３４－５６７８']), '0101234-5678|')
  assert.equal(pressAll(phoneNumber, '010-|1234', ['Backspace']), '010|1234')
  assert.equal(pressAll(phoneNumber, '|', ['+82 10.1234.5678']), '+82 10-1234-5678|')
  assert.equal(pressAll(certificateNumber, '|', ['ABCD-１２３４']), 'ABCD1234|')
})
