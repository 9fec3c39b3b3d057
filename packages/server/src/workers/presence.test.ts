import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { createTestDatabase } from '../../test/support/database.ts'
import { Presence } from './presence.ts'

test('others may run something of a store until they have said twice that they do not, or are dead', async (t) => {
  // Only what the test lets them say is said: on a slow machine their own timer would come between its lines.
  t.mock.timers.enable({ apis: ['setInterval'] })
  await using database = await createTestDatabase()
  const { sql } = database
  const log = pino({ level: 'silent' })
  let busy = ['mine', 'other']
  const [one, other] = [new Presence(sql, log, () => []), new Presence(sql, log, () => busy)]
  await one.start()
  const alone = one.othersOf('mine')
  assert.equal(await alone(), false)
  // A machine that stands still for longer than ten seconds would find it dead.
  const lives = () => sql`update servers set alive_until = now() + interval '1 hour'`
  const say = async () => {
    await other.say()
    await lives()
  }
  await other.start()
  await lives()
  const mayRun = one.othersOf('mine')
  assert.equal(await mayRun(), true)
  await say()
  await say()
  assert.equal(await mayRun(), true, 'it says that it does')
  busy = ['other']
  await say()
  assert.equal(await mayRun(), false)

  // A list that was made before the question may lack what was claimed since.
  const later = one.othersOf('mine')
  assert.equal(await later(), true)
  await say()
  assert.equal(await later(), true, 'said once')
  await say()
  assert.equal(await later(), false, 'said twice')

  busy = ['mine']
  await say()
  assert.equal(await later(), true)
  await sql`update servers set alive_until = now() - interval '1 second' where server_id = ${other.serverId}`
  assert.equal(await later(), false, 'dead')
  // An older version says nothing about what it is busy with.
  await sql`insert into servers (server_id, alive_until) values ('older', now() + interval '1 minute')`
  assert.equal(await later(), true)
  for (const presence of [one, other]) await presence.stop()
})
