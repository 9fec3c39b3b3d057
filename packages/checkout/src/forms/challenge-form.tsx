import { useEffect, useRef } from 'preact/hooks'
import type { Texts } from '../texts.ts'
import type { Step } from '../use-checkout.ts'
import { Input } from './fields.tsx'
import { digits } from './format.ts'
import { useMending } from './use-mending.ts'
import { WrongFields } from './wrong.ts'

type Props = {
  readonly texts: Texts
  readonly step: Extract<Step, { kind: 'challenge' }>
  readonly onSubmit: (otp: string) => void
  readonly onAgain: () => void
  readonly onCorrect: () => void
}

/** The code that the issuer or the carrier sent. */
export const ChallengeForm = ({ texts, step, onSubmit, onAgain, onCorrect }: Props) => {
  const { view, submission, again, trouble } = step
  const form = useRef<HTMLFormElement>(null)
  const { wrong, general, isRight, onInput } = useMending(form, trouble)
  const focus = () => form.current?.querySelector('input')?.focus()
  useEffect(focus, [])
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (form.current && isRight()) onSubmit(String(new FormData(form.current).get('otp') ?? ''))
  }
  const sendAgain = () => {
    form.current?.reset()
    focus()
    onAgain()
  }
  return (
    <form ref={form} class="form" noValidate onSubmit={submit} onInput={onInput}>
      <h2>{texts.otpTitle}</h2>
      <SentTo phoneNumber={submission.customer.phoneNumber} texts={texts} />
      {view.isTest && <p class="note">{texts.otpTest}</p>}
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
      <p class="note" role="status">
        {again === 'SENT' && texts.otpSentAgain}
      </p>
      {general && (
        <p class="trouble" role="alert">
          {texts.errors[general]}
        </p>
      )}
      <button type="submit" class="main-button" disabled={again === 'SENDING'}>
        {texts.verify}
      </button>
      <div class="other-ways">
        <button type="button" class="quiet-button" disabled={again === 'SENDING'} onClick={sendAgain}>
          {texts.otpAgain}
        </button>
        <button type="button" class="quiet-button" onClick={onCorrect}>
          {texts.correct}
        </button>
      </div>
    </form>
  )
}

type SentToProps = { readonly phoneNumber: string | undefined; readonly texts: Texts }

/** Shoppers see whether it is their number. The number that an issuer sends a code to is known to it alone. */
const SentTo = ({ phoneNumber, texts }: SentToProps) => {
  if (phoneNumber === undefined) return <p class="note">{texts.otpNote}</p>
  const shown = phoneNumber.replace(/^(01\d)(\d{3,4})(\d{4})$/, '$1-$2-$3')
  const [before, behind] = texts.otpSentTo(shown).split(shown)
  return (
    <p class="note">
      {before}
      <span class="unbroken">{shown}</span>
      {behind}
    </p>
  )
}
