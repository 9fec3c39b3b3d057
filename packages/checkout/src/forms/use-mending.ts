import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Trouble } from '../use-checkout.ts'
import { wrongIn } from './validate.ts'
import { fieldOf, type Wrong } from './wrong.ts'

export type Mending = {
  readonly wrong: Wrong
  /** What is about no field. */
  readonly general: Trouble | undefined
  /** Whether the form can be sent; otherwise the first wrong field gets the focus. */
  isRight(): boolean
  /** A field that is typed into again is no longer called wrong. */
  onInput(event: Event): void
}

/** What the shopper has to mend in a form, be it found here or told by the server. */
export const useMending = (
  form: RefObject<HTMLFormElement | null>,
  told: Trouble | undefined,
  isHidden = false,
): Mending => {
  const [wrong, setWrong] = useState<Wrong>({})
  const [general, setGeneral] = useState<Trouble>()
  // Each new look at the form brings the focus to what is wrong in it, also where that has not changed.
  const [look, setLook] = useState(0)
  useEffect(() => {
    if (isHidden) return
    const field = told && fieldOf(told)
    const isShown = field !== undefined && form.current?.elements.namedItem(field) !== null
    setWrong(told && field && isShown ? { [field]: told } : {})
    setGeneral(isShown ? undefined : told)
    setLook((before) => before + 1)
  }, [told, isHidden, form])
  useEffect(() => {
    if (look === 0) return
    const first = form.current?.querySelector<HTMLElement>('[aria-invalid="true"], .wrong-group input')
    first?.scrollIntoView({ block: 'center' })
    first?.focus({ preventScroll: true })
    if (!first) form.current?.querySelector('.trouble')?.scrollIntoView({ block: 'nearest' })
  }, [look, form])
  return {
    wrong,
    general,
    isRight: () => {
      const found = form.current ? wrongIn(form.current) : {}
      setWrong(found)
      setGeneral(undefined)
      setLook((before) => before + 1)
      return Object.keys(found).length === 0
    },
    onInput: ({ target }) => {
      const { name } = target as HTMLInputElement
      if (wrong[name]) setWrong(({ [name]: _, ...others }) => others)
    },
  }
}
