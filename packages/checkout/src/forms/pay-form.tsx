import type { CheckoutView } from '@naru/contract'
import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { money } from '../money.ts'
import { outcomeName } from '../names.ts'
import { LockIcon } from '../parts/icons.tsx'
import type { Texts } from '../texts.ts'
import type { Submission, Trouble } from '../use-checkout.ts'
import { CardFields } from './card-fields.tsx'
import { Consents } from './consents.tsx'
import { Select } from './fields.tsx'
import { Foot } from './foot.tsx'
import { AccountFields, GiftCertificateFields, PersonFields, TransferFields, WalletFields } from './other-fields.tsx'
import { submissionOf } from './submission.ts'
import { useMending } from './use-mending.ts'
import { WrongFields } from './wrong.ts'

type Props = {
  readonly view: CheckoutView
  readonly texts: Texts
  readonly isHidden: boolean
  readonly trouble: Trouble | undefined
  readonly onSubmit: (submission: Submission) => void
}

/** What the shopper is asked for, in one step. */
export const PayForm = ({ view, texts, isHidden, trouble, onSubmit }: Props) => {
  const form = useRef<HTMLFormElement>(null)
  const consents = useRef<HTMLFieldSetElement>(null)
  const [ticked, setTicked] = useState<readonly boolean[]>(view.consents.map(() => false))
  const { wrong, general, isRight, onInput } = useMending(form, trouble, isHidden)
  useFocusOnReturn(form, isHidden, trouble)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (form.current && isRight()) onSubmit(submissionOf(view, new FormData(form.current)))
  }
  return (
    <form ref={form} class="form" hidden={isHidden} noValidate onSubmit={submit} onInput={onInput}>
      {view.outcomes && (
        <div class="outcome">
          <Select
            label={texts.testOutcome}
            name="outcome"
            empty={texts.testOutcomeDefault(view.form.method)}
            options={view.outcomes.map((value) => ({ value, label: outcomeName(value, view.language) }))}
          />
        </div>
      )}
      <WrongFields value={{ wrong, textOf: (found) => texts.errors[found] }}>
        <Fields view={view} texts={texts} />
      </WrongFields>
      <Consents group={consents} consents={view.consents} texts={texts} ticked={ticked} onChange={setTicked} />
      <Foot
        texts={texts}
        trouble={general && texts.errors[general]}
        consents={consents}
        missing={view.consents.filter((_, place) => !ticked[place]).map(({ name }) => name)}
        isDisabled={isHidden}
        button={buttonText(view, texts)}
      >
        {view.form.method === 'CARD' && (
          <p class="secure">
            <LockIcon size={14} />
            <span>{promiseOf(view, texts)}</span>
          </p>
        )}
      </Foot>
    </form>
  )
}

/** Who comes back from the one-time code corrects what it is sent by. What is wrong is told, and gets the focus, otherwise. */
const useFocusOnReturn = (form: RefObject<HTMLFormElement | null>, isHidden: boolean, trouble: Trouble | undefined) => {
  const wasHidden = useRef(isHidden)
  useEffect(() => {
    if (wasHidden.current && !isHidden && !trouble)
      form.current?.querySelector<HTMLElement>('[name=phoneNumber], [name=cardNumber]')?.focus()
    wasHidden.current = isHidden
  }, [form, isHidden, trouble])
}

/** What becomes of a card's number. One that is saved is kept, by the PG. */
const promiseOf = ({ kind }: CheckoutView, texts: Texts): string => {
  if (kind !== 'PAYMENT') return texts.keptByPg
  return location.protocol === 'https:' ? texts.secure : texts.notStored
}

const buttonText = ({ form, kind, amount, language }: CheckoutView, texts: Texts): string => {
  switch (form.method) {
    case 'VIRTUAL_ACCOUNT':
      return texts.get
    case 'CONVENIENCE_STORE':
      return texts.getNumber
    case 'CRYPTO':
      return texts.requestCrypto
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

const Fields = ({ view, texts }: Pick<Props, 'view' | 'texts'>) => {
  const { form, language } = view
  switch (form.method) {
    case 'CARD':
      return <CardFields form={form} language={language} texts={texts} />
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
