import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../kernel/refusal.ts'
import { type ChannelGroup, type Store, selectedChannel } from '../merchants/store.ts'
import { groupMember as member, sandboxChannel, sandboxStore } from '../merchants/testing/store.ts'
import { type BillingKey, type Holding, noBillingKey } from './billing-key.ts'
import { chooseHolding } from './charge.ts'

const storeWith = (channels: readonly string[], members: ChannelGroup['members'] = []): Store =>
  sandboxStore({
    channels: channels.map(sandboxChannel),
    channelGroups: [{ id: 'group', name: 'Group', isForTest: true, members }],
  })

const holding = (id: string, phase: Holding['phase'] = 'ISSUED'): Holding => ({
  reference: `reference-${id}`,
  channel: selectedChannel(sandboxChannel(id)),
  phase,
})

const keyHeldBy = (holdings: readonly Holding[], isOfGroup: boolean): BillingKey => ({
  ...noBillingKey('merchant-1', 'store-1', 'billing-key'),
  holdings,
  request: {
    customer: {},
    requestedAt: 0,
    ...(isOfGroup ? { channelGroup: { id: 'group', name: 'Group', isForTest: true } } : {}),
  },
})

/** The id of the channel that is chosen, or the error's type. */
const chosen = (store: Store, key: BillingKey, channelKey: string | undefined, draw: number): string => {
  const choice = chooseHolding(store, key, channelKey, draw)
  return choice instanceof Refusal ? choice.body.type : choice.channel.id
}

describe('the channel through which a billing key is charged', () => {
  test('is the only one that holds it', () => {
    const key = keyHeldBy([holding('a')], false)
    assert.equal(chosen(storeWith(['a', 'b']), key, undefined, 0.9), 'a')
  })

  test('is the one that was asked for, active or not, and no other', () => {
    const store = storeWith(['a', 'b', 'c'], [member('a', 100), member('b', 0, false)])
    const key = keyHeldBy([holding('a'), holding('b')], true)
    assert.equal(chosen(store, key, 'key-of-b', 0), 'b')
    assert.equal(chosen(store, key, 'key-of-c', 0), 'CHANNEL_NOT_FOUND')
  })

  test('is drawn by the shares of now among those that are active and hold it', () => {
    const key = keyHeldBy([holding('a'), holding('b'), holding('c'), holding('d', 'FAILED')], true)
    const members = [member('a', 30), member('b', 50, false), member('c', 10), member('d', 60), member('late', 50)]
    const store = storeWith(['a', 'b', 'c', 'd', 'late'], members)
    // 30 to 10: the first three quarters are a's.
    assert.deepEqual(
      [0, 0.74, 0.76, 0.999].map((draw) => chosen(store, key, undefined, draw)),
      ['a', 'a', 'c', 'c'],
    )
  })

  test('follows the group as it is now: who left it is not drawn, who joined it does not hold the key', () => {
    const key = keyHeldBy([holding('a'), holding('b'), holding('c')], true)
    const store = storeWith(['a', 'b', 'c', 'd'], [member('b', 10), member('c', 30), member('d', 60)])
    const draws = Array.from({ length: 40 }, (_, n) => chosen(store, key, undefined, (n + 0.5) / 40))
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((id) => draws.filter((drawn) => drawn === id).length),
      [0, 10, 30, 0],
    )
  })

  test('is one with share 0 where only such hold the key', () => {
    const key = keyHeldBy([holding('a'), holding('b'), holding('toss')], true)
    const store = storeWith(['a', 'b', 'toss', 'smartro'], [member('toss', 0), member('smartro', 100)])
    for (const draw of [0, 0.5, 0.99]) assert.equal(chosen(store, key, undefined, draw), 'toss')
  })

  test('is drawn evenly where all shares are 0', () => {
    const key = keyHeldBy([holding('a'), holding('b')], true)
    const store = storeWith(['a', 'b'], [member('a', 0), member('b', 0)])
    assert.deepEqual(
      [0, 0.49, 0.5, 0.99].map((draw) => chosen(store, key, undefined, draw)),
      ['a', 'a', 'b', 'b'],
    )
  })

  test('is none where no channel is left: deactivated, removed from the group or from the store', () => {
    const key = keyHeldBy([holding('a'), holding('b', 'DELETED')], true)
    const both = ['a', 'b']
    assert.equal(chosen(storeWith(both, [member('a', 100, false)]), key, undefined, 0), 'INVALID_REQUEST')
    assert.equal(chosen(storeWith(both, [member('b', 100)]), key, undefined, 0), 'INVALID_REQUEST')
    assert.equal(chosen(storeWith(['b'], [member('a', 100)]), key, undefined, 0), 'INVALID_REQUEST')
    assert.equal(chosen(storeWith([]), keyHeldBy([holding('a')], false), undefined, 0), 'INVALID_REQUEST')
  })

  test('is none where the key is being deleted, which is said where nothing else keeps it from being charged', () => {
    const single = keyHeldBy([holding('a', 'DELETING')], false)
    assert.equal(chosen(storeWith(['a']), single, undefined, 0), 'BILLING_KEY_ALREADY_DELETED')
    assert.equal(chosen(storeWith(['a']), single, 'key-of-a', 0), 'BILLING_KEY_ALREADY_DELETED')
    assert.equal(chosen(storeWith(['a', 'b']), single, 'key-of-b', 0), 'CHANNEL_NOT_FOUND')
    const grouped = keyHeldBy([holding('a', 'DELETING'), holding('b', 'DELETED')], true)
    assert.equal(chosen(storeWith(['a'], [member('a', 100)]), grouped, undefined, 0), 'BILLING_KEY_ALREADY_DELETED')
    assert.equal(chosen(storeWith(['a'], [member('a', 100, false)]), grouped, undefined, 0), 'INVALID_REQUEST')
  })

  test('is one of those that keep the key where others are still asked to delete it', () => {
    const key = keyHeldBy([holding('a', 'DELETING'), holding('b')], true)
    const store = storeWith(['a', 'b'], [member('a', 90), member('b', 10)])
    for (const draw of [0, 0.5, 0.99]) assert.equal(chosen(store, key, undefined, draw), 'b')
    assert.equal(chosen(store, key, 'key-of-a', 0), 'BILLING_KEY_ALREADY_DELETED')
  })

  test('whatever the shares and the draw, is an active holder with a share, in proportion', () => {
    const shares = fc.array(fc.record({ percentage: fc.nat(100), isActive: fc.boolean(), holds: fc.boolean() }), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(shares, (given) => {
        const ids = given.map((_, index) => `channel-${index}`)
        const members = given.map(({ percentage, isActive }, index) => member(`channel-${index}`, percentage, isActive))
        const key = keyHeldBy(
          given.flatMap(({ holds }, index) => (holds ? [holding(`channel-${index}`)] : [])),
          true,
        )
        const store = storeWith(ids, members)
        const able = given.map(({ isActive, holds, percentage }) => (isActive && holds ? percentage : -1))
        const total = able.reduce((sum, share) => sum + Math.max(0, share), 0)
        if (able.every((share) => share < 0)) return chosen(store, key, undefined, 0.5) === 'INVALID_REQUEST'
        if (total === 0) return able[ids.indexOf(chosen(store, key, undefined, 0.5))] === 0
        // Each whole percent is drawn once, in its middle: every channel gets exactly its share of them.
        const draws = Array.from({ length: total }, (_, n) => chosen(store, key, undefined, (n + 0.5) / total))
        return ids.every((id, index) => draws.filter((drawn) => drawn === id).length === Math.max(0, able[index] ?? 0))
      }),
    )
  })
})
