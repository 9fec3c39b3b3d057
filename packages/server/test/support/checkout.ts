import { checkoutKinds } from '@naru/contract'
import { consentsFor } from '../../src/checkout/consents.ts'
import type { TestNaru, TestStore } from './naru.ts'
import { newPaymentId } from './requests.ts'

type Fields = Readonly<Record<string, unknown>>

/** What a shop's page asks for: a payment by card. */
export const paymentOf = ({ storeId, channelKey }: Pick<TestStore, 'storeId' | 'channelKey'>, others: object = {}) => ({
  storeId,
  channelKey,
  paymentId: newPaymentId(),
  orderName: '귤',
  totalAmount: 50_000,
  currency: 'KRW',
  payMethod: 'CARD',
  ...others,
})

/** How often the sandbox PG was charged for a payment: two would be one too many. */
export const chargesOf = async ({ api }: Pick<TestStore, 'api'>, paymentId: string): Promise<number> =>
  (await api.call('getSandboxLedger', { query: { paymentId } })).items.length

/** A card as our page submits it. */
export const cardInPage = (number = '4242424242424242'): Fields => ({
  number,
  expiryMonth: '12',
  expiryYear: '40',
  month: 0,
  usesPoints: false,
})

/** Everything that any window asks a shopper to agree to. */
export const consents = checkoutKinds.flatMap((kind) =>
  consentsFor(kind, 'ko').map(({ id, version }) => ({ id, version })),
)

/**
 * What a shopper's browser says to the checkout, without a browser: for what no browser would do. From another `address` than this
 * machine's if its server trusts proxies.
 */
export const browserOf = (naru: Pick<TestNaru, 'url'>, address?: string) => {
  const from: Readonly<Record<string, string>> = address === undefined ? {} : { 'x-forwarded-for': address }
  const send = async (path: string, body: object, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await fetch(`${naru.url}/checkout/v1/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { ...from, ...headers },
    })
    const content: Fields = Object(await answer.json())
    return { status: answer.status, headers: answer.headers, body: content }
  }
  const post = async (path: string, body: object): Promise<Fields> => (await send(path, body)).body
  const open = async (request: object, kind = 'PAYMENT', device = 'PC', more: object = {}) => {
    const opened = await post('attempts', { kind, device, request, ...more })
    const token = String(opened.token)
    const submit = (given: object) => post('submit', { token, customer: {}, consents, ...given })
    return {
      opened,
      token,
      submit,
      /** Says who somebody is, and then the code that they were sent. */
      prove: async (person: object) => {
        await submit(person)
        return await submit({ ...person, otp: '000000' })
      },
      view: () => post('view', { token }),
      step: async () => String((await post('view', { token })).step),
      state: async (): Promise<Fields> => Object((await post('attempts/state', { token })).result),
      close: async (): Promise<Fields> => Object((await post('attempts/close', { token })).result),
    }
  }
  return { send, open }
}
