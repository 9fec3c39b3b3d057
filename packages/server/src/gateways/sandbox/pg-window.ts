import type { WindowOpening } from '@naru/contract'
import { type Instant, minute, type StoreClock, storeTime } from '../../kernel/clock.ts'
import { randomToken } from '../../kernel/ids.ts'
import type { GatewayChannel } from '../../merchants/store.ts'
import type { IdentityRequest } from '../port/identity.ts'
import type {
  AuthenticationOutcome,
  Challenge,
  IdentifyOutcome,
  IdentityOrder,
  MethodInWindow,
  MethodToStore,
  PaymentOrder,
  PgWindow,
  PreparedWindow,
  StoringOrder,
  WindowCharge,
  WindowContext,
  WindowOrder,
  WindowReturn,
  WindowVerdict,
} from '../port/window.ts'
import { approve } from './approvals.ts'
import { authenticate } from './authenticate.ts'
import { authorizeBillingKey } from './billing-authorizations.ts'
import {
  endWindow,
  findWindow,
  insertWindow,
  type SandboxWindow,
  type WindowEnding,
  type WindowManner,
} from './books/windows.ts'
import { identify } from './identify.ts'
import type { SandboxParts } from './parts.ts'
import type { Effect } from './scenarios/behaviour.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'
import { refusedWith, windowFailure } from './scenarios/failures.ts'
import { codeFor } from './scenarios/triggers.ts'

/** What a sandbox channel can be told of its window; it stands where a real one's credentials do. */
export const windowOpenings = ['redirect', 'form', 'script'] as const
export const windowReturns = ['GET', 'POST'] as const

/** Whether a payment is charged in the window, or by the approval that follows. */
export const windowCharging = ['after', 'inside'] as const

/** How the channel's own window works; `undefined` where it leaves its window to us. */
export const mannerOf = ({ credentials }: Pick<GatewayChannel, 'credentials'>): WindowManner | undefined => {
  const opens = windowOpenings.find((opening) => opening === credentials.window)
  const returns = windowReturns.find((method) => method === credentials.windowReturn) ?? 'GET'
  const charging: (typeof windowCharging)[number] = credentials.windowCharging === 'inside' ? 'inside' : 'after'
  return opens && { opens, returns, ...(charging === 'inside' && { charges: true }) }
}

/** How long a window that charges stays open. */
const chargingWindowLifetime = 20 * minute

/** Where the window's page and its script are served; see `serveSandboxWindows`. */
export const windowPath = '/sandbox-pg/windows/'
export const windowScriptPath = '/sandbox-pg/window.js'

/** The window that the sandbox PG brings itself: a page of another origin, as a real PG's is. */
export const sandboxPgWindow = (parts: SandboxParts, manner: WindowManner): PgWindow => ({
  charges: manner.charges && { within: chargingWindowLifetime },
  prepare: async (context, order) => {
    const illness = illnessOf(order, storeTime(context.clock))
    return illness?.books === 'REFUSED'
      ? refusedWith(illness.pgCode ?? 'SBX_MAINTENANCE')
      : await prepareWindow(parts, context, order, manner)
  },
  verify: (context, returned) => verify(parts, context, returned),
})

/** What a code that the order names does where the PG itself is ill, not the payment. */
const illnessOf = ({ testCode, customerId }: WindowOrder, now: Instant): Effect | undefined =>
  rememberedBehaviour(codeFor({ testCode, customerId, amount: 0, now })).call

const prepareWindow = async (
  { sql }: Pick<SandboxParts, 'sql'>,
  { storeId, channel, reference, clock }: WindowContext,
  order: WindowOrder,
  manner: WindowManner,
): Promise<Extract<PreparedWindow, { kind: 'prepared' }>> => {
  const windowId = `${Buffer.from(storeId).toString('base64url')}.${randomToken(24)}`
  const createdAt = storeTime(clock)
  const { credentials: _, ...withoutSecrets } = channel
  const contents = { order, manner, ...(manner.charges && { channel: withoutSecrets }) }
  await insertWindow(sql, { storeId, windowId, reference, channelKey: channel.key, contents, createdAt })
  return { kind: 'prepared', opening: openingOf(windowId, manner), memo: { windowId } }
}

const openingOf = (windowId: string, { opens }: WindowManner): WindowOpening => {
  const url = `${windowPath}${windowId}`
  switch (opens) {
    case 'redirect':
      return { kind: 'REDIRECT', url }
    case 'form':
      return { kind: 'FORM', action: url, fields: { step: 'open' } }
    case 'script':
      return { kind: 'SCRIPT', opener: 'sandbox', src: windowScriptPath, parameters: { url } }
  }
}

/** What a browser brings back: like most PGs, the id of the PG's own, and what it says came of it. */
export const returnFields = ({ windowId, state }: SandboxWindow): Readonly<Record<string, string>> => ({
  sbxWindow: windowId,
  sbxResult: state === 'AUTHENTICATED' ? 'OK' : 'CANCEL',
})

const verify = async (
  { sql }: SandboxParts,
  { storeId, clock }: WindowContext,
  { memo, fields }: WindowReturn,
): Promise<WindowVerdict> => {
  const window = await findWindow(sql, storeId, fields.sbxWindow ?? memo.windowId ?? '')
  if (!window) return { kind: 'waiting' }
  const { reference, state, authorizationId, pgCode, contents } = window
  if (illnessOf(contents.order, storeTime(clock))?.answer === 'LOST')
    return { kind: 'unknown', reason: 'the sandbox PG did not answer' }
  if (state === 'LEFT') {
    const failure = windowFailure(purposeOf(contents.order), pgCode ?? 'PAY_PROCESS_CANCELED')
    return { kind: 'failed', reference, failure }
  }
  if (state !== 'AUTHENTICATED' || authorizationId === null) return { kind: 'waiting' }
  if (contents.order.kind === 'IDENTITY') return { kind: 'identified', reference }
  if (chargedIn(window)) return { kind: 'charged', reference }
  return { kind: 'authenticated', reference, charge: chargeOf(contents.order), authorization: authorizationId }
}

/** What is stored to be charged at once is paid. */
const purposeOf = (order: SandboxWindow['contents']['order']) =>
  order.kind === 'BILLING_KEY' && order.charge ? 'PAYMENT' : order.kind

/** The payment that a window charges, and the channel that it does so for. */
const chargedIn = ({ contents: { order, channel } }: SandboxWindow) =>
  order.kind === 'PAYMENT' && channel ? { order, channel } : undefined

const chargeOf = (order: PaymentOrder | StoringOrder): WindowCharge | undefined => {
  if (order.kind === 'BILLING_KEY') return order.charge
  const { amount, currency } = order
  return { amount, currency }
}

/** The window that an address names, whoever has it. */
export const windowOfId = async (
  { sql }: Pick<SandboxParts, 'sql'>,
  windowId: string,
): Promise<SandboxWindow | undefined> => {
  const [store = ''] = windowId.split('.')
  const storeId = Buffer.from(store, 'base64url').toString('utf8')
  const isOne = /^[\w-]{1,400}\.[\w-]{32}$/.test(windowId) && storeId !== '' && !storeId.includes('\0')
  return isOne ? await findWindow(sql, storeId, windowId) : undefined
}

/** What a shopper typed and pressed. */
export type WindowStep = {
  readonly shown: ShownInWindow
  readonly leaves: boolean
  readonly testCode?: string | undefined
  readonly phoneNumber?: string | undefined
  readonly otp?: string | undefined
}

/** What a window is shown, by what it is for. */
export type ShownInWindow =
  | { readonly kind: 'PAYMENT'; readonly order: PaymentOrder; readonly method: MethodInWindow }
  | { readonly kind: 'BILLING_KEY'; readonly order: StoringOrder; readonly method: MethodToStore }
  | { readonly kind: 'IDENTITY'; readonly order: IdentityOrder; readonly person: IdentityRequest }

/**
 * The shopper agrees, or leaves. Returns the window as it is then; it stays open where a one-time code is wanted, until too
 * many were wrong.
 */
export const stepInWindow = async (
  parts: SandboxParts,
  window: SandboxWindow,
  step: WindowStep,
  clock: StoreClock,
): Promise<{ window: SandboxWindow; challenge?: Challenge }> => {
  if (window.state !== 'OPEN') return { window }
  const ended = step.leaves ? { pgCode: 'PAY_PROCESS_CANCELED' } : await agreeInWindow(parts, window, step, clock)
  if ('kind' in ended) return { window, challenge: ended }
  await endWindow(parts.sql, window, ended)
  return { window: (await findWindow(parts.sql, window.storeId, window.windowId)) ?? window }
}

const agreeInWindow = async (
  parts: SandboxParts,
  window: SandboxWindow,
  step: WindowStep,
  clock: StoreClock,
): Promise<WindowEnding | Challenge> => {
  const now = storeTime(clock)
  if (chargedIn(window) && now >= window.createdAt + chargingWindowLifetime) return { pgCode: 'SBX_AUTH_EXPIRED' }
  const outcome = await askAbout(parts, window, step, now)
  switch (outcome.kind) {
    case 'authenticated':
      return await chargeInWindow(parts, window, outcome.authorization, clock)
    case 'identified':
      return { authorizationId: window.reference }
    case 'failed':
      return { pgCode: outcome.failure.pgCode }
    case 'challenged':
      return outcome.problem === 'TOO_MANY' ? { pgCode: 'SBX_OTP_WRONG' } : outcome
  }
}

/** Charges where the window does, before the browser is sent back: an approval that nobody called for. */
const chargeInWindow = async (
  parts: SandboxParts,
  window: SandboxWindow,
  authorization: string,
  clock: StoreClock,
): Promise<WindowEnding> => {
  const charge = chargedIn(window)
  if (!charge) return { authorizationId: authorization }
  const { storeId, reference } = window
  const { order, channel } = charge
  const actBefore = storeTime(clock) + chargingWindowLifetime
  const context = { storeId, channel: { ...channel, credentials: {} }, reference, clock, actBefore }
  const outcome = await approve(parts, context, { ...order, authorization })
  return outcome.kind === 'failed' ? { pgCode: outcome.failure.pgCode } : { authorizationId: authorization }
}

const askAbout = async (
  parts: SandboxParts,
  { storeId, channelKey, reference }: SandboxWindow,
  { shown, testCode, phoneNumber, otp }: WindowStep,
  now: number,
): Promise<AuthenticationOutcome | IdentifyOutcome> => {
  const { customerId, testCode: named } = shown.order
  const typed = { testCode: testCode ?? named, otp, now }
  const owner = { storeId, reference }
  switch (shown.kind) {
    case 'PAYMENT': {
      const { amount, currency } = shown.order
      return await authenticate(parts, owner, {
        method: shown.method,
        amount,
        currency,
        customerId,
        phoneNumber,
        ...typed,
      })
    }
    case 'BILLING_KEY':
      return await authorizeBillingKey(parts, owner, { ...shown.method, customerId, ...typed })
    case 'IDENTITY':
      return await identify(
        parts,
        { storeId, channel: { key: channelKey }, reference },
        { person: shown.person, ...typed },
      )
  }
}
