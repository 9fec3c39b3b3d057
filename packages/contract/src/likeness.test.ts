import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLike } from './likeness.ts'

test('a name with a letter too many, too few, wrong or swapped is like another one, and a short one only itself', () => {
  for (const [given, name] of [
    ['orderNmae', 'orderName'],
    ['emial', 'email'],
    ['taxfreeAmount', 'taxFreeAmount'],
    ['tax_free_amount', 'taxFreeAmount'],
    ['reasons', 'reason'],
    ['declined', 'decline'],
  ] as const)
    assert.ok(isLike(given, name), given)
  for (const [given, name] of [
    ['to', 'id'],
    ['di', 'id'],
    ['firstNameKana', 'firstName'],
    ['storeNameEn', 'storeName'],
    ['', 'email'],
  ] as const)
    assert.ok(!isLike(given, name), given)
})
