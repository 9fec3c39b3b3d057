import type { Consent } from '@naru/contract'
import type { RefObject } from 'preact'
import { CheckIcon } from '../parts/icons.tsx'
import type { Texts } from '../texts.ts'

type Props = {
  readonly group: RefObject<HTMLFieldSetElement | null>
  readonly consents: readonly Consent[]
  readonly texts: Texts
  readonly ticked: readonly boolean[]
  readonly onChange: (ticked: readonly boolean[]) => void
}

/** What has to be agreed to before anything can be sent. */
export const Consents = ({ group, consents, texts, ticked, onChange }: Props) => {
  const isAll = !ticked.includes(false)
  const tick = (place: number, isTicked: boolean) =>
    onChange(ticked.map((was, other) => (other === place ? isTicked : was)))
  return (
    <fieldset ref={group} class="consents">
      <legend class="visually-hidden">{texts.agreeAll}</legend>
      <button
        type="button"
        class={isAll ? 'quiet-button agree-all agreed' : 'quiet-button agree-all'}
        onClick={() => onChange(ticked.map(() => true))}
      >
        {isAll && <CheckIcon size={18} />}
        {isAll ? texts.agreedAll : texts.agreeAll}
      </button>
      {consents.map(({ id, name, text }, place) => (
        <div class="consent" key={id}>
          <label class="check">
            <input
              type="checkbox"
              required
              checked={ticked[place] ?? false}
              onChange={({ currentTarget }) => tick(place, currentTarget.checked)}
            />
            <span>
              <small>{texts.required}</small> {name}
            </span>
          </label>
          <details>
            <summary aria-label={`${name}: ${texts.view}`}>{texts.view}</summary>
            <p>{text}</p>
          </details>
        </div>
      ))}
    </fieldset>
  )
}
