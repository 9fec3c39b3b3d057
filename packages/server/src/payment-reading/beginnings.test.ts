import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { createTestDatabase } from '../../test/support/database.ts'
import type { Sql } from '../db/connect.ts'
import { migrate } from '../db/migrate.ts'
import { beginningOf } from '../kernel/text.ts'
import { createMerchant, createStore } from '../merchants/setup.ts'
import { searchEntry } from '../payments/state/search.ts'
import { paymentTables } from '../payments/store.ts'
import { paymentsThat } from '../payments/stored.ts'
import { beginsAny, paymentsBeginning } from './beginnings.ts'

const byCodePoint = await createTestDatabase()
after(() => byCodePoint[Symbol.asyncDispose]())
const asWords = await createTestDatabase('sorted as words')
after(() => asWords[Symbol.asyncDispose]())
await migrate(asWords.sql)

const databases = [
  { sql: byCodePoint.sql, sorted: 'by code point', range: /Index Cond:[^}]*payment_id >= 'id-77'/ },
  { sql: asWords.sql, sorted: 'as words', range: /Index Cond:[^}]*payment_id ~>=~ 'id-77'/ },
] as const

const twoStores = async (sql: Sql) => {
  const merchantId = await createMerchant(sql, 'Shop')
  const named = (name: string) => createStore(sql, { merchantId, name, mode: 'SANDBOX', isRepresentative: false })
  return { storeId: await named('One'), otherId: await named('Other') }
}

const special = [
  '%',
  '_',
  '\\',
  "'",
  '"',
  '=',
  ':',
  '*',
  '&',
  '|',
  '!',
  '(',
  ' ',
  '\n',
  '\t',
  '😀',
  '\u{10FFFF}',
  '\uD83D',
]
const character = fc.constantFrom('a', 'A', 'b', 'B', '0', '1', '홍', '길', 'é', ...special)
const short = fc.string({ unit: character, minLength: 1, maxLength: 4 })
/** Short ones that go on alike for as long as a key, or as what is kept of a text. */
const text = fc
  .tuple(short, fc.constantFrom(0, 0, 0, 12, 13, 14, 15, 16, 17, 195, 198, 199, 200, 201), short)
  .map(([one, length, other]) => (length === 0 ? one : `${one.padEnd(length, one)}${other}`))

type Paid = {
  readonly id: string
  readonly isUnderWay: boolean
  readonly texts: readonly string[]
  readonly receipt: { readonly number: string; readonly pgId: string } | undefined
}
const receipt = fc.option(fc.record({ number: text, pgId: text }), { nil: undefined })
const payments = fc.uniqueArray(
  fc.record({ id: text, isUnderWay: fc.boolean(), texts: fc.array(text, { maxLength: 4 }), receipt }),
  {
    maxLength: 12,
    selector: ({ id }) => id.toWellFormed(),
  },
)

/** As PostgreSQL gets it: half of a character that takes two is none. */
const sent = (value: string): string => value.toWellFormed()
const cut = (value: string): string => sent(beginningOf(value, 200))

const isFound = ({ id, texts, receipt }: Paid, value: string): boolean =>
  sent(id).startsWith(cut(value)) ||
  texts.some((kept) => cut(kept).startsWith(cut(value))) ||
  (receipt !== undefined && [receipt.number, receipt.pgId].some((field) => sent(field).startsWith(sent(value))))

const write = async (sql: Sql, ofStore: string, written: readonly Paid[]): Promise<void> => {
  for (const { id, isUnderWay, texts, receipt } of written) {
    const search = texts.map((value, index) => searchEntry(index % 2 === 0 ? 'ORDER_NAME' : 'CUSTOMER_NAME', value))
    await sql`
      insert into ${sql(isUnderWay ? 'payments_under_way' : 'payments')}
        (store_id, payment_id, version, kept_state, status, search, created_at)
      values (${ofStore}, ${id}, 1, '{}', 'FAILED', ${search}::text[], now())`
    if (receipt)
      await sql`
        insert into cash_receipts (store_id, payment_id, version, state, is_manual, issue_number, pg_receipt_id, issued_at, in_force, created_at)
        values (${ofStore}, ${id}, 1, '{}', false, ${receipt.number}, ${receipt.pgId}, now(), 1, now())`
  }
}

type Written = ReadonlyMap<string, readonly Paid[]>

const expectSame = async (sql: Sql, written: Written, storeIds: readonly string[], value: string): Promise<void> => {
  const expected = storeIds.flatMap((store) =>
    (written.get(store) ?? []).filter((paid) => isFound(paid, value)).map(({ id }) => `${store} ${sent(id)}`),
  )
  const key = sql`p.store_id || ' ' || p.payment_id as key`
  const alongIndexes = await sql<{ key: string }[]>`
    select ${key} from (${paymentsBeginning(sql, storeIds, value)}) p`
  const each = await sql<{ key: string }[]>`
    select ${key}
    from ${paymentsThat(sql, sql`p.store_id = any(${[...storeIds]}::text[]) and ${beginsAny(sql, storeIds, value)}`)} p`
  for (const found of [alongIndexes, each])
    assert.deepEqual(found.map(({ key }) => key).toSorted(), expected.toSorted(), JSON.stringify(value))
}

for (const { sql, sorted, range } of databases) {
  test(`the beginning of any text finds what a look into each payment finds, sorted ${sorted}`, async () => {
    const { storeId, otherId } = await twoStores(sql)
    const wanted = fc.array(fc.oneof(text, short, fc.constant('')), { minLength: 1, maxLength: 10 })
    await fc.assert(
      fc.asyncProperty(payments, payments, wanted, async (ofOne, ofOther, values) => {
        await sql`delete from cash_receipts`
        for (const table of paymentTables) await sql`delete from ${sql(table)}`
        const written = new Map([
          [storeId, ofOne],
          [otherId, ofOther],
        ])
        for (const [store, paid] of written) await write(sql, store, paid)
        // Whatever is there, by all of it and by its beginning.
        const own = ofOne.flatMap(({ id, texts, receipt }) => [id, ...texts, ...(receipt ? [receipt.number] : [])])
        for (const value of [...values, ...own, ...own.map((whole) => whole.slice(0, Math.ceil(whole.length / 2)))])
          for (const storeIds of [[storeId], [storeId, otherId]]) await expectSame(sql, written, storeIds, value)
      }),
      { numRuns: 15 },
    )
  })

  test(`ids that begin alike are found along an index, sorted ${sorted}`, async () => {
    const { storeId } = await twoStores(sql)
    await sql`
      insert into payments (store_id, payment_id, version, kept_state, status, search, created_at)
      select ${storeId}, 'id-' || n, 1, '{}', 'FAILED', array['ORDER_NAME=order ' || n], now() from generate_series(1, 5000) n`
    await sql`analyze payments`
    const rows = await sql`explain ${paymentsBeginning(sql, [storeId], 'id-77')}`
    const plan = JSON.stringify(rows)
    assert.match(plan, range)
    assert.match(plan, /Index Cond: \(search_texts\(/)
  })
}
