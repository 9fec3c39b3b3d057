/** A short text whose lines end where its sentences do, if they fit. */
export const Sentences = ({ text }: { readonly text: string }) => (
  <>
    {text.split(/(?<=[.!?]) /).map((sentence) => (
      <span key={sentence} class="sentence">
        {sentence}{' '}
      </span>
    ))}
  </>
)
