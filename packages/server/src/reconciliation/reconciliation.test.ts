import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sandboxReconciliationFaults as faults, type SandboxReconciliationFault } from '@naru/contract'
import fc from 'fast-check'
import type { FileKind, PgRow } from '../gateways/port/file.ts'
import { plant, sandboxPolicy } from '../gateways/sandbox/files.ts'
import { addBusinessDays, addDays, dayOf, isDay } from '../kernel/days.ts'
import { Refusal } from '../kernel/refusal.ts'
import { expectedSettlement, feeVatOf } from '../merchants/fee-policy.ts'
import { columnsOf, parseFile, renderFile } from './file.ts'
import { type Finding, match } from './matching.ts'
import type { Movement } from './movement.ts'
import type { ChannelRow } from './store.ts'
import { vatReport } from './vat-report.ts'

const channel = { type: 'TEST' as const, pgProvider: 'TOSSPAYMENTS' as const, pgMerchantId: 'm' }

const movement = (id: string, amount: number, date: string, wanted: Partial<Movement> = {}): Movement => ({
  storeId: 's',
  paymentId: `payment-${id}`,
  type: 'APPROVAL',
  pgTransactionId: id,
  pgMovementId: id,
  method: 'CARD',
  channel,
  channelId: 'channel',
  currency: 'KRW',
  amount,
  order: { total: amount, taxFree: 0, discount: 0 },
  date,
  ...wanted,
})

const rowOf = (kind: FileKind, { amount = 0, date, type, method, ...ours }: Movement): PgRow => {
  const { pgTransactionId, pgMovementId = '', currency } = ours
  const row = { line: 0, type, pgTransactionId, pgMovementId, currency, amount, transactionDate: date }
  return kind === 'TRANSACTION'
    ? row
    : { ...row, settlement: expectedSettlement(sandboxPolicy, { type, method, amount }, date) }
}

/** The row as it is read from the file of the movement's channel. */
const transactionRow = (ours: Movement): ChannelRow => ({ ...rowOf('TRANSACTION', ours), channelId: ours.channelId })

describe('planted faults', () => {
  const found: Readonly<Record<SandboxReconciliationFault, (finding: Finding) => boolean>> = {
    MISSING_AT_PG: ({ outcome }) => outcome === 'MISSING_AT_PG',
    MISSING_HERE: ({ outcome }) => outcome === 'MISSING_HERE',
    DUPLICATE: ({ outcome }) => outcome === 'DUPLICATE',
    WRONG_AMOUNT: ({ differences }) => differences.join() === 'AMOUNT',
    WRONG_DATE: ({ differences }) => differences.join() === 'DATE',
    WRONG_FEE: ({ differences }) => differences.join() === 'FEE',
  }
  const days = { from: '2026-03-01', until: '2026-03-31' }
  const movements = fc.array(
    fc.record({
      amount: fc.integer({ min: 100, max: 1_000_000 }),
      day: fc.integer({ min: 0, max: 20 }),
      card: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  const wanted = fc.array(fc.constantFrom(...faults), { maxLength: 10 })

  for (const kind of ['TRANSACTION', 'SETTLEMENT'] as const)
    test(`of a ${kind} file are found exactly: none missed, none invented`, () => {
      fc.assert(
        fc.property(movements, wanted, fc.nat(), (drawn, asked, seed) => {
          const ours = drawn.map(({ amount, day, card }, index) =>
            movement(`tx-${index}`, amount, addDays('2026-03-02', day), { method: card ? 'CARD' : 'VIRTUAL_ACCOUNT' }),
          )
          const sound = ours.map((one) => rowOf(kind, one))
          const { rows, planted } = plant(sound, { kind, faults: asked, seed, ...days })
          const theirs = rows.map((row) => ({ ...row, channelId: 'channel' }))
          const findings = match({ kind, policy: sandboxPolicy }, ours, theirs, days)
          const wrong = findings.filter(({ outcome }) => outcome !== 'MATCHED')
          assert.equal(wrong.length, planted.length)
          for (const { fault, pgMovementId } of planted) {
            const ofRow = wrong.filter(
              (one) => (one.theirs?.pgMovementId ?? one.ours?.pgMovementId) === pgMovementId && found[fault](one),
            )
            assert.equal(ofRow.length, 1, `${fault} at ${pgMovementId}`)
          }
        }),
      )
    })

  test('the same seed plants in the same rows, another in others', () => {
    const rows = Array.from({ length: 50 }, (_, index) =>
      rowOf('TRANSACTION', movement(`tx-${index}`, 100, '2026-03-02')),
    )
    const planted = (seed: number) => plant(rows, { kind: 'TRANSACTION', faults, seed, ...days }).planted
    assert.deepEqual(planted(7), planted(7))
    assert.notDeepEqual(planted(7), planted(8))
  })
})

describe('matching', () => {
  const days = { from: '2026-03-02', until: '2026-03-02' }

  test('an approval and a cancellation are paired by the PG’s ids, never by equal amounts', () => {
    const ours = [movement('a', 500, '2026-03-02')]
    const theirs = [transactionRow(movement('b', 500, '2026-03-02'))]
    const outcomes = match({ kind: 'TRANSACTION' }, ours, theirs, days).map(({ outcome }) => outcome)
    assert.deepEqual(outcomes, ['MISSING_HERE', 'MISSING_AT_PG'])
  })

  test('the same id at two PGs is two transactions: each is held against its own', () => {
    const ours = ['a', 'b'].map((channelId) => movement('1', 500, '2026-03-02', { channelId }))
    const theirs = ours.map(transactionRow)
    const outcomes = (rows: readonly ChannelRow[]) =>
      match({ kind: 'TRANSACTION' }, ours, rows, days).map(({ outcome }) => outcome)
    assert.deepEqual(outcomes(theirs), ['MATCHED', 'MATCHED'])
    assert.deepEqual(outcomes(theirs.slice(1)), ['MATCHED', 'MISSING_AT_PG'])
  })

  test('what was charged by mistake and given back is no fault', () => {
    const charged: Movement = { ...movement('a', 0, '2026-03-02'), amount: undefined }
    const { pgMovementId: _, ...given } = { ...charged, type: 'CANCELLATION' as const }
    const theirs = [
      transactionRow(movement('a', 700, '2026-03-02')),
      transactionRow(movement('a', 700, '2026-03-02', { type: 'CANCELLATION', pgMovementId: 'refund' })),
    ]
    const outcomes = match({ kind: 'TRANSACTION' }, [charged, given], theirs, days).map(({ outcome }) => outcome)
    assert.deepEqual(outcomes, ['MATCHED', 'MATCHED'])
  })

  test('a refund of a mistake may be as old as the mistake: the PG does not tell its day', () => {
    const refunded = (date: string) => movement('refund', 700, date, { type: 'CANCELLATION', pgTransactionId: 'a' })
    const { pgMovementId: _, ...given } = { ...refunded('2026-03-04'), amount: undefined, since: '2026-03-02' }
    const long = { from: '2026-03-01', until: '2026-03-31' }
    const differences = (kind: FileKind, date: string) => {
      const theirs = { ...rowOf(kind, refunded(date)), channelId: given.channelId }
      return match({ kind, policy: sandboxPolicy }, [given], [theirs], long).flatMap((finding) => finding.differences)
    }
    for (const kind of ['TRANSACTION', 'SETTLEMENT'] as const) {
      assert.deepEqual(
        ['2026-03-02', '2026-03-03', '2026-03-04'].flatMap((date) => differences(kind, date)),
        [],
      )
      assert.deepEqual(differences(kind, '2026-03-01'), ['DATE'])
      assert.deepEqual(differences(kind, '2026-03-05'), ['DATE'])
    }
  })

  test('another currency is another amount', () => {
    const theirs = [{ ...transactionRow(movement('a', 500, '2026-03-02')), currency: 'USD' }]
    const [finding] = match({ kind: 'TRANSACTION' }, [movement('a', 500, '2026-03-02')], theirs, days)
    assert.deepEqual(finding?.differences, ['AMOUNT'])
  })
})

describe('days and fees', () => {
  test('a day is Korea’s: it begins at 15:00 UTC', () => {
    assert.equal(dayOf(Date.parse('2026-03-01T14:59:59Z')), '2026-03-01')
    assert.equal(dayOf(Date.parse('2026-03-01T15:00:00Z')), '2026-03-02')
  })

  test('two business days from a Friday is Tuesday', () => {
    assert.equal(addBusinessDays('2026-03-06', 2), '2026-03-10')
    assert.equal(addBusinessDays('2026-03-07', 2), '2026-03-10')
  })

  test('public holidays, lunar and substitute ones too, are no business days', () => {
    // Seollal is 16 to 18 February 2026; 1 March is a Sunday, so that Monday is off instead.
    assert.equal(addBusinessDays('2026-02-13', 2), '2026-02-20')
    assert.equal(addBusinessDays('2026-02-27', 1), '2026-03-03')
    // Nobody has announced the holidays of 2100; New Year is one all the same.
    assert.equal(addBusinessDays('2099-12-31', 1), '2100-01-04')
  })

  test('a day that does not exist is none', () => {
    assert.deepEqual(['2026-02-30', '2026-2-3', '', '2028-02-29'].map(isDay), [false, false, false, true])
  })

  test('a card costs 3 % rounded down and a deposit 300; a refund gives the fee of a card back', () => {
    const settle = (type: 'APPROVAL' | 'CANCELLATION', method: 'CARD' | 'VIRTUAL_ACCOUNT', amount: number) => {
      const { fee, feeVat } = expectedSettlement(sandboxPolicy, { type, method, amount }, '2026-03-02')
      return [fee, feeVat]
    }
    assert.deepEqual(settle('APPROVAL', 'CARD', 10_050), [301, 30])
    assert.deepEqual(settle('CANCELLATION', 'CARD', 10_050), [-301, -30])
    assert.deepEqual(settle('APPROVAL', 'VIRTUAL_ACCOUNT', 10_050), [300, 30])
    assert.deepEqual(settle('CANCELLATION', 'VIRTUAL_ACCOUNT', 10_050), [0, 0])
    assert.equal(feeVatOf(15), 2)
  })
})

describe('files', () => {
  test('what is written is read, whatever it is', () => {
    const rows = fc.array(
      fc.record({
        id: fc.stringMatching(/^[\w-]{1,40}$/),
        amount: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        isRefund: fc.boolean(),
      }),
    )
    fc.assert(
      fc.property(rows, fc.constantFrom('TRANSACTION' as const, 'SETTLEMENT' as const), (drawn, kind) => {
        const written = drawn.map(({ id, amount, isRefund }, index) => ({
          ...rowOf(
            kind,
            movement(id, (amount % 1e12) + 1, '2026-03-02', { type: isRefund ? 'CANCELLATION' : 'APPROVAL' }),
          ),
          line: index + 2,
        }))
        assert.deepEqual(parseFile(kind, renderFile(kind, written)), written)
      }),
    )
  })

  const refuses = (kind: FileKind, lines: string, message: RegExp) => {
    const read = parseFile(kind, `${columnsOf[kind].join()}\n${lines}`)
    assert(read instanceof Refusal)
    assert.match(read.body.message ?? '', message)
  }

  test('what is wrong is refused with its line and what to do', () => {
    const good = 'APPROVAL,t,t,KRW,100,2026-03-02'
    refuses('TRANSACTION', `${good}\nREFUND,t,t,KRW,100,2026-03-02`, /^line 3: type must be/)
    refuses('TRANSACTION', 'APPROVAL,,t,KRW,100,2026-03-02', /pgTransactionId is missing/)
    refuses('TRANSACTION', 'APPROVAL,t,,KRW,100,2026-03-02', /pgMovementId is missing/)
    refuses('TRANSACTION', 'APPROVAL,t,t,won,100,2026-03-02', /currency must be/)
    for (const amount of ['0', '-1', '1.5', '1e3', '', '99999999999999999999'])
      refuses('TRANSACTION', `APPROVAL,t,t,KRW,${amount},2026-03-02`, /amount must be/)
    refuses('TRANSACTION', 'APPROVAL,t,t,KRW,100,2026-02-30', /transactionDate must be/)
    refuses('TRANSACTION', 'APPROVAL,t', /not valid CSV/)
    refuses('SETTLEMENT', `${good},2026-03-04,x,0`, /fee must be/)
    refuses('SETTLEMENT', `${good},soon,1,0`, /settlementDate must be/)
    for (const csv of ['', 'a,b\n1,2', '"']) assert(parseFile('TRANSACTION', csv) instanceof Refusal)
  })
})

test('VAT is an eleventh of what is not tax-free, rounded; a discount comes off the supply; refunds count negatively', () => {
  const mixed = movement('a', 50_000, '2026-03-02', { order: { total: 55_000, taxFree: 11_000, discount: 5_000 } })
  const refund = movement('b', 1_000, '2026-03-02', {
    type: 'CANCELLATION',
    order: { total: 1_000, taxFree: 0, discount: 0 },
  })
  const dollars = movement('c', 9, '2026-03-02', { currency: 'USD' })
  const report = vatReport([mixed, refund, dollars])
  assert(!(report instanceof Refusal))
  const { items, summary, pgSpecifiers } = report
  assert.deepEqual(items, [
    {
      paymentMethod: 'CARD',
      supplyAmount: 35_000 - 909,
      vatAmount: 4_000 - 91,
      taxFreeAmount: 11_000,
      totalAmount: 49_000,
    },
  ])
  assert.equal(summary.totalAmount, 49_000)
  assert.deepEqual(pgSpecifiers, [{ pgMerchantId: 'm', pgProvider: 'TOSSPAYMENTS' }])
})

test('amounts that add up to more than JSON carries exactly are refused, and not summed up', () => {
  const total = Number.MAX_SAFE_INTEGER
  const large = (type: 'APPROVAL' | 'CANCELLATION') =>
    movement(type, total, '2026-03-02', { type, order: { total, taxFree: 0, discount: 0 } })
  assert(!(vatReport([large('APPROVAL'), large('CANCELLATION')]) instanceof Refusal))
  const report = vatReport([large('APPROVAL'), large('APPROVAL')])
  assert(report instanceof Refusal)
  assert.match(String(report.body.message), /^dateRange: .* Ask for fewer days/)
})
