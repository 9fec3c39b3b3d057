import { Sheet } from './parts/sheet.tsx'
import { Waiting } from './parts/waiting.tsx'
import { textsOf } from './texts.ts'

/** What the shopper sees until the PG has answered the form. Its close button, where there is one, is the shop's. */
export const PgFormApp = () => {
  const texts = textsOf(document.documentElement.lang === 'en' ? 'en' : 'ko')
  const { elsewhere } = texts
  document.title = elsewhere
  return (
    <Sheet title={elsewhere} isTitleHidden={true} view={undefined} texts={texts} onClose={undefined}>
      <Waiting title={elsewhere} />
    </Sheet>
  )
}
