import type { WindowOpening } from '@naru/contract'
import { storeTime } from '../../kernel/clock.ts'
import { randomToken } from '../../kernel/ids.ts'
import type { GatewayChannel } from '../../merchants/store.ts'
import type {
  MethodInWindow,
  PgWindow,
  PreparedWindow,
  WindowContext,
  WindowOrder,
  WindowReturn,
  WindowVerdict,
} from '../port/window.ts'
import { authenticate } from './authenticate.ts'
import { endWindow, findWindow, insertWindow, type SandboxWindow, type WindowManner } from './books/windows.ts'
import type { SandboxParts } from './parts.ts'
import { failureOf } from './scenarios/failures.ts'

/** What a sandbox channel can be told of its window; it stands where a real one's credentials do. */
export const windowOpenings = ['redirect', 'form', 'script'] as const
export const windowReturns = ['GET', 'POST'] as const

/** How the channel's own window works; `undefined` where it leaves its window to us. */
export const mannerOf = ({ credentials }: Pick<GatewayChannel, 'credentials'>): WindowManner | undefined => {
  const opens = windowOpenings.find((opening) => opening === credentials.window)
  const returns = windowReturns.find((method) => method === credentials.windowReturn) ?? 'GET'
  return opens && { opens, returns }
}

/** Where the window's page and its script are served; see `serveSandboxWindows`. */
export const windowPath = '/sandbox-pg/windows/'
export const windowScriptPath = '/sandbox-pg/window.js'

/** The window that the sandbox PG brings itself: a page of another origin, as a real PG's is. */
export const sandboxPgWindow = (parts: SandboxParts, manner: WindowManner): PgWindow => ({
  prepare: (context, order) => prepareWindow(parts, context, order, manner),
  verify: (context, returned) => verify(parts, context, returned),
})

export const prepareWindow = async (
  { sql }: Pick<SandboxParts, 'sql'>,
  { storeId, channel, reference, clock }: WindowContext,
  order: WindowOrder,
  manner: WindowManner,
): Promise<Extract<PreparedWindow, { kind: 'prepared' }>> => {
  const windowId = `${Buffer.from(storeId).toString('base64url')}.${randomToken(24)}`
  const createdAt = storeTime(clock)
  const contents = { order, manner }
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
  { storeId }: WindowContext,
  { memo, fields }: WindowReturn,
): Promise<WindowVerdict> => {
  const window = await findWindow(sql, storeId, fields.sbxWindow ?? memo.windowId ?? '')
  if (!window) return { kind: 'waiting' }
  const { reference, state, authorizationId, pgCode, contents } = window
  const { amount, currency } = contents.order
  if (state === 'AUTHENTICATED' && authorizationId !== null)
    return { kind: 'authenticated', reference, amount, currency, authorization: authorizationId }
  return state === 'LEFT'
    ? { kind: 'failed', reference, failure: failureOf(pgCode ?? 'PAY_PROCESS_CANCELED') }
    : { kind: 'waiting' }
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
  readonly method: MethodInWindow
  readonly leaves: boolean
  readonly testCode?: string | undefined
  readonly otp?: string | undefined
}

/** The shopper agrees, or leaves. Returns the window as it is then; it stays open where a one-time code is wanted. */
export const stepInWindow = async (
  parts: SandboxParts,
  window: SandboxWindow,
  { method, leaves, testCode, otp }: WindowStep,
  now: number,
): Promise<{ window: SandboxWindow; isChallenged: boolean }> => {
  const { storeId, windowId, contents } = window
  const { amount, currency, customerId, testCode: named } = contents.order
  const current = async () => (await findWindow(parts.sql, storeId, windowId)) ?? window
  if (window.state !== 'OPEN') return { window, isChallenged: false }
  if (leaves) await endWindow(parts.sql, window, { pgCode: 'PAY_PROCESS_CANCELED' })
  else {
    const asked = { method, amount, currency, customerId, testCode: testCode ?? named, otp, now }
    const outcome = await authenticate(parts, storeId, asked)
    if (outcome.kind === 'authenticated') await endWindow(parts.sql, window, { authorizationId: outcome.authorization })
    else if (outcome.kind === 'failed') await endWindow(parts.sql, window, { pgCode: outcome.failure.pgCode })
    else return { window, isChallenged: true }
  }
  return { window: await current(), isChallenged: false }
}
