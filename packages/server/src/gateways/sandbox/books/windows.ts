import type { Sql } from '../../../db/connect.ts'
import { ownStore } from '../../../db/epoch.ts'
import type { Instant } from '../../../kernel/clock.ts'
import { seeEpoch } from '../../../kernel/work.ts'
import type { GatewayChannel } from '../../../merchants/store.ts'
import type { PaymentOrder, WindowOrder } from '../../port/window.ts'
import type { PgCode } from '../scenarios/failures.ts'

/** How a window of the sandbox PG opens, how it sends the browser back, and whether it charges before it does. */
export type WindowManner = {
  readonly opens: 'redirect' | 'form' | 'script'
  readonly returns: 'GET' | 'POST'
  readonly charges?: true
}

/** The channel as a charge needs it, without anything secret. */
export type WindowChannel = Omit<GatewayChannel, 'credentials'>

/** A window that the sandbox PG brings itself, and what a shopper did in it. */
export type SandboxWindow = {
  readonly storeId: string
  readonly windowId: string
  /** What we call the order. */
  readonly reference: string
  readonly channelKey: string
  readonly contents: WindowContents
  readonly state: 'OPEN' | 'AUTHENTICATED' | 'LEFT'
  readonly authorizationId: string | null
  readonly pgCode: PgCode | null
  readonly createdAt: Instant
}

export type WindowContents = {
  readonly order: WindowOrder
  readonly manner: WindowManner
  /** Where the window charges. */
  readonly channel?: WindowChannel | undefined
}

export const insertWindow = async (
  sql: Sql,
  window: Omit<SandboxWindow, 'state' | 'authorizationId' | 'pgCode'>,
): Promise<void> => {
  const { storeId, windowId, reference, channelKey, contents, createdAt } = window
  await sql`
    insert into sandbox_windows (store_id, window_id, reference, channel_key, contents, created_at)
    values (${ownStore(sql, storeId)}, ${windowId}, ${reference}, ${channelKey},
            ${JSON.stringify(contents)}::text::jsonb, ${createdAt})`
}

/** Throws `StoreWasReset` where the work that reads saw the store before it was reset. */
export const findWindow = async (sql: Sql, storeId: string, windowId: string): Promise<SandboxWindow | undefined> => {
  const [row] = await sql<({ epoch: number } & (WrittenWindow | { windowId: null }))[]>`
    select s.epoch, w.store_id as "storeId", w.window_id as "windowId", w.reference, w.channel_key as "channelKey", w.contents,
           w.state, w.authorization_id as "authorizationId", w.pg_code as "pgCode", w.created_at as "createdAt"
    from stores s left join sandbox_windows w on w.store_id = s.store_id and w.window_id = ${windowId}
    where s.store_id = ${storeId}`
  if (!row) return undefined
  const { epoch, ...window } = row
  seeEpoch(storeId, epoch)
  return window.windowId === null ? undefined : withKind(window)
}

/** Once there were windows for payments only, and their orders did not say so. */
type WrittenWindow = Omit<SandboxWindow, 'contents'> & {
  readonly contents: Omit<WindowContents, 'order'> & { readonly order: WindowOrder | Omit<PaymentOrder, 'kind'> }
}

const withKind = ({ contents: { order, ...contents }, ...window }: WrittenWindow): SandboxWindow => ({
  ...window,
  contents: { order: 'kind' in order ? order : { kind: 'PAYMENT', ...order }, ...contents },
})

/** The shopper agreed, or nothing came of it. */
export type WindowEnding = { readonly authorizationId: string } | { readonly pgCode: string }

/** A shopper is through once: whoever comes second changes nothing. */
export const endWindow = async (
  sql: Sql,
  { storeId, windowId }: Pick<SandboxWindow, 'storeId' | 'windowId'>,
  ended: WindowEnding,
): Promise<void> => {
  const [authorizationId, pgCode] =
    'authorizationId' in ended ? [ended.authorizationId, null] : ([null, ended.pgCode] as const)
  await sql`
    update sandbox_windows
    set state = ${authorizationId === null ? 'LEFT' : 'AUTHENTICATED'}, authorization_id = ${authorizationId},
        pg_code = ${pgCode}
    where store_id = ${storeId} and window_id = ${windowId} and state = 'OPEN'`
}
