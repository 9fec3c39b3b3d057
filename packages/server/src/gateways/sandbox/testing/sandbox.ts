import { randomBytes } from 'node:crypto'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { day, type Instant, second } from '../../../kernel/clock.ts'
import { nextDue } from '../../../workers/testing/next-due.ts'
import type { CardCharge, VirtualAccountRequest } from '../../port/payment.ts'
import type { EffectContext } from '../../port/terms.ts'
import { sandboxControl } from '../control.ts'
import { sandboxDue } from '../due.ts'
import { sandboxGateway } from '../gateway.ts'
import { type Notice, noticeDoor } from '../notice.ts'

/** 2026-03-02T00:00:00Z: the store's clock stands here until a test moves it. */
export const start: Instant = 1_772_409_600_000

export type TestSandbox = Awaited<ReturnType<typeof createTestSandbox>>

/** The sandbox PG on a database of its own, with one store whose clock the test moves by hand. */
export const createTestSandbox = async () => {
  const database = await createTestDatabase()
  const { sql } = database
  await sql`insert into merchants (merchant_id, name, created_at) values ('merchant', 'Test', ${start})`
  await sql`
    insert into stores (store_id, merchant_id, name, mode, clock_stopped_at, created_at)
    values ('store', 'merchant', 'Test', 'SANDBOX', ${start}, ${start})`

  let now = start
  const waiting: { readonly instant: Instant; readonly resolve: () => void }[] = []
  const notices: (Notice & { readonly at: Instant })[] = []
  /** `false`: the PG could not be asked about it. */
  const taking: { notice: (notice: Notice) => Promise<boolean | undefined> } = { notice: async () => undefined }
  const logged: string[] = []
  const log = (_facts: unknown, message?: string) => void logged.push(message ?? '')

  const notificationKey = randomBytes(32)
  const logger = { info: log, warn: log }
  const parts = {
    sql,
    logger,
    notificationKey,
    notify: (storeId: string, notice: Notice, signature: string) => {
      const take = async () => {
        const isAnswered = (await taking.notice(notice)) !== false
        notices.push({ ...notice, at: now })
        return isAnswered
      }
      return noticeDoor(notificationKey, logger, take)(storeId, notice, signature)
    },
    waitUntil: (_storeId: string, instant: Instant) =>
      new Promise<void>((resolve) => {
        if (instant <= now) resolve()
        else waiting.push({ instant, resolve })
      }),
  }
  const due = sandboxDue(parts)

  /** Moves the store's clock and runs what falls due on the way, each at its instant. */
  const advance = async (seconds: number): Promise<void> => {
    const target = now + seconds * second
    const next = async () => (await nextDue(sql, due, 'store', target))[0]
    for (let item = await next(); item !== undefined; item = await next()) {
      now = Math.max(now, item.dueAt)
      await due.run(item)
    }
    now = target
    await sql`update stores set clock_stopped_at = ${now} where store_id = 'store'`
    for (const { instant, resolve } of waiting) if (instant <= now) resolve()
  }

  const context = (reference: string, testCode?: string, manualCapture = false): EffectContext => ({
    storeId: 'store',
    channel: {
      id: 'channel-id-1',
      key: 'channel-key-1',
      type: 'TEST',
      pgProvider: 'TOSSPAYMENTS',
      pgMerchantId: 'sandbox',
      manualCapture,
      credentials: {},
    },
    reference,
    clock: { offset: 0, stoppedAt: now },
    actBefore: now + day,
    testCode,
  })

  return {
    sql,
    url: database.url,
    parts,
    due,
    advance,
    context,
    notices,
    /** What the platform does with a notification before it has taken it. */
    taking,
    logged,
    waiting,
    gateway: sandboxGateway(parts),
    control: sandboxControl(parts),
    now: () => now,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

export const cardCharge = (changes: Partial<CardCharge> & { readonly number?: string } = {}): CardCharge => {
  const { number = '4242424242424242', ...charge } = changes
  return {
    orderName: '티셔츠',
    amount: 10_000,
    taxFree: 0,
    vat: 909,
    currency: 'KRW',
    credential: { number, expiryYear: '30', expiryMonth: '12' },
    installmentMonth: 0,
    ...charge,
  }
}

export const accountRequest = (changes: Partial<VirtualAccountRequest> = {}): VirtualAccountRequest => ({
  orderName: '티셔츠',
  amount: 10_000,
  taxFree: 0,
  vat: 909,
  currency: 'KRW',
  bank: 'SHINHAN',
  expiresAt: start + day,
  accountType: 'NORMAL',
  ...changes,
})

export const cancelRequest = (amount?: number) => ({
  amount,
  taxFree: 0,
  vat: 0,
  remainingBefore: 10_000,
  currency: 'KRW' as const,
  reason: '단순 변심',
})
