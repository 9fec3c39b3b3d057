import type { SessionPage } from '@naru/contract'
import { inOrder } from '../in-order.ts'
import type { Texts } from '../texts.ts'

type Props = {
  readonly products: SessionPage['products']
  readonly priceOf: (total: number) => string
  readonly texts: Texts
}

/** More than these would push what has to be done out of sight. */
const shown = 4

/** What is ordered, in a line each. */
export const Products = ({ products, priceOf, texts }: Props) => {
  const first = products.length > shown + 1 ? shown : products.length
  const rest = products.slice(first)
  return (
    <>
      <List products={products.slice(0, first)} priceOf={priceOf} />
      {rest.length > 0 && (
        <details class="more-products">
          <summary>{texts.moreProducts(rest.length)}</summary>
          <List products={rest} priceOf={priceOf} />
        </details>
      )}
    </>
  )
}

const List = ({ products, priceOf }: Omit<Props, 'texts'>) => (
  <ul class="products">
    {products.map(({ name, quantity, amount }) => (
      <li>
        <span>
          {inOrder(name)} <span class="quantity">× {quantity}</span>
        </span>
        <span class="price">{priceOf(amount)}</span>
      </li>
    ))}
  </ul>
)
