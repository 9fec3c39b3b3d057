/** A short text whose lines end where its sentences do, if they fit. */
export const Sentences = ({ text }: { readonly text: string }) => (
  <>
    {text.split(/(?<=[.!?]) /).map((sentence) => [
      // Outside the span, which would swallow it: two sentences on one line need it between them.
      ' ',
      <span key={sentence} class="sentence">
        {sentence}
      </span>,
    ])}
  </>
)
