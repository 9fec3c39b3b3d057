import { DoneForm } from './done-form.tsx'
import { AlertIcon, CheckIcon } from './icons.tsx'

type Props = {
  /** Left out where the heading of the page says it. */
  readonly title?: string
  readonly text: string
  readonly isError?: boolean
  readonly done?: string
  readonly onDone?: () => void
}

/** How it ended, where there is nothing left to do but to go. */
export const Notice = ({ title, text, isError = false, done, onDone }: Props) => (
  <DoneForm class="notice" done={done} onDone={onDone}>
    <span class={isError ? 'badge badge-error' : 'badge'}>
      {isError ? <AlertIcon size={28} /> : <CheckIcon size={28} />}
    </span>
    <div role={isError ? 'alert' : 'status'}>
      {title !== undefined && <p class="notice-title">{title}</p>}
      <p class="note">{text}</p>
    </div>
  </DoneForm>
)
