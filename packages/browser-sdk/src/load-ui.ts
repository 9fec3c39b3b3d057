import type { CheckoutKind } from '@naru/contract'
import { failed, failedToLoad, moduleError } from './errors.ts'
import { type Fields, problemWith } from './fields.ts'
import { request } from './request.ts'

type UiKind = Extract<CheckoutKind, 'PAYMENT' | 'ISSUE_BILLING_KEY'>

export type Callbacks = {
  readonly onPaymentSuccess?: (result: object) => void
  readonly onPaymentFail?: (error: Error) => void
  readonly onIssueBillingKeySuccess?: (result: object) => void
  readonly onIssueBillingKeyFail?: (error: Error) => void
}

const uiTypes: Record<UiKind, string> = { PAYMENT: 'PAYPAL_SPB', ISSUE_BILLING_KEY: 'PAYPAL_RT' }

/** What a click on the button asks for: shops replace it while the button stays. */
const requests = new Map<string, Fields>()

/**
 * Puts the PG's button into the shop's `.portone-ui-container`. Resolves once it is there; what comes of a click, and of
 * the next one, arrives by the callbacks.
 */
export const loadUi = async (kind: UiKind, given: unknown, callbacks: Callbacks): Promise<void> => {
  const fields = checked(kind, given)
  const { uiType } = fields
  const box = '.portone-ui-container'
  // As V1 wrote it, too: `paypal-spb`.
  const ofType = (separator: string) => `${box}[data-portone-ui-type="${String(uiType).replace('_', separator)}" i]`
  const container =
    document.querySelector(`${ofType('_')},${ofType('-')}`) ??
    document.querySelector(`${box}:not([data-portone-ui-type])`)
  if (!container) throw moduleError(`The page has no ${ofType('_')}, nor one without the attribute.`)
  requests.set(String(uiType), fields)
  container.replaceChildren(buttonFor(kind, String(uiType), callbacks))
}

/** Replaces what the next click asks for. */
export const updateUi = async (kind: UiKind, given: unknown): Promise<void> => {
  const fields = checked(kind, given)
  if (!requests.has(String(fields.uiType))) throw moduleError(`No UI of the type ${fields.uiType} is loaded.`)
  requests.set(String(fields.uiType), fields)
}

const checked = (kind: UiKind, given: unknown): Fields => {
  const problem = problemWith(kind, given)
  if (problem !== undefined) throw moduleError(problem)
  const fields: Fields = { ...Object(given) }
  if (fields.uiType !== uiTypes[kind])
    throw failedToLoad(kind, { code: 'BadRequest', message: `uiType must be ${uiTypes[kind]}.` })
  return fields
}

const buttonFor = (kind: UiKind, uiType: string, callbacks: Callbacks): HTMLElement => {
  const box = document.createElement('div')
  box.id = `ui-container-${uiType.toLowerCase().replaceAll('_', '-')}`
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'PayPal'
  button.setAttribute(
    'aria-label',
    kind === 'PAYMENT' ? 'PayPal로 결제 · Pay with PayPal' : 'PayPal 등록 · Save PayPal',
  )
  Object.assign(button.style, {
    width: '100%',
    minHeight: '48px',
    border: '0',
    borderRadius: '24px',
    background: '#ffc439',
    color: '#003087',
    font: '700 18px system-ui, sans-serif',
    cursor: 'pointer',
  })
  button.addEventListener('click', () => void run(kind, uiType, callbacks, button))
  box.append(button)
  return box
}

const run = async (kind: UiKind, uiType: string, callbacks: Callbacks, button: HTMLButtonElement): Promise<void> => {
  button.disabled = true
  const isPayment = kind === 'PAYMENT'
  const succeed = isPayment ? callbacks.onPaymentSuccess : callbacks.onIssueBillingKeySuccess
  const fail = isPayment ? callbacks.onPaymentFail : callbacks.onIssueBillingKeyFail
  try {
    const { uiType: _, redirectUrl: __, ...fields } = requests.get(uiType) ?? {}
    const method = isPayment ? { payMethod: 'PAYPAL' } : { billingKeyMethod: 'PAYPAL' }
    const result = await request(kind, { ...fields, ...method, windowType: { pc: 'POPUP', mobile: 'POPUP' } })
    if (result.code === undefined) succeed?.(result)
    else fail?.(failed(kind, { code: result.code, message: result.message ?? '' }, result))
  } catch (error) {
    fail?.(error as Error)
  } finally {
    button.disabled = false
  }
}
