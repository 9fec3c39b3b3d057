import type { ComponentChildren, RefObject } from 'preact'
import { useId, useRef } from 'preact/hooks'
import { type Format, written } from './typing.ts'
import { useWrong } from './wrong.ts'

type InputProps = {
  readonly label: string
  readonly name: string
  readonly autocomplete: string
  readonly hint?: string
  readonly value?: string | undefined
  readonly isSecret?: boolean
  readonly inputMode?: 'numeric' | 'tel' | 'email' | 'text'
  readonly isRequired?: boolean
} & Bounds

/** Writes what was typed as people read it, and no more of it than fits: browsers would cut a pasted number before it is read. */
type Bounds = { readonly format: Format } | { readonly format?: never; readonly maxLength: number }

export const Input = ({ label, isSecret = false, ...props }: InputProps) => {
  const id = useId()
  const { name, autocomplete, hint = '', value = '', inputMode = 'text', format } = props
  const before = useRef(value)
  const wrong = useWrong(name)
  const attributes = {
    id,
    name,
    autocomplete,
    inputMode,
    ...(format ? {} : { maxLength: props.maxLength }),
    placeholder: hint,
    defaultValue: value,
    required: props.isRequired === true,
    ...marked(id, wrong),
    ...(format && writing(format, before)),
  }
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {isSecret ? <input type="password" {...attributes} /> : <input type="text" {...attributes} />}
      <WrongText id={id} text={wrong} />
    </div>
  )
}

type Changed = { readonly currentTarget: HTMLInputElement; readonly isComposing?: boolean; readonly inputType?: string }

/** Writes each change anew. A character that is still being composed would be lost. */
const writing = (format: Format, before: RefObject<string>) => {
  const write = ({ currentTarget: input, inputType = '' }: Changed) => {
    const { value: text, selectionStart } = input
    const typed = { text, caret: selectionStart ?? text.length, before: before.current ?? '', inputType }
    const next = written(format, typed)
    before.current = next.text
    if (next.text === text) return
    input.value = next.text
    // Some browsers move the focus to where a caret is set.
    if (document.activeElement === input) input.setSelectionRange(next.caret, next.caret)
  }
  return {
    onInput: (changed: Changed) => !changed.isComposing && write(changed),
    onCompositionEnd: write,
  }
}

/** A wrong field says so, and names the message beside it. */
const marked = (id: string, wrong: string | undefined) =>
  wrong === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': `${id}-wrong` }

const WrongText = ({ id, text }: { readonly id: string; readonly text: string | undefined }) =>
  text === undefined ? null : (
    <p class="wrong" id={`${id}-wrong`} role="alert">
      {text}
    </p>
  )

type Option = { readonly value: string; readonly label: string }

type SelectProps = {
  readonly label: string
  readonly name: string
  readonly options: readonly Option[]
  /** What an empty choice says; without it there is none. */
  readonly empty?: string | undefined
  readonly value?: string | undefined
  readonly isRequired?: boolean
  readonly onChoose?: (value: string) => void
}

export const Select = ({ label, name, options, empty, value, isRequired = false, onChoose }: SelectProps) => {
  const id = useId()
  const wrong = useWrong(name)
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        name={name}
        required={isRequired}
        {...marked(id, wrong)}
        onChange={({ currentTarget }) => onChoose?.(currentTarget.value)}
      >
        {empty !== undefined && <option value="">{empty}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
      <WrongText id={id} text={wrong} />
    </div>
  )
}

type RadiosProps = {
  readonly legend: string
  readonly name: string
  readonly options: readonly Option[]
  readonly onChoose?: (value: string) => void
}

/** One alone is chosen already. */
export const Radios = ({ legend, name, options, onChoose }: RadiosProps) => {
  const id = useId()
  const wrong = useWrong(name)
  return (
    <fieldset class={wrong === undefined ? 'radios' : 'radios wrong-group'}>
      <legend>{legend}</legend>
      <div class={options.length === 1 ? 'radio-grid radio-alone' : 'radio-grid'}>
        {options.map(({ value, label }) => (
          <label key={value} class="radio">
            <input
              type="radio"
              name={name}
              value={value}
              required
              {...marked(id, wrong)}
              defaultChecked={options.length === 1}
              onChange={() => onChoose?.(value)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
      <WrongText id={id} text={wrong} />
    </fieldset>
  )
}

export const Row = ({ children }: { readonly children: ComponentChildren }) => <div class="row">{children}</div>
