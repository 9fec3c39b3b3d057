import type { ComponentChildren, RefObject } from 'preact'
import type { Texts } from '../texts.ts'

type Props = {
  readonly texts: Texts
  /** What went wrong, where it is about no single field. */
  readonly trouble: string | undefined
  /** What has to be agreed to before the button can be pressed. */
  readonly consents: RefObject<HTMLElement | null>
  readonly isAgreed: boolean
  readonly isDisabled?: boolean
  readonly button: string
  readonly children?: ComponentChildren
}

/** The button that stays in sight, with why it cannot be pressed and what went wrong: anywhere else it could be out of sight. */
export const Foot = ({ texts, trouble, consents, isAgreed, isDisabled = false, button, children }: Props) => {
  const showConsents = () => {
    const group = consents.current
    group?.scrollIntoView({ block: 'center' })
    group?.querySelector<HTMLElement>('input[type=checkbox]:not(:checked)')?.focus({ preventScroll: true })
  }
  return (
    <div class="foot">
      {trouble && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
      <div class="missing" aria-live="polite">
        {!isAgreed && (
          <button type="button" onClick={showConsents}>
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
