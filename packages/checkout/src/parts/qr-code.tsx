import { useEffect, useState } from 'preact/hooks'

type Props = { readonly text: string; readonly label: string }

/** Black on white in dark mode too: cameras look for that. What draws it is loaded where it is needed. */
export const QrCode = ({ text, label }: Props) => {
  const [cells, setCells] = useState<readonly (readonly boolean[])[]>([])
  useEffect(() => {
    // Without it, as on a lost connection, the address below is copied.
    import('uqr').then(
      ({ encode }) => setCells(encode(text, { ecc: 'M', border: 4 }).data),
      () => setCells([]),
    )
  }, [text])
  const path = cells.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
  return (
    <svg class="qr-code" viewBox={`0 0 ${cells.length} ${cells.length}`} role="img" aria-label={label}>
      <path d={path.join('')} />
    </svg>
  )
}
