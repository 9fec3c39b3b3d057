import type { Sql } from '../../db/connect.ts'
import { earlierResult, once } from '../../db/lease.ts'
import { type Instant, minute, second } from '../../kernel/clock.ts'
import type { DueItem, DueSource } from '../../workers/due.ts'
import { settleCancellation } from './books/cancellations.ts'
import { depositRejection } from './books/deposits.ts'
import { find, move, setDispute } from './books/ledger.ts'
import {
  type DueNotification,
  dueNotifications,
  findNotification,
  forget,
  type Notification,
  postpone,
} from './books/notifications.ts'
import { successOf } from './books/transaction.ts'
import { type Notice, type Reception, signatureOf } from './notice.ts'
import type { SandboxParts } from './parts.ts'
import { announcedOnce } from './scenarios/behaviour.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'

/** The due loop's source of what the sandbox PG does and says of its own accord. */
export const sandboxDue = (parts: SandboxParts): DueSource => ({
  name: 'sandbox-notification',
  concurrency: 20,
  ...dueNotifications(parts.sql),
  run: (item) => runNotification(parts, item),
})

/** Does what the notification stands for, and makes it known. Doing it twice changes nothing the second time. */
export const runNotification = async (parts: SandboxParts, item: Pick<DueItem, 'storeId' | 'id'>): Promise<boolean> => {
  const notification = await findNotification(parts.sql, item.storeId, item.id)
  if (notification === undefined) return false
  await settle(parts, notification)
  await announce(parts, notification)
  return true
}

/**
 * Does and makes known now, by hand and rightly signed, whatever the scenario says of announcing. False where there is no
 * such notification, or no more: one that the platform took is gone.
 */
export const deliverNotification = async (
  parts: SandboxParts,
  { storeId, id }: Pick<DueItem, 'storeId' | 'id'>,
  now: Instant,
): Promise<boolean> => {
  if (earlierResult('notification delivered') !== undefined) return true
  const notification = await findNotification(parts.sql, storeId, id, now)
  if (notification === undefined) return false
  await settle(parts, notification)
  const notice = noticeOf(notification)
  if ((await parts.notify(storeId, notice, signatureOf(parts.notificationKey, storeId, notice))) === 'UNANSWERED') {
    await repeatLater(parts.sql, notification)
    return true
  }
  return await once(parts.sql, 'notification delivered', async (sql) => {
    await forget(sql, notification)
    return true
  })
}

/** Does now what the notification stands for, and returns once it has begun to be made known. */
export const startNotification = async (parts: SandboxParts, { storeId, id }: Notification): Promise<void> => {
  const notification = await findNotification(parts.sql, storeId, id)
  if (notification === undefined) return
  await settle(parts, notification)
  announce(parts, notification).catch((error) =>
    parts.logger.warn(
      { error, storeId, reference: notification.reference },
      'sandbox: announcing failed; trying again',
    ),
  )
}

/** Writes to the books what has come to pass; a state that has moved on meanwhile is left alone. */
const settle = async ({ sql, logger }: SandboxParts, notification: DueNotification): Promise<void> => {
  const { storeId, reference, cancellationReference, action, dueAt } = notification
  switch (action) {
    case 'APPROVE':
      return await approve(sql, notification)
    case 'FAIL':
      return await fail(sql, notification)
    case 'DEPOSIT':
      return await depositByItself(sql, logger, notification, 0)
    case 'DEPOSIT_WRONG_AMOUNT':
      return await depositByItself(sql, logger, notification, 1)
    case 'REVERSE':
      await move(sql, { storeId, reference, from: ['DEPOSITED'], to: 'WAITING', at: dueAt })
      return
    case 'COMPLETE_CANCELLATION':
      await settleCancellation(sql, { storeId, reference: cancellationReference ?? '', to: 'SUCCEEDED', at: dueAt })
      return
    case 'FAIL_CANCELLATION':
      await settleCancellation(sql, {
        storeId,
        reference: cancellationReference ?? '',
        to: 'FAILED',
        at: dueAt,
        pgCode: 'SBX_CANCEL_REFUSED',
      })
      return
    case 'DISPUTE':
      return await setDispute(sql, { storeId, reference, to: 'OPEN', at: dueAt })
    case 'WIN_DISPUTE':
      return await setDispute(sql, { storeId, reference, to: 'WON', at: dueAt })
    case 'LOSE_DISPUTE':
      return await setDispute(sql, { storeId, reference, to: 'LOST', at: dueAt })
    case 'ANNOUNCE':
    case 'ANNOUNCE_DELAYED':
      return
  }
}

const approve = async (sql: SandboxParts['sql'], { storeId, reference, dueAt }: DueNotification): Promise<void> => {
  const payment = await find(sql, storeId, reference)
  if (payment === undefined) return
  await move(sql, { storeId, reference, from: ['PENDING', 'FAILED'], to: successOf(payment.kind), at: dueAt })
}

/** As the scenario says; where it says nothing, nobody paid in time. */
const fail = async (sql: SandboxParts['sql'], { storeId, reference, dueAt }: DueNotification): Promise<void> => {
  const payment = await find(sql, storeId, reference)
  const pgCode = rememberedBehaviour(payment?.code ?? 'approve').charge?.pgCode ?? 'SBX_AUTH_EXPIRED'
  await move(sql, { storeId, reference, from: ['PENDING'], to: 'FAILED', at: dueAt, pgCode })
}

const depositByItself = async (
  sql: SandboxParts['sql'],
  logger: SandboxParts['logger'],
  { storeId, reference, dueAt }: DueNotification,
  excess: number,
): Promise<void> => {
  const account = await find(sql, storeId, reference)
  if (account === undefined) return
  const rejection = depositRejection(account, account.amount + excess, dueAt)
  if (rejection !== undefined) {
    logger.info({ storeId, reference, rejection }, `sandbox: the bank sent a deposit back: ${rejection}`)
    return
  }
  await move(sql, { storeId, reference, from: [account.state], to: 'DEPOSITED', at: dueAt, remitterName: '홍길동' })
}

/**
 * Makes it known as often and as late as the scenario says. The row goes only after that, so that an announcement lost
 * in a crash is made again. One that the platform fails to take is repeated after 1, 4, 16, … minutes; one that it
 * refuses, or that the scenario loses, stays for somebody's hand.
 */
const announce = async (parts: SandboxParts, notification: DueNotification): Promise<void> => {
  const { sql, logger } = parts
  const { storeId, reference, action, dueAt, attempts } = notification
  const announcement = rememberedBehaviour(notification.code).announcement ?? announcedOnce
  const notice = noticeOf(notification)
  const delay = notice.kind === 'payment' ? announcement.paymentDelay : announcement.cancellationDelay
  if (delay > 0 && announcement.times > 0 && action !== 'ANNOUNCE_DELAYED') {
    return await postpone(sql, notification, dueAt + delay * second, attempts)
  }
  // Forged: a signature that is good, but for another store.
  const signature = signatureOf(parts.notificationKey, announcement.isForged ? '' : storeId, notice)
  let reception: Reception | undefined
  try {
    for (let time = 1; time <= announcement.times; time++) reception = await parts.notify(storeId, notice, signature)
  } catch (error) {
    logger.warn({ error, storeId, reference }, 'sandbox: a notification was not taken; it is repeated later')
    reception = 'UNANSWERED'
  }
  switch (reception) {
    case 'TAKEN':
      return await forget(sql, notification)
    case 'UNANSWERED':
      return await repeatLater(sql, notification)
    case 'REFUSED':
    case undefined:
      return await postpone(sql, notification, null, attempts)
  }
}

const repeatLater = (sql: Sql, notification: DueNotification): Promise<void> => {
  const { dueAt, attempts } = notification
  return postpone(sql, notification, dueAt + minute * 4 ** Math.min(attempts, 6), attempts + 1)
}

const noticeOf = ({ reference, cancellationReference }: DueNotification): Notice =>
  cancellationReference === null
    ? { kind: 'payment', reference }
    : { kind: 'cancellation', reference: cancellationReference, paymentReference: reference }
