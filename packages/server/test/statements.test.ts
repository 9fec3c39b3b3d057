import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Catalogue, faultsOf } from './support/statements/rules.ts'

const catalogue: Catalogue = {
  tenants: new Map([
    ['stores', 'store_id'],
    ['payments', 'store_id'],
    ['webhooks', 'store_id'],
    ['due_work', 'store_id'],
    ['platform_days', 'merchant_id'],
  ]),
  due: new Set(['payments', 'webhooks']),
}

const faults = (text: string) => faultsOf(text, catalogue)

for (const text of [
  'select * from payments where store_id = $1 and payment_id = $2',
  'select * from payments p join stores s using (store_id) where s.store_id = $1',
  'select * from payments p join webhooks w on w.store_id = p.store_id where p.store_id = $1::text',
  'select 1 from stores s where s.store_id = $1 and exists (select from payments p where p.store_id = s.store_id)',
  'with found as (select store_id, payment_id from payments where store_id = $1) update webhooks w set url = $2 from found where w.store_id = found.store_id',
  'with gone as (delete from payments where store_id = $1 returning *) select w.url from gone join webhooks w on w.store_id = gone.store_id',
  'insert into stores (store_id, name) values ($1, $2)',
  'insert into stores (store_id, name) select store_in_epoch($1, $2), $3',
  'insert into webhooks (store_id, url) select p.store_id, p.url from payments p where p.store_id = $1',
  'select * from platform_days where merchant_id = $1',
  'select unnest(array(select url from webhooks w where w.store_id = $1 and w.target = q.t)) from unnest($2::text[]) q (t)',
  'with noted as (insert into due_work (store_id, kind) values ($1, $2)) update payments set due_at = $3 where store_id = $4',
  'update webhooks set leased_until = $1 where store_id = $2 and (leased_until is null or leased_until < $3)',
])
  test(`has no fault: ${text}`, async () => assert.deepEqual(await faults(text), []))

for (const [text, ...expected] of [
  ['select * from payments', 'names no tenant for payments'],
  ['select * from payments where store_id = any($1)', 'names no tenant for payments'],
  ['select * from payments where store_id = $1 or payment_id = $2', 'names no tenant for payments'],
  ['select * from payments p, webhooks w where p.store_id = $1', 'names no tenant for webhooks'],
  [
    'select * from payments p where p.store_id = (select store_id from stores where name = $1)',
    'names no tenant for payments',
    'names no tenant for stores',
  ],
  [
    'select * from payments p where p.payment_id = $1 and exists (select from webhooks w where w.store_id = p.store_id)',
    'names no tenant for payments',
    'names no tenant for webhooks',
  ],
  [
    'update payments p set status = $1 from unnest($2::text[]) as given (store_id) where p.store_id = given.store_id',
    'names no tenant for payments',
  ],
  [
    'insert into stores (store_id, name) select store_id, name from jsonb_to_recordset($1) as r (store_id text, name text)',
    'names no tenant for stores',
  ],
  ['select * from platform_days where store_id = $1', 'names no tenant for platform_days'],
  ['with recursive r as (select 1 union all select 2 from r) select * from r', 'is recursive'],
  ['select * from payments where store_id = $1 for update skip locked', 'skips what is locked'],
  [
    'with f as (select payment_id from payments where store_id = $1 for update) update payments set leased_until = $2 where store_id = $3 and leased_until < $4',
    'claims under a lock',
  ],
  [
    'update payments p set leased_until = $1 from stores s cross join lateral (select 1) l where p.store_id = $2 and s.store_id = $3 and p.leased_until < $4',
    'claims by a lateral join',
  ],
  [
    'insert into stores (store_id) values ($1) on conflict (store_id) do update set at = now()',
    'has now() in on conflict',
  ],
  ['update payments set due_at = $1 where store_id = $2', 'makes rows due without a note in due_work'],
  ['insert into webhooks (store_id, due_at) values ($1, $2)', 'makes rows due without a note in due_work'],
] as const)
  test(`has faults: ${text}`, async () => assert.deepEqual([...(await faults(text))].sort(), [...expected].sort()))

test('what cannot be read is not passed over', async () => {
  const [fault] = await faults('select from where')
  assert.match(fault ?? '', /cannot be read/)
})
