import type { Texts } from '../texts.ts'

type Props = {
  /** As the server says it: no other page, and nothing in our own address, says where it leads. */
  readonly url: string
  readonly texts: Texts
}

/** Out of our pages, to the shop. */
export const WayBack = ({ url, texts }: Props) => (
  <a class="quiet-button way-back" href={url} target="_top">
    {texts.toShop}
  </a>
)
