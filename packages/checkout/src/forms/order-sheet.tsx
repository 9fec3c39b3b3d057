import type { CheckoutPaymentMethod, SessionPage } from '@naru/contract'
import type { RefObject } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { checkoutMethodName } from '../names.ts'
import { Notice } from '../parts/notice.tsx'
import { type Texts, textsOf } from '../texts.ts'
import { Radios } from './fields.tsx'
import { Foot } from './foot.tsx'

type Props = {
  readonly page: SessionPage
  /** Why the last try opened nothing. */
  readonly refusal?: string | undefined
  readonly language: SessionPage['language']
  readonly onPay: (method: CheckoutPaymentMethod) => void
}

/** How to pay, and what the shop wants agreed to. */
export const OrderSheet = ({ page, refusal, language, onPay }: Props) => {
  const { methods, agreements } = page
  const group = useRef<HTMLFieldSetElement>(null)
  const texts = textsOf(language)
  const [chosen, setChosen] = useState<CheckoutPaymentMethod | undefined>(methods.length === 1 ? methods[0] : undefined)
  const [ticked, setTicked] = useState<readonly boolean[]>(agreements.map(() => false))
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (chosen) onPay(chosen)
  }
  if (methods.length === 0) return <Notice title={texts.failedTitle} text={texts.errors.METHOD} tone="bad" />
  return (
    <form class="form" onSubmit={submit}>
      <Radios
        legend={texts.howToPay}
        name="method"
        options={methods.map((value) => ({ value, label: checkoutMethodName(value, language) }))}
        onChoose={(value) => setChosen(methods.find((method) => method === value))}
      />
      <Agreements group={group} agreements={agreements} texts={texts} ticked={ticked} onChange={setTicked} />
      <Foot
        texts={texts}
        trouble={refusal}
        consents={group}
        missing={agreements.filter((_, place) => !ticked[place]).map(({ name }) => name)}
        isDisabled={!chosen}
        button={texts.next}
      />
    </form>
  )
}

type AgreementsProps = {
  readonly group: RefObject<HTMLFieldSetElement | null>
  readonly agreements: SessionPage['agreements']
  readonly texts: Texts
  readonly ticked: readonly boolean[]
  readonly onChange: (ticked: readonly boolean[]) => void
}

/** The shop's own, each behind a link. */
const Agreements = ({ group, agreements, texts, ticked, onChange }: AgreementsProps) => (
  <fieldset ref={group} class="agreements">
    {agreements.map(({ name, url }, place) => (
      <div class="consent" key={url}>
        <label class="check">
          <input
            type="checkbox"
            required
            onChange={({ currentTarget: { checked } }) =>
              onChange(ticked.map((was, other) => (other === place ? checked : was)))
            }
          />
          <span>
            {name} {texts.agree}
          </span>
        </label>
        <a href={url} target="_blank" rel="noreferrer">
          {texts.view}
        </a>
      </div>
    ))}
  </fieldset>
)
