import type { SessionPage } from '@naru/contract'
import { type Texts, textsOf } from '../texts.ts'
import { Notice } from './notice.tsx'
import { Paid } from './paid.tsx'
import { WayBack } from './way-back.tsx'

type Props = { readonly page: SessionPage; readonly language: SessionPage['language'] }

/** How a session ended in which nothing can be paid any more, and the way to the shop. */
export const SessionOver = ({ page, language }: Props) => {
  if (page.standing === 'OPEN') return null
  const { redirectUrl } = page
  const texts = textsOf(language)
  const next = redirectUrl === undefined ? texts.returnToShop : undefined
  return (
    <>
      <Ending page={page} language={language} texts={texts} next={next} />
      {redirectUrl !== undefined && <WayBack url={redirectUrl} texts={texts} />}
    </>
  )
}

const Ending = ({
  page,
  language,
  texts,
  next,
}: Props & { readonly texts: Texts; readonly next: string | undefined }) => {
  switch (page.standing) {
    case 'OPEN':
      return null
    case 'PAID':
      return <Paid order={page} language={language} texts={texts} next={next} />
    case 'WAITING':
      return <Notice title={texts.waitingTitle} text={texts.pendingText} next={next} tone="waiting" />
    case 'CLOSED':
      return <Notice title={texts.closedTitle} text={texts.sessionClosedText} next={next} tone="bad" />
    case 'EXPIRED':
      return <Notice title={texts.expiredTitle} text={texts.sessionExpiredText} next={next} tone="bad" />
  }
}
