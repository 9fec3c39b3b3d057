import type { SessionPage } from '@naru/contract'
import { contrast, type Rgb, readable, textOn, visible } from './contrast.ts'

type Colors = { readonly [Name in keyof NonNullable<SessionPage['colors']>]: string | undefined }

/**
 * Shows the page in the shop's colours, by day and by night. They are the shop's to choose, and may be white, transparent or that of
 * the page itself: then the text on them and the edges around them are such that the button is seen. Returns how to stop.
 */
export const paint = (colors: Colors): (() => void) => {
  const night = matchMedia('(prefers-color-scheme: dark)')
  const fill = () => setProperties(colors)
  fill()
  night.addEventListener('change', fill)
  return () => night.removeEventListener('change', fill)
}

const setProperties = ({ primary, primaryHover = primary, primaryLight }: Colors): void => {
  const { style } = document.documentElement
  const set = (name: string, color: string) => style.setProperty(name, color)
  const sheet = getComputedStyle(document.documentElement).getPropertyValue('--sheet').trim()
  const mixed = (color: string) => mixedOn(sheet, color)
  if (primary !== undefined) {
    const ground = mixed(primary)
    const difference = contrast(ground, mixed(sheet))
    set('--primary', css(ground))
    set('--on-primary', css(textOn(ground)))
    set('--edge', difference < visible ? 'var(--ink)' : css(ground))
    set('--accent', difference < readable ? 'var(--ink)' : css(ground))
  }
  if (primaryHover !== undefined) {
    const ground = mixed(primaryHover)
    set('--primary-hover', css(ground))
    set('--on-primary-hover', css(textOn(ground)))
  }
  if (primaryLight !== undefined) {
    const ground = mixed(primaryLight)
    set('--primary-light', css(ground))
    set('--on-primary-light', css(textOn(ground)))
  }
}

const css = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`

/** What a colour looks like on a ground. A word that is no colour looks like none. */
const mixedOn = (ground: string, color: string): Rgb => {
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')
  if (!context) return [255, 255, 255]
  for (const layer of [ground, color]) {
    context.fillStyle = layer
    context.fillRect(0, 0, 1, 1)
  }
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
  return [red, green, blue]
}
