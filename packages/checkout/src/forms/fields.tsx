import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

type InputProps = {
  readonly label: string
  readonly name: string
  readonly autocomplete: string
  readonly hint?: string
  readonly value?: string | undefined
  readonly isSecret?: boolean
  readonly inputMode?: 'numeric' | 'tel' | 'email' | 'text'
  readonly maxLength: number
  readonly pattern?: string
  readonly isRequired?: boolean
  readonly isInvalid?: boolean
  /** Writes what was typed as people read it. */
  readonly format?: (typed: string) => string
}

export const Input = ({ label, isSecret = false, ...props }: InputProps) => {
  const id = useId()
  const { name, autocomplete, hint = '', value = '', inputMode = 'text', maxLength, pattern, format } = props
  const attributes = {
    id,
    name,
    autocomplete,
    inputMode,
    maxLength,
    placeholder: hint,
    defaultValue: value,
    required: props.isRequired === true,
    'aria-invalid': props.isInvalid === true,
    onInput: ({ currentTarget: input }: { currentTarget: HTMLInputElement }) => {
      if (!format) return
      const written = format(input.value)
      if (written !== input.value) input.value = written
    },
    ...(pattern === undefined ? {} : { pattern }),
  }
  return (
    <p class="field">
      <label for={id}>{label}</label>
      {isSecret ? <input type="password" {...attributes} /> : <input type="text" {...attributes} />}
    </p>
  )
}

type Option = { readonly value: string; readonly label: string }

type SelectProps = {
  readonly label: string
  readonly name: string
  readonly options: readonly Option[]
  /** What an empty choice says; without it there is none. */
  readonly empty?: string
  readonly value?: string | undefined
  readonly isRequired?: boolean
  readonly onChoose?: (value: string) => void
}

export const Select = ({ label, name, options, empty, value, isRequired = false, onChoose }: SelectProps) => {
  const id = useId()
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        name={name}
        required={isRequired}
        onChange={({ currentTarget }) => onChoose?.(currentTarget.value)}
      >
        {empty !== undefined && <option value="">{empty}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </p>
  )
}

type RadiosProps = {
  readonly legend: string
  readonly name: string
  readonly options: readonly Option[]
  readonly onChoose?: (value: string) => void
}

/** One alone is chosen already. */
export const Radios = ({ legend, name, options, onChoose }: RadiosProps) => (
  <fieldset class="radios">
    <legend>{legend}</legend>
    <div class="radio-grid">
      {options.map(({ value, label }) => (
        <label key={value} class="radio">
          <input
            type="radio"
            name={name}
            value={value}
            required
            defaultChecked={options.length === 1}
            onChange={() => onChoose?.(value)}
          />
          <span>{label}</span>
        </label>
      ))}
    </div>
  </fieldset>
)

export const Row = ({ children }: { readonly children: ComponentChildren }) => <div class="row">{children}</div>
