import type { CheckoutView, SessionPage } from '@naru/contract'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { inOrder } from '../in-order.ts'
import { money } from '../money.ts'
import type { Texts } from '../texts.ts'
import { CloseIcon, LockIcon } from './icons.tsx'
import { OrderImage } from './order-image.tsx'
import { Products } from './products.tsx'

/** What every page knows of the order. */
type Shown = Pick<
  CheckoutView,
  'storeName' | 'isTest' | 'orderName' | 'amount' | 'discount' | 'refund' | 'language'
> & {
  readonly imageUrl?: string | undefined
  readonly products?: SessionPage['products']
}

type Props = {
  readonly title: string
  /** Where what is below says it, too. */
  readonly isTitleHidden: boolean
  readonly view: Shown | undefined
  readonly texts: Texts
  readonly onClose: (() => void) | undefined
  readonly children: ComponentChildren
}

/** The frame of every step: whose shop, which order, how much. */
export const Sheet = ({ title, isTitleHidden, view, texts, onClose, children }: Props) => {
  useEscape(onClose)
  return (
    <div class="stage">
      <div class="sheet">
        <header class="top">
          {view?.isTest && (
            <p class="ribbon" role="note">
              <strong>{texts.test}</strong>
              <span>{texts.testNote}</span>
            </p>
          )}
          <div class="head">
            <p class="store">
              {view && (
                <>
                  <LockIcon size={16} />
                  <span>{inOrder(view.storeName)}</span>
                </>
              )}
            </p>
            {onClose && (
              <button type="button" class="icon-button" aria-label={texts.close} onClick={onClose}>
                <CloseIcon />
              </button>
            )}
          </div>
        </header>
        <main>
          <h1 class={isTitleHidden ? 'visually-hidden' : undefined}>{title}</h1>
          {view && <Order view={view} texts={texts} />}
          {children}
        </main>
      </div>
    </div>
  )
}

/** As the close button. Esc that ends the composing of a Korean syllable, or closes a dialog, is none of ours. */
const useEscape = (onClose: (() => void) | undefined): void =>
  useEffect(() => {
    const onKey = ({ key, isComposing }: KeyboardEvent) => {
      if (key === 'Escape' && !isComposing && document.querySelector('dialog[open]') === null) onClose?.()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [onClose])

type OrderProps = {
  readonly view: Shown
  readonly texts: Texts
}

/** What is paid for, or what is saved. */
const Order = ({ view, texts }: OrderProps) => {
  const { orderName, amount, discount, refund, language, imageUrl, products = [] } = view
  if (orderName === undefined && amount === undefined) return null
  const refunded = refund?.refunded ?? 0
  return (
    <section class="order" aria-label={texts.order}>
      {imageUrl && <OrderImage url={imageUrl} />}
      {orderName !== undefined && <p class="order-name">{inOrder(orderName)}</p>}
      {amount && products.length > 0 && (
        <Products products={products} priceOf={(total) => money({ ...amount, total }, language)} texts={texts} />
      )}
      {discount === 0 && <p class="no-discount">{texts.noDiscount}</p>}
      {amount && discount !== undefined && discount > 0 && (
        <Reduced amount={amount} by={discount} names={[texts.before, texts.discount]} language={language} />
      )}
      {amount && refunded > 0 && (
        <Reduced
          amount={{ ...amount, total: amount.total - refunded }}
          by={refunded}
          names={[texts.total, texts.refund]}
          language={language}
        />
      )}
      {amount && (
        <p class="total">
          <span>{refunded > 0 ? texts.afterRefund : texts.total}</span>
          <strong>{money({ ...amount, total: amount.total - refunded }, language)}</strong>
        </p>
      )}
    </section>
  )
}

type ReducedProps = {
  readonly amount: NonNullable<Shown['amount']>
  readonly by: number
  readonly names: readonly [before: string, reduction: string]
  readonly language: Shown['language']
}

/** What made an amount less, and what it was before. */
const Reduced = ({ amount, by, names, language }: ReducedProps) => (
  <dl class="discount">
    <div>
      <dt>{names[0]}</dt>
      <dd>{money({ ...amount, total: amount.total + by }, language)}</dd>
    </div>
    <div>
      <dt>{names[1]}</dt>
      <dd>−{money({ ...amount, total: by }, language)}</dd>
    </div>
  </dl>
)
