import type { CheckoutForm, CheckoutView } from '@naru/contract'
import { useState } from 'preact/hooks'
import { cardCompanyName } from '../names.ts'
import type { Texts } from '../texts.ts'
import { Input, Row, Select } from './fields.tsx'
import { cardNumber, digits, expiry } from './format.ts'

type CardForm = Extract<CheckoutForm, { method: 'CARD' }>

type Props = {
  readonly form: CardForm
  readonly language: CheckoutView['language']
  readonly texts: Texts
}

export const CardFields = ({ form, language, texts }: Props) => {
  const [issuer, setIssuer] = useState<string>(form.issuer ?? '')
  const free = Object.entries(form.freeMonths).find(([company]) => company === issuer)?.[1] ?? []
  const [month = 0, ...others] = form.months
  const monthLabel = (count: number) =>
    [count === 0 ? texts.single : texts.months(count), free.includes(count) && `(${texts.interestFree})`]
      .filter(Boolean)
      .join(' ')
  return (
    <>
      <Input
        label={texts.cardNumber}
        name="cardNumber"
        autocomplete="cc-number"
        inputMode="numeric"
        hint="0000 0000 0000 0000"
        maxLength={23}
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
          maxLength={7}
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
          maxLength={2}
          format={digits(2)}
        />
      </Row>
      <Input
        label={texts.birth}
        name="birth"
        autocomplete="off"
        inputMode="numeric"
        hint={texts.birthHint}
        maxLength={10}
        format={digits(10)}
      />
      <p class="note">{texts.abroad}</p>
      {form.issuer ? (
        <p class="fixed">{texts.cardPromotion(cardCompanyName(form.issuer, language))}</p>
      ) : (
        <Select
          label={texts.issuer}
          name="issuer"
          empty={texts.issuerDefault}
          options={form.issuers.map((value) => ({ value, label: cardCompanyName(value, language) }))}
          onChoose={setIssuer}
        />
      )}
      {others.length > 0 ? (
        <Select
          label={texts.installment}
          name="month"
          options={form.months.map((count) => ({ value: String(count), label: monthLabel(count) }))}
        />
      ) : (
        <>
          <input type="hidden" name="month" value={String(month)} />
          {month > 0 && (
            <p class="fixed">
              {texts.installment}: {monthLabel(month)}
            </p>
          )}
        </>
      )}
      <label class="check">
        <input type="checkbox" name="usesPoints" defaultChecked={form.usesPoints} />
        <span>{texts.points}</span>
      </label>
    </>
  )
}
