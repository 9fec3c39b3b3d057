import { useState } from 'preact/hooks'
import { PictureIcon } from './icons.tsx'

/** The shop's picture of the order. One that cannot be loaded leaves its place as it was, so that nothing below moves. */
export const OrderImage = ({ url }: { readonly url: string }) => {
  const [broken, setBroken] = useState<string>()
  return (
    <div class="order-image">
      {broken === url ? (
        <PictureIcon size={40} />
      ) : (
        <img src={url} alt="" referrerpolicy="no-referrer" onError={() => setBroken(url)} />
      )}
    </div>
  )
}
