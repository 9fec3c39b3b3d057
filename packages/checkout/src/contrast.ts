/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number]

/** As WCAG 2 defines it, from 1 (the same) to 21 (black on white). */
export const contrast = (one: Rgb, other: Rgb): number => {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (lighter + 0.05) / (darker + 0.05)
}

const luminance = ([red, green, blue]: Rgb): number =>
  0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)

const linear = (channel: number): number => {
  const share = channel / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}

/** What WCAG asks of text, and of the edges of what can be pressed. */
export const [readable, visible] = [4.5, 3]

const [black, white]: readonly [Rgb, Rgb] = [
  [0, 0, 0],
  [255, 255, 255],
]

/** Text for a ground of any colour: one of the two can always be read. */
export const textOn = (ground: Rgb): Rgb => (contrast(ground, white) >= readable ? white : black)
