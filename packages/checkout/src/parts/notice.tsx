import { DoneForm } from './done-form.tsx'
import { AlertIcon, CheckIcon, ClockIcon, CloseIcon } from './icons.tsx'
import { Sentences } from './sentences.tsx'

type Tone = 'good' | 'bad' | 'neutral' | 'waiting'

type Props = {
  /** Left out where the heading of the page says it. */
  readonly title?: string
  readonly text?: string | undefined
  /** What happens next, apart from what happened. */
  readonly next?: string | undefined
  readonly tone?: Tone
  readonly done?: string
  readonly onDone?: () => void
}

/** How it ended, where there is nothing left to do but to go. */
export const Notice = ({ title, text, next, tone = 'good', done, onDone }: Props) => (
  <DoneForm class="notice" done={done} onDone={onDone}>
    <span class={`badge badge-${tone}`}>{icons[tone]}</span>
    <div class="notice-texts" role={tone === 'bad' ? 'alert' : 'status'}>
      {title !== undefined && <p class="notice-title">{title}</p>}
      {text !== undefined && (
        <p class="note">
          <Sentences text={text} />
        </p>
      )}
      {next !== undefined && <p class="note">{next}</p>}
    </div>
  </DoneForm>
)

const icons: Readonly<Record<Tone, preact.JSX.Element>> = {
  good: <CheckIcon size={28} />,
  bad: <AlertIcon size={28} />,
  neutral: <CloseIcon size={28} />,
  waiting: <ClockIcon size={28} />,
}
