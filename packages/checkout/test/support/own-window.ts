import { addChannel } from '../../../server/test/support/channels.ts'
import type { TestStore } from '../../../server/test/support/naru.ts'
import type { Stage } from './stage.ts'

export type Manner = {
  readonly window: 'redirect' | 'form' | 'script'
  readonly windowReturn: 'GET' | 'POST'
  readonly windowCharging?: 'inside'
}

export const byRedirect: Manner = { window: 'redirect', windowReturn: 'GET' }

type OwnWindow = Manner & { readonly pgProvider?: 'NICE_V2' | 'PAYPAL_V2' | 'DANAL'; readonly manualConfirm?: boolean }

/** A store whose PG brings its own window. */
export const storeWithWindow = async (
  { naru }: Stage,
  { pgProvider = 'NICE_V2', manualConfirm = false, ...credentials }: OwnWindow,
): Promise<TestStore> => {
  const store = await naru.newStore()
  return { ...store, channelKey: await addChannel(naru, store.storeId, pgProvider, { credentials, manualConfirm }) }
}

/** What a shop's page asks for: the kind, and the request. */
export type AskedFor = { readonly kind: string; readonly request: object }

/** An opened window, without a browser: for what no browser would do. */
export const openedAt = async ({ naru }: Stage, { kind, request }: AskedFor) => {
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${naru.url}/checkout/v1/${path}`, { method: 'POST', body: JSON.stringify(body) })
    return Object(await answer.json())
  }
  const { token } = await post('attempts', { kind, device: 'PC', request })
  const { pgWindow } = await post('view', { token })
  const windowId = String(pgWindow.url).split('/').at(-1) ?? ''
  /** What the shopper does at the PG. */
  const atPg = async (fields: Record<string, string>) => {
    const body = new URLSearchParams(fields)
    return await fetch(naru.url + pgWindow.url, { method: 'POST', body, redirect: 'manual' })
  }
  return {
    token: String(token),
    windowId,
    post,
    atPg,
    /** The shopper agrees at the PG, by a code once that was sent, and the browser is told where to go. */
    agreeAtPg: async ({ otp, ...fields }: Record<string, string> = {}) => {
      const agreed = { step: 'agree', card: '4242424242424242', ...fields }
      const first = await atPg(agreed)
      const last = first.headers.has('location') || otp === undefined ? first : await atPg({ ...agreed, otp })
      return last.headers.get('location') ?? ''
    },
    state: async () => Object((await post('attempts/state', { token })).result),
    step: async () => Object(await post('view', { token })).step,
    close: async () => Object((await post('attempts/close', { token })).result),
    returnWith: (fields: Record<string, string>, method: 'GET' | 'POST' = 'GET') => {
      const url = `${naru.url}/checkout/return/${token}`
      const body = new URLSearchParams(fields)
      return method === 'GET'
        ? fetch(`${url}?${body}`, { redirect: 'manual' })
        : fetch(url, { method, body, redirect: 'manual', headers: { origin: 'null' } })
    },
  }
}
