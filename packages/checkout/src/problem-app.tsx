import { useEffect } from 'preact/hooks'
import { isFramed, leaveAtOnce, tellAway, tellReady } from './opener.ts'
import { Notice } from './parts/notice.tsx'
import { Sheet } from './parts/sheet.tsx'
import { WayBack } from './parts/way-back.tsx'
import { textsOf } from './texts.ts'

type Props = {
  /** `BUSY`: asked too often. `FAILED`: the server has failed. Otherwise there is nothing at this address. */
  readonly problem: string
  /** Where the shopper came from, if the server knows. */
  readonly shop: string | undefined
}

/**
 * In place of a page that the server could not answer with. Trying again repeats the very request: a return from a PG's window
 * counts once, however often it comes. In a frame the shop's page has a close button over it for as long as we say nothing. Of a popup
 * it asks the server what became of it: after a reset nothing will.
 */
export const ProblemApp = ({ problem, shop }: Props) => {
  const language = /^ko/i.test(navigator.language) ? 'ko' : 'en'
  const texts = textsOf(language)
  const isPassing = problem === 'BUSY' || problem === 'FAILED'
  const [title, text] =
    problem === 'BUSY'
      ? [texts.busyTitle, texts.busyText]
      : problem === 'FAILED'
        ? [texts.brokenTitle, texts.brokenText]
        : [texts.unknownTitle, texts.unknownText]
  useEffect(() => {
    if (isFramed) return
    tellReady()
    tellAway()
  }, [])
  useEffect(() => {
    document.documentElement.lang = language
    document.title = title
  }, [language, title])
  return (
    <Sheet
      title={title}
      isTitleHidden={false}
      view={undefined}
      texts={texts}
      onClose={!isFramed && window.opener ? leaveAtOnce : undefined}
    >
      <Notice text={text} tone="bad" />
      {isPassing && (
        <button type="button" class="main-button" onClick={() => location.reload()}>
          {texts.again}
        </button>
      )}
      {shop !== undefined && !window.opener && <WayBack url={shop} texts={texts} />}
    </Sheet>
  )
}
