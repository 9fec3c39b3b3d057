import type { ComponentChildren, RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Texts } from '../texts.ts'

type Props = {
  readonly texts: Texts
  /** What went wrong, where it is about no single field. */
  readonly trouble: string | undefined
  /** Where the consents are without which the button cannot be pressed, and the names of those that are missing. */
  readonly consents: RefObject<HTMLElement | null>
  readonly missing: readonly string[]
  readonly isDisabled?: boolean
  readonly button: string
  readonly children?: ComponentChildren
}

/** The button that stays in sight, with why it cannot be pressed and what went wrong: anywhere else it could be out of sight. */
export const Foot = ({ texts, trouble, consents, missing, isDisabled = false, button, children }: Props) => {
  const isAgreed = missing.length === 0
  const isSentEarly = useSentEarly(consents, isAgreed)
  return (
    <div class="foot">
      {trouble && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
      {isSentEarly && (
        <p class="trouble" role="alert">
          {`${texts.consentsMissing}: ${missing.join(', ')}`}
        </p>
      )}
      <div class="missing" aria-live="polite">
        {!isAgreed && !isSentEarly && (
          <button type="button" onClick={() => showMissing(consents.current)}>
            {texts.consentsMissing}
          </button>
        )}
      </div>
      <button type="submit" class="main-button" disabled={isDisabled || !isAgreed}>
        {button}
      </button>
      {children}
    </div>
  )
}

/** Brings the shopper to the first consent that is missing. */
const showMissing = (group: HTMLElement | null): void => {
  group?.scrollIntoView({ block: 'center' })
  group?.querySelector<HTMLElement>('input[type=checkbox]:not(:checked)')?.focus({ preventScroll: true })
}

/** Whether Enter was pressed in a field before all was agreed to. Browsers do nothing then, since the button is disabled. */
const useSentEarly = (consents: RefObject<HTMLElement | null>, isAgreed: boolean): boolean => {
  const [isSentEarly, setSentEarly] = useState(false)
  useEffect(() => {
    if (isAgreed) return setSentEarly(false)
    const form = consents.current?.closest('form')
    const onKey = ({ key, isComposing, target }: KeyboardEvent) => {
      if (key !== 'Enter' || isComposing || !(target instanceof HTMLInputElement)) return
      setSentEarly(true)
      showMissing(consents.current)
    }
    form?.addEventListener('keydown', onKey)
    return () => form?.removeEventListener('keydown', onKey)
  }, [consents, isAgreed])
  return isSentEarly
}
