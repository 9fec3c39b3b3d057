import assert from 'node:assert/strict'
import test from 'node:test'
import { isSameHolder } from './same-holder.ts'

test('a holder is the same whatever cannot be seen of the name, and another where it can', () => {
  assert.ok(isSameHolder('홍길동', ' 홍길동 '))
  assert.ok(isSameHolder('홍길동', '홍길동'.normalize('NFD')))
  assert.equal(isSameHolder('홍길동', '홍 길동'), false)
  assert.equal(isSameHolder('홍길동', '김바다'), false)
})
