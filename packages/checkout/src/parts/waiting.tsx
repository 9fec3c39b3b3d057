import { Sentences } from './sentences.tsx'

/** Something is under way. */
export const Waiting = ({ title, note }: { readonly title: string; readonly note?: string }) => (
  <div class="waiting" role="status">
    <span class="spinner" aria-hidden="true" />
    <p class="waiting-title">{title}</p>
    {note && (
      <p class="note">
        <Sentences text={note} />
      </p>
    )}
  </div>
)
