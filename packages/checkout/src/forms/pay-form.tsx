import type { CheckoutView } from '@naru/contract'
import { useEffect, useRef, useState } from 'preact/hooks'
import { money } from '../money.ts'
import { outcomeName } from '../names.ts'
import { LockIcon } from '../parts/icons.tsx'
import type { Texts } from '../texts.ts'
import type { Submission, Trouble } from '../use-checkout.ts'
import { CardFields } from './card-fields.tsx'
import { Consents } from './consents.tsx'
import { Select } from './fields.tsx'
import { AccountFields, GiftCertificateFields, PersonFields, TransferFields, WalletFields } from './other-fields.tsx'
import { submissionOf } from './submission.ts'

type Props = {
  readonly view: CheckoutView
  readonly texts: Texts
  readonly isHidden: boolean
  readonly trouble: Trouble | undefined
  readonly onSubmit: (submission: Submission) => void
}

/** What the shopper is asked for, in one step. */
export const PayForm = ({ view, texts, isHidden, trouble: told, onSubmit }: Props) => {
  const form = useRef<HTMLFormElement>(null)
  const [ticked, setTicked] = useState<readonly boolean[]>(texts.consents.map(() => false))
  const [own, setOwn] = useState<Trouble>()
  useEffect(() => setOwn(undefined), [told, isHidden])
  const trouble = own ?? told
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!form.current) return
    const submission = form.current.checkValidity() ? submissionOf(view.form, new FormData(form.current)) : 'REQUIRED'
    if (typeof submission !== 'string') return onSubmit(submission)
    setOwn(submission)
    form.current.querySelector<HTMLElement>(':invalid:not(fieldset), [aria-invalid="true"]')?.focus()
  }
  return (
    <form ref={form} class="form" hidden={isHidden} noValidate onSubmit={submit}>
      {view.outcomes && (
        <div class="outcome">
          <Select
            label={texts.testOutcome}
            name="outcome"
            empty={texts.testOutcomeDefault}
            options={view.outcomes.map((value) => ({ value, label: outcomeName(value, view.language) }))}
          />
        </div>
      )}
      <Fields view={view} texts={texts} trouble={trouble} />
      <Consents texts={texts} ticked={ticked} onChange={setTicked} />
      {trouble && (
        <p class="trouble" role="alert">
          {texts.errors[trouble]}
        </p>
      )}
      <div class="foot">
        <button type="submit" class="main-button" disabled={isHidden || ticked.includes(false)}>
          {buttonText(view, texts)}
        </button>
        {view.form.method === 'CARD' && (
          <p class="secure">
            <LockIcon size={14} />
            <span>{location.protocol === 'https:' ? texts.secure : texts.notStored}</span>
          </p>
        )}
      </div>
    </form>
  )
}

const buttonText = ({ form, kind, amount, language }: CheckoutView, texts: Texts): string => {
  switch (form.method) {
    case 'VIRTUAL_ACCOUNT':
      return texts.get
    case 'CONVENIENCE_STORE':
      return texts.getNumber
    case 'CRYPTO':
      return texts.getAddress
    case 'IDENTITY':
      return texts.verify
    case 'MOBILE':
      return texts.next
    case 'CARD':
    case 'TRANSFER':
    case 'EASY_PAY':
    case 'GIFT_CERTIFICATE':
      return amount && kind !== 'ISSUE_BILLING_KEY' ? texts.pay(money(amount, language)) : texts.register
  }
}

const Fields = ({ view, texts, trouble }: Pick<Props, 'view' | 'texts' | 'trouble'>) => {
  const { form, language } = view
  switch (form.method) {
    case 'CARD':
      return <CardFields form={form} language={language} texts={texts} trouble={trouble} />
    case 'VIRTUAL_ACCOUNT':
      return <AccountFields form={form} view={view} texts={texts} />
    case 'TRANSFER':
      return <TransferFields form={form} view={view} texts={texts} />
    case 'EASY_PAY':
      return <WalletFields form={form} view={view} texts={texts} />
    case 'MOBILE':
      return <PersonFields carriers={form.carriers} view={view} texts={texts} />
    case 'GIFT_CERTIFICATE':
      return <GiftCertificateFields form={form} view={view} texts={texts} />
    case 'CONVENIENCE_STORE':
      return <p class="note">{texts.storeNote}</p>
    case 'CRYPTO':
      return <p class="note">{texts.cryptoNote}</p>
    case 'IDENTITY':
      return <PersonFields carriers={form.carriers} view={view} texts={texts} />
  }
}
