import { useEffect, useRef } from 'preact/hooks'
import type { Texts } from '../texts.ts'
import type { Trouble } from '../use-checkout.ts'
import { Input } from './fields.tsx'
import { digits } from './format.ts'
import { useMending } from './use-mending.ts'
import { WrongFields } from './wrong.ts'

type Props = {
  readonly texts: Texts
  readonly isTest: boolean
  readonly trouble: Trouble | undefined
  readonly onSubmit: (otp: string) => void
}

/** The code that the issuer or the carrier sent. */
export const ChallengeForm = ({ texts, isTest, trouble, onSubmit }: Props) => {
  const form = useRef<HTMLFormElement>(null)
  const { wrong, general, isRight, onInput } = useMending(form, trouble)
  useEffect(() => form.current?.querySelector('input')?.focus(), [])
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (form.current && isRight()) onSubmit(String(new FormData(form.current).get('otp') ?? ''))
  }
  return (
    <form ref={form} class="form" noValidate onSubmit={submit} onInput={onInput}>
      <h2>{texts.otpTitle}</h2>
      <p class="note">{texts.otpNote}</p>
      {isTest && <p class="note">{texts.otpTest}</p>}
      <WrongFields value={{ wrong, textOf: (found) => texts.errors[found] }}>
        <Input
          label={texts.otp}
          name="otp"
          autocomplete="one-time-code"
          inputMode="numeric"
          isRequired
          format={digits(6)}
        />
      </WrongFields>
      {general && (
        <p class="trouble" role="alert">
          {texts.errors[general]}
        </p>
      )}
      <button type="submit" class="main-button">
        {texts.verify}
      </button>
    </form>
  )
}
