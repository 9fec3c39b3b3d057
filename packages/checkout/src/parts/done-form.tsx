import type { ComponentChildren } from 'preact'

type Props = {
  readonly class: string
  readonly done: string | undefined
  readonly onDone: (() => void) | undefined
  readonly children: ComponentChildren
}

/** Something to read, and one button. */
export const DoneForm = ({ class: name, done, onDone, children }: Props) => {
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onDone?.()
  }
  return (
    <form class={name} onSubmit={submit}>
      {children}
      {done && (
        <button type="submit" class="main-button">
          {done}
        </button>
      )}
    </form>
  )
}
