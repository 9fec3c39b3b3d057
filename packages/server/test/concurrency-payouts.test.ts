import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import type { PayoutBank } from '../src/gateways/port/payout.ts'
import { type AdminAnswer, adminOf, newAdmin } from './support/admin.ts'
import { startNaru } from './support/naru.ts'
import { allAtOnce, countOf } from './support/parallel.ts'
import { newContract, newPlatformId, partnerBody } from './support/platform.ts'

/** Each race is run so often: who comes first differs. */
const rounds = 3

type Transfer = Awaited<ReturnType<PayoutBank['transfer']>>

/** A line to the bank on which a server can be made to stand still right before it sends. */
const heldLine = () => {
  let servers = 0
  let balances = 0
  let held: { readonly arrived: PromiseWithResolvers<number>; readonly release: Promise<void> } | undefined
  const ended = Promise.withResolvers<Transfer>()
  return {
    aroundBank: (bank: PayoutBank): PayoutBank => {
      const server = servers++
      const transfer: PayoutBank['transfer'] = async (context, request) => {
        const standing = held
        held = undefined
        if (!standing) return await bank.transfer(context, request)
        standing.arrived.resolve(server)
        await standing.release
        const outcome = await bank.transfer(context, request)
        ended.resolve(outcome)
        return outcome
      }
      const balance: PayoutBank['balance'] = async (context) => {
        balances += 1
        return await bank.balance(context)
      }
      return { ...bank, transfer, balance }
    },
    /** How often the bank was asked for what is in an account. */
    balances: () => balances,
    /** The next transfer waits until it is released: which server it is on, and what the bank says in the end. */
    hold: () => {
      const [arrived, release] = [Promise.withResolvers<number>(), Promise.withResolvers<void>()]
      held = { arrived, release: release.promise }
      return { server: arrived.promise, release: release.resolve, outcome: ended.promise }
    },
  }
}

describe('payouts at once on two servers', async () => {
  const line = heldLine()
  const naru = await startNaru({ aroundBank: line.aroundBank })
  const second = await naru.another()
  const { sql } = naru.database
  const store = await naru.newMerchant()
  const admin = await newAdmin(sql, store.storeId)
  const servers = [adminOf(naru.url, admin), adminOf(second.url, admin)] as const
  const [here, there] = servers
  const apis = [store.api, second.clientsOf(store.apiSecret).api] as const
  const contractId = await newContract(store, { test: false })
  const today = new Date((await store.now()) + 9 * 3_600_000).toISOString().slice(0, 10)

  const newSeller = async (accountNumber = '110123456789'): Promise<string> => {
    const { account, ...body } = partnerBody(contractId)
    const given = { ...body, account: { ...account, number: accountNumber } }
    return (await store.api.call('createPlatformPartner', { body: given })).partner.id
  }
  /** Something to be paid today, on the live platform; the settlement's id. */
  const owe = async (partnerId: string, settlementAmount = 1_000) => {
    const body = { partnerId, settlementAmount, settlementDate: today }
    await store.api.call('createPlatformManualTransfer', { body })
    const { items } = await store.api.call('getPlatformPartnerSettlements', {
      body: { filter: { partnerIds: [partnerId], statuses: ['PAYOUT_PREPARED'] } },
    })
    return items[0]?.id ?? assert.fail('nothing was settled')
  }
  const done = ({ status, body }: AdminAnswer) => assert.equal(status, 200, JSON.stringify(body))
  const succeeded = (answers: readonly AdminAnswer[]) => answers.filter(({ status }) => status === 200).length
  const prepare = async (id: string) => done(await here('POST', '/bulk-payouts', { id, settlementDates: [today] }))
  const act = (api: (typeof servers)[number], id: string, action: string, body?: object) =>
    api('POST', `/bulk-payouts/${id}/${action}`, body)
  /** A bulk payout with a payout of 1,000 won for each of so many sellers. */
  const withPayouts = async (count: number, accountNumber?: string) => {
    await clear()
    const settlements: string[] = []
    for (let seller = 0; seller < count; seller++) settlements.push(await owe(await newSeller(accountNumber)))
    const id = newPlatformId('run')
    await prepare(id)
    done(await act(here, id, 'generate'))
    return { id, settlements }
  }
  /** Until the bank has decided everything that was ordered. */
  const quiet = async () => {
    const over = AbortSignal.timeout(240_000)
    for (;;) {
      await store.advance({ seconds: 70 })
      const [row] = await sql<[{ open: number }]>`
        select count(*) as open from platform_account_transfers where due_at is not null`
      if (row.open === 0) return
      over.throwIfAborted()
    }
  }
  /** What became of each payout, and how often its money left the bank. */
  const outcomes = async (bulkPayoutId: string) => {
    const rows = await sql<{ status: string; paid: number }[]>`
      select p.status, count(e.*) filter (where e.state = 'DONE') as paid
      from platform_payouts p
      left join platform_account_transfers a using (merchant_id, is_for_test, payout_id)
      left join sandbox_bank_entries e on e.merchant_id = a.merchant_id and e.is_for_test = a.is_for_test
        and e.reference = a.account_transfer_id
      where p.bulk_payout_id = ${bulkPayoutId} group by p.payout_id, p.status order by p.payout_id`
    return rows.map(({ status, paid }) => `${status} ${paid}`)
  }
  /** Leaves out what could still be paid, so that the next round begins with nothing. */
  const clear = async () => {
    const { items } = await store.api.call('getPlatformPartnerSettlements', {
      body: { filter: { statuses: ['CANCELLED', 'PAYOUT_PREPARED'] }, page: { size: 1_000 } },
    })
    if (items.length === 0) return
    const ids = items.map(({ id }) => id)
    done(await here('POST', '/partner-settlements/status', { partnerSettlementIds: ids, status: 'PAYOUT_EXCLUDED' }))
  }
  const only = (found: readonly string[], allowed: readonly string[]) =>
    assert.deepEqual(
      found.filter((one) => !allowed.includes(one)),
      [],
    )

  test('orders from one account follow each other: none makes the others read and decide again', async () => {
    const { id } = await withPayouts(1)
    const asked = line.balances()
    const answers = await allAtOnce(20, () => act(here, id, 'execute'))
    assert.equal(succeeded(answers), 1)
    assert.equal(line.balances() - asked, 20)
    await quiet()
    const ordersOf = async () => [
      ...(await sql<{ orders: number }[]>`select orders from platform_bank_accounts order by 1`),
    ]
    const before = await ordersOf()
    // What can order nothing counts as no order, which another server would have to decide anew for.
    for (const { status } of await allAtOnce(4, () => act(there, id, 'retry'))) assert.equal(status, 400)
    assert.deepEqual(await ordersOf(), before)
  })

  test('are ordered once by who executes them first', async () => {
    for (let round = 0; round < rounds; round++) {
      const { id } = await withPayouts(3)
      const answers = await allAtOnce(6, (index) => act(servers[index % 2] ?? here, id, 'execute'))
      assert.equal(
        answers.reduce((sum, { body }) => sum + (body.changed ?? 0), 0),
        3,
      )
      await quiet()
      assert.deepEqual(await outcomes(id), ['SUCCEEDED 1', 'SUCCEEDED 1', 'SUCCEEDED 1'])
    }
  })

  test('are paid or given up, and never both', async () => {
    for (let round = 0; round < rounds; round++) {
      const { id } = await withPayouts(3)
      const answers = await Promise.all([act(here, id, 'execute'), act(there, id, 'cancel')])
      assert.equal(
        answers.reduce((sum, { body }) => sum + (body.changed ?? 0), 0),
        3,
      )
      await quiet()
      only(await outcomes(id), ['SUCCEEDED 1', 'CANCELLED 0'])
    }
  })

  test('are stopped before the bank is told, or paid', async () => {
    for (let round = 0; round < rounds; round++) {
      const { id } = await withPayouts(3)
      await Promise.all([act(here, id, 'execute'), act(there, id, 'stop'), act(here, id, 'stop')])
      await quiet()
      only(await outcomes(id), ['SUCCEEDED 1', 'STOPPED 0'])
      await act(there, id, 'cancel')
    }
  })

  test('that are scheduled go at one time, or are taken back', async () => {
    const { id } = await withPayouts(2)
    const at = new Date(Math.ceil((await store.now()) / 600_000) * 600_000 + 24 * 3_600_000).toISOString()
    const noon = `${at.slice(0, 10)}T03:00:00Z`
    done(await act(here, id, 'execute', { scheduledAt: noon }))
    const answers = await Promise.all([
      act(here, id, 'cancel-schedule'),
      act(there, id, 'reschedule', { scheduledAt: `${at.slice(0, 10)}T03:10:00Z` }),
      act(there, id, 'cancel-schedule'),
    ])
    assert.ok(succeeded(answers) >= 1)
    assert.deepEqual(await outcomes(id), ['CONFIRMED 0', 'CONFIRMED 0'])
    done(await act(here, id, 'cancel'))
  })

  test('that failed are retried once, by whoever is first', async () => {
    for (let round = 0; round < rounds; round++) {
      // Down for ever: each attempt fails, and each is one transfer at the bank.
      const { id } = await withPayouts(1, '990000000004')
      done(await act(here, id, 'execute'))
      await quiet()
      assert.deepEqual(await outcomes(id), ['FAILED 0'])
      const answers = await allAtOnce(4, (index) => act(servers[index % 2] ?? here, id, 'retry'))
      const retried = answers.reduce((sum, { body }) => sum + (body.changed ?? 0), 0)
      await quiet()
      const [row] = await sql<[{ attempts: number; asked: number }]>`
        select max(p.attempt) as attempts, count(e.*) as asked from platform_payouts p
        join platform_account_transfers a using (merchant_id, is_for_test, payout_id)
        join sandbox_bank_entries e on e.merchant_id = a.merchant_id and e.reference = a.account_transfer_id
        where p.bulk_payout_id = ${id}`
      // The first may have failed again before the last came.
      assert.ok(retried >= 1)
      assert.deepEqual([row.attempts, row.asked], [1 + retried, 1 + retried])
      done(await act(here, id, 'cancel'))
    }
  })

  test('that failed are retried, or their settlements are free for others: one of the two', async () => {
    for (let round = 0; round < rounds; round++) {
      const { id, settlements } = await withPayouts(1, '990000000004')
      done(await act(here, id, 'execute'))
      await quiet()
      const withheld = { partnerSettlementIds: settlements, status: 'PAYOUT_PREPARED' }
      const [retried, released] = await Promise.all([
        act(here, id, 'retry'),
        there('POST', '/partner-settlements/status', withheld),
      ])
      assert.ok(succeeded([retried, released]) >= 1)
      await quiet()
      const [found] = await outcomes(id)
      only([found ?? ''], released.status === 200 ? ['CANCELLED 0'] : ['FAILED 0'])
      if (released.status !== 200) done(await act(here, id, 'cancel'))
    }
  })

  test('are paid once where a server stood still before it told the bank, and somebody retried meanwhile', async () => {
    const { id } = await withPayouts(1)
    const { server, release, outcome } = line.hold()
    done(await act(here, id, 'execute'))
    const [other] = apis.toSpliced(await server, 1)
    // The other server asks a bank that has heard of nothing, for longer than the bank may take.
    await other?.call('advanceSandboxClock', { body: { minutes: 10 } })
    assert.deepEqual(await outcomes(id), ['FAILED 0'])
    done(await act(here, id, 'retry'))
    release()
    assert.equal((await outcome).kind, 'unknown')
    await quiet()
    assert.deepEqual(await outcomes(id), ['SUCCEEDED 1'])
  })

  test('are prepared one bulk payout at a time, and a settlement is in one of them', async () => {
    for (let round = 0; round < rounds; round++) {
      await clear()
      const seller = await newSeller()
      await owe(seller)
      const ids = [newPlatformId('run'), newPlatformId('run'), newPlatformId('run'), newPlatformId('run')]
      const answers = await Promise.all(
        ids.map((id, index) => (servers[index % 2] ?? here)('POST', '/bulk-payouts', { id, settlementDates: [today] })),
      )
      assert.equal(succeeded(answers), 1)
      const id = ids[answers.findIndex(({ status }) => status === 200)] ?? ''
      const generated = await allAtOnce(4, (index) => act(servers[index % 2] ?? here, id, 'generate'))
      assert.ok(succeeded(generated) >= 1)
      const { items } = await store.api.call('getPlatformPayouts', {
        body: { filter: { partnerIds: [seller], criteria: {} } },
      })
      assert.deepEqual(
        items.map(({ bulkPayoutId, amount }) => [bulkPayoutId, amount]),
        [[id, items[0]?.amount]],
      )
      done(await act(here, id, 'cancel'))
    }
  })

  test('take a settlement up, or it is held back', async () => {
    for (let round = 0; round < rounds; round++) {
      await clear()
      const settlement = await owe(await newSeller())
      const other = await owe(await newSeller())
      const id = newPlatformId('run')
      const status = round % 2 === 0 ? 'PAYOUT_WITHHELD' : 'PAYOUT_EXCLUDED'
      const [prepared, held] = await Promise.all([
        here('POST', '/bulk-payouts', { id, settlementDates: [today] }),
        there('POST', '/partner-settlements/status', { partnerSettlementIds: [settlement], status }),
      ])
      done(prepared)
      const heldLater = await there('POST', '/partner-settlements/status', {
        partnerSettlementIds: [settlement],
        status,
      })
      const [generated, heldMeanwhile] = await Promise.all([
        act(here, id, 'generate'),
        there('POST', '/partner-settlements/status', { partnerSettlementIds: [settlement], status }),
      ])
      done(generated)
      done(await act(here, id, 'execute'))
      await quiet()
      const found = await sql<{ id: string; status: string }[]>`
        select partner_settlement_id as id, status from platform_partner_settlements
        where partner_settlement_id in (${settlement}, ${other})`
      const statusOf = (wanted: string) => found.find((one) => one.id === wanted)?.status
      assert.equal(statusOf(other), 'PAID_OUT')
      const isHeld = succeeded([held, heldLater, heldMeanwhile]) > 0
      assert.equal(statusOf(settlement), isHeld ? status : 'PAID_OUT')
    }
  })

  test('are paid through the bank, or recorded as paid elsewhere: one of the two', async () => {
    for (let round = 0; round < rounds; round++) {
      await clear()
      const settlement = await owe(await newSeller())
      const id = newPlatformId('run')
      await prepare(id)
      const elsewhere = [newPlatformId('elsewhere'), newPlatformId('elsewhere')]
      const [generated, ...recorded] = await Promise.all([
        act(here, id, 'generate'),
        ...elsewhere.map((bulkPayoutId, index) =>
          (apis[index] ?? store.api).send('completePlatformPayoutByPartnerSettlementIds', {
            body: { bulkPayoutId, partnerSettlementIds: [settlement] },
          }),
        ),
      ])
      const counts = countOf(recorded)
      const isGenerated = generated.status === 200
      assert.equal((counts['200'] ?? 0) + (isGenerated ? 1 : 0), 1, JSON.stringify([counts, generated]))
      if (isGenerated) done(await act(here, id, 'execute'))
      else done(await act(here, id, 'discard'))
      await quiet()
      const [row] = await sql<[{ status: string; payouts: number }]>`
        select s.status, count(p.*) as payouts from platform_partner_settlements s
        join platform_payouts p using (merchant_id, is_for_test, payout_id, partner_id)
        where s.partner_settlement_id = ${settlement} group by s.status`
      assert.deepEqual({ ...row }, { status: 'PAID_OUT', payouts: 1 })
    }
  })

  test('leave books that the audit proves, and the money that left the bank is what they say', async () => {
    assert.deepEqual((await audit(sql)).findings, [])
    const [sums] = await sql<[{ ours: number; banks: number; account: number }]>`
      select (select coalesce(sum(amount), 0)::bigint from platform_payouts
              where status = 'SUCCEEDED' and method = 'AGENCY') as ours,
        (select coalesce(sum(amount), 0)::bigint from sandbox_bank_entries where state = 'DONE') as banks,
        (select 1000000000 - balance from sandbox_bank_accounts) as account`
    assert.equal(sums.ours, sums.banks)
    assert.equal(sums.account, sums.banks)
  })

  test('are not made where the store was reset while a server stood still before it told the bank', async () => {
    const { id } = await withPayouts(1)
    const { server, release, outcome } = line.hold()
    done(await act(here, id, 'execute'))
    await server
    await store.api.call('resetSandboxStore')
    release()
    assert.equal((await outcome).kind, 'unknown')
    assert.deepEqual([...(await sql`select from sandbox_bank_entries`)], [])
    assert.deepEqual((await audit(sql)).findings, [])
  })
})

describe('settling at once with deleting, on two servers', async () => {
  const naru = await startNaru()
  const second = await naru.another()
  const { sql } = naru.database
  const store = await naru.newMerchant()
  const apis = [store.api, second.clientsOf(store.apiSecret).api] as const
  const contractId = await newContract(store, { test: false })
  const { partner } = await store.api.call('createPlatformPartner', { body: partnerBody(contractId) })

  test('a transfer is settled, or deleted, and a settlement is the sum of what is left', async () => {
    for (let round = 0; round < 4; round++) {
      const settlementDate = new Date((await store.now()) + (9 + 24) * 3_600_000).toISOString().slice(0, 10)
      const transfers: string[] = []
      for (let count = 0; count < 20; count++) {
        const body = { partnerId: partner.id, settlementAmount: 100 + count, settlementDate }
        transfers.push((await store.api.call('createPlatformManualTransfer', { body })).transfer.id)
      }
      const [, ...deleted] = await Promise.all([
        store.advance({ days: 1 }),
        ...transfers
          .filter((_, index) => index % 2 === 0)
          .map((id, index) => (apis[index % 2] ?? store.api).send('deletePlatformTransfer', { path: { id } })),
      ])
      assert.deepEqual(countOf(deleted), { 200: 10 })
      await store.advance({ minutes: 2 })
      const [row] = await sql<[{ count: number; sum: number; settlements: number }]>`
        select sum(transfer_count)::int as count, sum(settlement)::bigint as sum, count(*) as settlements
        from platform_partner_settlements where settlement_date = ${settlementDate}`
      const left = transfers.map((_, index) => 100 + index).filter((_, index) => index % 2 === 1)
      assert.deepEqual({ ...row }, { count: 10, sum: left.reduce((sum, one) => sum + one, 0), settlements: 1 })
    }
    assert.deepEqual((await audit(sql)).findings, [])
  })

  test('a settlement is deleted with its transfers, and one that joins meanwhile is lost by nobody', async () => {
    const settlementDate = new Date((await store.now()) + 9 * 3_600_000).toISOString().slice(0, 10)
    for (let round = 0; round < 6; round++) {
      const body = { partnerId: partner.id, settlementAmount: 1_000, settlementDate }
      await store.api.call('createPlatformManualTransfer', { body })
      const filter = { filter: { settlementDates: [settlementDate] } }
      const { items } = await store.api.call('getPlatformPartnerSettlements', { body: filter })
      const ids = items.map(({ id }) => id)
      const [deleted, joined] = await Promise.all([
        apis[0].send('deletePlatformPartnerSettlements', { body: { partnerSettlementIds: ids } }),
        apis[1].send('createPlatformManualTransfer', { body: { ...body, id: newPlatformId('late') } }),
      ])
      assert.deepEqual(countOf([deleted, joined]), { 200: 2 })
      const [row] = await sql<[{ transfers: number; settlements: number }]>`
        select (select count(*) from platform_transfers
                where settlement_date = ${settlementDate} and deleted_at is null) as transfers,
          (select coalesce(sum(transfer_count), 0)::int from platform_partner_settlements
           where settlement_date = ${settlementDate}) as settlements`
      assert.equal(row.transfers, row.settlements)
    }
    assert.deepEqual((await audit(sql)).findings, [])
  })
})

describe('orders from one account at once, with as few connections as may be', async () => {
  const naru = await startNaru({ databaseConnections: 4 })

  test('do not wait for each other without end, from the very first on', async () => {
    const { sql } = naru.database
    const { storeId } = await naru.newMerchant()
    const admin = adminOf(naru.url, await newAdmin(sql, storeId))
    const to = { bank: 'SHINHAN', accountNumber: '110123456789', accountHolder: '홍길동' }
    // With a key it is done in a transaction, and without one it is not.
    const answers = await allAtOnce(16, (index) =>
      admin(
        'POST',
        '/remittances',
        { ...to, amount: 1_000 },
        index % 2 === 0 ? { idempotencyKey: `remittance-${index}-of-sixteen` } : {},
      ),
    )
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
    const [row] = await sql<[{ orders: number; ordered: number }]>`
      select (select orders from platform_bank_accounts) as orders,
        (select sum(amount)::bigint from platform_account_transfers) as ordered`
    assert.deepEqual({ ...row }, { orders: 16, ordered: 16_000 })
  })
})
