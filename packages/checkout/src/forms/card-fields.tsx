import type { CheckoutForm, CheckoutView } from '@naru/contract'
import { useState } from 'preact/hooks'
import { cardCompanyName } from '../names.ts'
import type { Texts } from '../texts.ts'
import { expiry } from './expiry.ts'
import { Input, Row, Select } from './fields.tsx'
import { cardNumber, digits } from './format.ts'

type Props = {
  readonly form: Extract<CheckoutForm, { method: 'CARD' }>
  readonly language: CheckoutView['language']
  readonly texts: Texts
}

export const CardFields = ({ form, language, texts }: Props) => {
  const [issuer, setIssuer] = useState<string>(form.issuer ?? (form.isLimited ? form.issuers[0] : undefined) ?? '')
  return (
    <>
      <NumberFields texts={texts} />
      <HolderFields texts={texts} />
      {form.issuer ? (
        <p class="fixed">{texts.cardPromotion(cardCompanyName(form.issuer, language))}</p>
      ) : (
        <IssuerSelect form={form} language={language} texts={texts} onChoose={setIssuer} />
      )}
      <MonthSelect form={form} issuer={issuer} texts={texts} />
      {form.takesPoints && (
        <label class="check">
          <input type="checkbox" name="usesPoints" defaultChecked={form.usesPoints} />
          <span>{texts.points}</span>
        </label>
      )}
    </>
  )
}

type OfTexts = Pick<Props, 'texts'>

const NumberFields = ({ texts }: OfTexts) => (
  <>
    <Input
      label={texts.cardNumber}
      name="cardNumber"
      autocomplete="cc-number"
      inputMode="numeric"
      hint="0000 0000 0000 0000"
      isRequired
      format={cardNumber}
    />
    <Row>
      <Input
        label={texts.expiry}
        name="expiry"
        autocomplete="cc-exp"
        inputMode="numeric"
        hint={texts.expiryHint}
        isRequired
        format={expiry}
      />
      <Input
        label={texts.password}
        name="password"
        isSecret
        autocomplete="off"
        inputMode="numeric"
        hint={texts.passwordHint}
        format={digits(2)}
      />
    </Row>
  </>
)

/** What Korean issuers ask for besides. */
const HolderFields = ({ texts }: OfTexts) => (
  <>
    <Input
      label={texts.birth}
      name="birth"
      autocomplete="off"
      inputMode="numeric"
      hint={texts.birthHint}
      format={digits(10)}
    />
    <p class="note">{texts.abroad}</p>
  </>
)

type IssuerProps = Props & {
  readonly onChoose: (issuer: string) => void
}

/** A card's number tells its issuer, unless the shop takes only some. */
const IssuerSelect = ({ form, language, texts, onChoose }: IssuerProps) => (
  <Select
    label={texts.issuer}
    name="issuer"
    empty={form.isLimited ? undefined : texts.issuerDefault}
    options={form.issuers.map((value) => ({ value, label: cardCompanyName(value, language) }))}
    onChoose={onChoose}
  />
)

/** In how many months; which of them are free of interest depends on the issuer. */
const MonthSelect = ({ form, issuer, texts }: Pick<Props, 'form' | 'texts'> & { readonly issuer: string }) => {
  const free = Object.entries(form.freeMonths).find(([company]) => company === issuer)?.[1] ?? []
  const label = (count: number) =>
    [count === 0 ? texts.single : texts.months(count), free.includes(count) && `(${texts.interestFree})`]
      .filter(Boolean)
      .join(' ')
  const [month = 0, ...others] = form.months
  if (others.length > 0)
    return (
      <Select
        label={texts.installment}
        name="month"
        options={form.months.map((count) => ({ value: String(count), label: label(count) }))}
      />
    )
  return (
    <>
      <input type="hidden" name="month" value={String(month)} />
      {month > 0 && (
        <p class="fixed">
          {texts.installment}: {label(month)}
        </p>
      )}
    </>
  )
}
