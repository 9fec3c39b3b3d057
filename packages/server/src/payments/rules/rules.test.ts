import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  PaymentEvent as PaymentEventSchema,
  Payment as PaymentSchema,
  PaymentTransaction as PaymentTransactionSchema,
  registerFormats,
} from '@naru/contract'
import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { Refusal } from '../../kernel/refusal.ts'
import { cancellableBalance, cancelledAmount } from '../state/amount.ts'
import { nextDueAt } from '../state/due.ts'
import type { PaymentEvent } from '../state/event.ts'
import { evolve, noPayment } from '../state/evolve.ts'
import { type Attempt, paidAttempt, representative, wasPaid } from '../state/payment.ts'
import { isBeingReversed } from '../state/reversal.ts'
import { type Command, commands, type Decided, perform, requests } from '../testing/commands.ts'
import { cancelCommand, Story } from '../testing/story.ts'
import { eventView, paymentView, transactionView } from '../view.ts'
import { requestCancellation } from './cancellation.ts'

registerFormats()
const schemas = {
  payment: Compile(PaymentSchema),
  transaction: Compile(PaymentTransactionSchema),
  event: Compile(PaymentEventSchema),
}

const sequences = fc.array(commands, { minLength: 5, maxLength: 60, size: 'max' })

/**
 * Any sequence of what can happen, with what must hold after every step of it. Two in three begin with a payment that
 * is paid: otherwise few would get far enough to refund anything.
 */
const always = (property: (story: Story, decided: Decided, command: Command, before: Story['payment']) => void) =>
  fc.assert(
    fc.property(sequences, fc.option(requests, { freq: 2 }), (sequence, paidFirst) => {
      const story = new Story()
      if (paidFirst) story.pay(paidFirst.amount, paidFirst)
      for (const command of sequence) {
        const before = story.payment
        const decided = perform(story, command)
        property(story, decided, command, before)
      }
    }),
    { numRuns: 1_000, seed: 20_260_302 },
  )

/** The same where only the payment matters: most steps of a random sequence change nothing. */
const alwaysAfterChange = (property: (story: Story) => void) =>
  always((story, _decided, _command, before) => {
    if (story.payment !== before) property(story)
  })

test('no more is ever refunded than was paid: in total, tax-free, taxable and VAT', () => {
  always(({ payment }) => {
    for (const attempt of payment.attempts) {
      const balance = cancellableBalance(attempt)
      for (const [part, left] of Object.entries(balance)) assert.ok(left >= 0, `${part} left: ${left}`)
      if (!wasPaid(attempt)) assert.equal(attempt.cancellations.length, 0)
    }
  })
})

test('a payment is paid at most once, whatever its attempts came to', () => {
  always(({ payment, journal }) => {
    const paid = new Set(journal.flatMap(({ event }) => (isPaid(event) ? [event.transactionId] : [])))
    assert.ok(paid.size <= 1)
    assert.equal(payment.attempts.filter(wasPaid).length, paid.size)
    assert.equal(journal.filter(({ event }) => isPaid(event)).length, paid.size)
  })
})

test('two attempts are never being approved at once', () => {
  always(({ payment }) => {
    const approving = payment.attempts.filter(({ phase }) => phase === 'APPROVING' || phase === 'PAY_PENDING')
    assert.ok(approving.length <= 1)
  })
})

test('CANCELLED means that everything was refunded, down to the last VAT unless the merchant gave less', () => {
  always(({ payment }) => {
    const attempt = paidAttempt(payment)
    if (!attempt) return
    const { total, taxFree, vat } = attempt.request.amount
    assert.equal(attempt.phase === 'CANCELLED', cancelledAmount(attempt) === total)
    if (attempt.phase !== 'CANCELLED') return
    const refunded = attempt.cancellations.filter(({ status }) => status === 'SUCCEEDED')
    const sum = (part: 'taxFreeAmount' | 'vatAmount') =>
      refunded.reduce((all, cancellation) => all + cancellation[part], 0)
    assert.equal(sum('taxFreeAmount'), taxFree)
    assert.ok(sum('vatAmount') <= vat)
  })
})

test('whatever was refunded before, the rest can be refunded', () => {
  always(({ payment, now }) => {
    const attempt = paidAttempt(payment)
    if (!attempt || cancellableBalance(attempt).total === 0) return
    assert.ok(!(requestCancellation(payment, cancelCommand(), now) instanceof Refusal))
  })
})

test('replaying the journal, as the database keeps it, gives the same payment', () => {
  alwaysAfterChange(({ payment, journal }) => {
    const { merchantId, storeId, paymentId } = payment
    const replayed = journal.reduce(
      (state, { event, at }) => evolve(state, throughJson(event), at),
      noPayment(merchantId, storeId, paymentId),
    )
    assert.deepEqual(throughJson(replayed), throughJson(payment))
  })
})

test('what is undecided will be asked about, and nothing else will', () => {
  always(({ payment, journal }) => {
    for (const attempt of payment.attempts) {
      const isReversing = isToBeGivenBack(journal, attempt)
      assert.equal(isBeingReversed(attempt), isReversing)
      const isUndecided = ['APPROVING', 'PAY_PENDING'].includes(attempt.phase) || isReversing
      assert.equal(attempt.inquiry !== undefined, isUndecided, `approval of a ${attempt.phase} attempt`)
      for (const { status, inquiry } of attempt.cancellations)
        assert.equal(inquiry !== undefined, status === 'REQUESTED')
      if (attempt.closing) assert.equal(attempt.phase, 'VIRTUAL_ACCOUNT_ISSUED')
      if (attempt.capture) assert.ok(attempt.capture.inquiry !== undefined || attempt.capture.capturedAt !== undefined)
    }
    assert.equal(nextDueAt(payment) !== undefined, payment.attempts.some(needsAttention))
  })
})

test('a charge that is being given back holds up no other attempt once the PG has answered', () => {
  always(({ payment, journal }) => {
    for (const { transactionId, phase } of payment.attempts) {
      const answers = journal.filter(({ event }) => isAnswer(event) && event.transactionId === transactionId)
      if (answers.length > 0) assert.equal(phase, 'FAILED')
    }
  })
})

test('asking about what is due moves it on, so that the due loop never spins', () => {
  always((story, decided, command, before) => {
    if (decided === 'retry' || !asks(command)) return
    for (const earlier of before.attempts) {
      const later = story.attempt(earlier.transactionId)
      if (later.phase !== earlier.phase) continue
      for (const [was, is] of inquiriesOf(earlier, later))
        if (was && is && was.nextAt <= story.now && was !== is) assert.ok(is.nextAt > story.now || is.since > was.since)
    }
    const asked = askedAttempt(before, command)
    if (asked?.inquiry && asked.inquiry.nextAt <= story.now && command.do === 'inquire' && !isBeingReversed(asked))
      assert.notEqual(story.attempt(asked.transactionId), asked, 'an inquiry that was due left no trace')
    if (asked?.closing && command.do === 'inquireClose')
      assert.notEqual(story.attempt(asked.transactionId), asked, 'an inquiry about a closing left no trace')
  })
})

test('an account left open on a paid order is being closed, unless the PG refused to', () => {
  always(({ payment, journal }) => {
    const paid = paidAttempt(payment)
    for (const attempt of payment.attempts) {
      if (!paid || attempt.phase !== 'VIRTUAL_ACCOUNT_ISSUED' || attempt.closing) continue
      const { transactionId } = attempt
      const refused = journal.some(
        ({ event }) => event.type === 'VirtualAccountCloseRefused' && event.transactionId === transactionId,
      )
      assert.ok(refused, 'the account waits for money that the order does not need')
    }
  })
})

test('a refusal changes nothing', () => {
  always((story, decided, _command, before) => {
    if (decided instanceof Refusal || decided === 'retry') assert.equal(story.payment, before)
    else
      assert.deepEqual(
        story.journal.slice(story.journal.length - decided.length).map(({ event }) => event),
        decided,
      )
  })
})

test('every state shows as a valid payment and valid transactions', () => {
  alwaysAfterChange(({ payment }) => {
    const shown = representative(payment)
    if (shown) assertValid('payment', paymentView(payment, shown, []))
    for (const attempt of payment.attempts) assertValid('transaction', transactionView(payment, attempt, []))
  })
})

test('money that moved shows as valid events, which add up to what the merchant has', () => {
  alwaysAfterChange(({ payment, journal }) => {
    const events = journal.flatMap(({ event, at, after }) => {
      if (!isPaid(event) && event.type !== 'CancellationSucceeded') return []
      const cancellationId = event.type === 'CancellationSucceeded' ? event.cancellationId : undefined
      return [eventView({ payment: after, transactionId: event.transactionId, cancellationId, at }, [])]
    })
    for (const event of events) assertValid('event', event)
    const paid = paidAttempt(payment)
    const kept = paid ? paid.request.amount.total - cancelledAmount(paid) : 0
    assert.equal(
      events.reduce((sum, { eventAmount }) => sum + eventAmount, 0),
      kept,
    )
  })
})

test('each piece of news is told once', () => {
  always(({ announcements }) => {
    const once = announcements.flatMap((news) => {
      // An attempt that failed may be paid after all, and have to be given back: then it fails again.
      if (!('transactionId' in news) || news.type === 'Transaction.Failed') return []
      return [`${news.type} ${news.transactionId} ${'cancellationId' in news ? news.cancellationId : ''}`]
    })
    assert.equal(new Set(once).size, once.length, once.join('\n'))
  })
})

type MoneyIn = Extract<PaymentEvent, { type: 'Approved' | 'DepositReceived' }>

const isPaid = (event: PaymentEvent): event is MoneyIn => event.type === 'Approved' || event.type === 'DepositReceived'

const isAnswer = (event: PaymentEvent) => event.type === 'ReversalAccepted' || event.type === 'ReversalRefused'

/** By what happened to it, not by what is left of that in its state. */
const isToBeGivenBack = (journal: Story['journal'], { transactionId }: Attempt): boolean => {
  const last = journal.findLast(
    ({ event }) =>
      (event.type === 'ReversalRequested' ||
        event.type === 'ReversalSucceeded' ||
        event.type === 'AttemptFailed' ||
        isAnswer(event)) &&
      event.transactionId === transactionId,
  )?.event
  return last !== undefined && (last.type === 'ReversalRequested' || isAnswer(last))
}

const throughJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value))

const needsAttention = (attempt: Attempt): boolean =>
  ['APPROVING', 'PAY_PENDING', 'VIRTUAL_ACCOUNT_ISSUED'].includes(attempt.phase) ||
  isBeingReversed(attempt) ||
  attempt.cancellations.some(({ status }) => status === 'REQUESTED') ||
  (attempt.capture !== undefined && attempt.capture.capturedAt === undefined)

const asks = (command: Command): boolean =>
  command.do.startsWith('inquire') || command.do === 'expire' || command.do === 'settleReversal'

const askedAttempt = (payment: Story['payment'], command: Command): Attempt | undefined =>
  'of' in command ? payment.attempts[payment.attempts.length - 1 - (command.of % payment.attempts.length)] : undefined

const inquiriesOf = (earlier: Attempt, later: Attempt) => [
  [earlier.inquiry, later.inquiry] as const,
  [earlier.closing?.inquiry, later.closing?.inquiry] as const,
  [earlier.capture?.inquiry, later.capture?.inquiry] as const,
  ...earlier.cancellations.map(({ inquiry }, index) => [inquiry, later.cancellations[index]?.inquiry] as const),
]

const assertValid = (name: keyof typeof schemas, value: unknown): void => {
  const schema = schemas[name]
  if (!schema.Check(value)) assert.fail(JSON.stringify({ errors: schema.Errors(value), value }, null, 1))
}
