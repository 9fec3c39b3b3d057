import assert from 'node:assert/strict'
import test from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'
import { createTestDatabase } from '../../../test/support/database.ts'
import { untilReachable } from '../connect.ts'

/** As V8 has it. The word is none of the language's: it is read behind the flag that allows it. */
const isFast = (thing: object): boolean => {
  setFlagsFromString('--allow-natives-syntax')
  return runInThisContext('(thing) => %HasFastProperties(thing)')(thing)
}

test("the driver's queries and results are fast to make", async () => {
  class Slow {
    readonly name = 'slow'
    static get [Symbol.species]() {
      return Object
    }
  }
  assert.equal(isFast(Slow), false, 'V8 has other rules now: what is fast without our doing needs none of it')
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await untilReachable(sql)
  assert.equal(isFast(sql``.constructor), true)
  assert.equal(isFast((await sql`select 1`).constructor), true)
})
