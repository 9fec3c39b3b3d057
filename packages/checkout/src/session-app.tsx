import type { CheckoutPaymentMethod, SessionPage } from '@naru/contract'
import { useEffect, useState } from 'preact/hooks'
import { openFromSession, Refused, readSession, retrying } from './api.ts'
import { OrderSheet } from './forms/order-sheet.tsx'
import { inOrder } from './in-order.ts'
import { canLeave, goBack } from './opener.ts'
import { paint } from './paint.ts'
import { Notice } from './parts/notice.tsx'
import { SessionOver } from './parts/session-over.tsx'
import { Sheet } from './parts/sheet.tsx'
import { Waiting } from './parts/waiting.tsx'
import { preferredLanguage } from './preferred-language.ts'
import { textsOf } from './texts.ts'
import { lookEvery, watch } from './watch.ts'

type Step =
  | { readonly kind: 'loading' | 'unknown' }
  | { readonly kind: 'sheet'; readonly page: SessionPage; readonly refusal?: string | undefined }

/** The order sheet of a payment session: how to pay, and what to agree to, or how it ended. Paying itself is the next page. */
export const SessionApp = () => {
  const [step, setStep] = useState<Step>({ kind: 'loading' })
  const show = (page: SessionPage, refusal?: string) => setStep({ kind: 'sheet', page, refusal })
  const gone = () => setStep({ kind: 'unknown' })
  useEffect(() => {
    const load = () =>
      retrying(readSession).then((page) => {
        const [only] = page.methods
        if (page.isDirect && page.standing === 'OPEN' && only) void pay(page, only)
        else show(page)
      }, gone)
    void load()
    // Back from paying: it may be paid by now.
    addEventListener('pageshow', (event) => event.persisted && void load())
  }, [])
  const isUndecided = step.kind === 'sheet' && (step.page.standing === 'OPEN' || step.page.standing === 'WAITING')
  const isTest = step.kind === 'sheet' && step.page.isTest
  useEffect(() => {
    if (!isUndecided) return
    // What was ticked, and what was told, stays.
    const update = (page: SessionPage) => setStep((now) => (now.kind === 'sheet' ? { ...now, page } : now))
    const look = () => retrying(readSession).then(update, gone)
    // The clock of a test store is moved by hand.
    return watch(isTest ? lookEvery : undefined, look)
  }, [isUndecided, isTest])
  const language = shownLanguage(step.kind === 'sheet' ? step.page.language : undefined)
  const texts = textsOf(language)
  const page = step.kind === 'sheet' ? step.page : undefined
  const title = step.kind === 'unknown' ? texts.unknownTitle : page ? texts.orderSheet : texts.loading
  useEffect(() => {
    document.documentElement.lang = language
    document.title = page ? inOrder(`${page.orderName} · ${page.storeName}`) : title
  }, [language, title, page])
  const { primary, primaryHover, primaryLight } = page?.colors ?? {}
  useEffect(() => paint({ primary, primaryHover, primaryLight }), [primary, primaryHover, primaryLight])
  /** Where nothing was asked our page makes way: going back from paying leads to the shop, not into paying again. */
  const pay = async (page: SessionPage, method: CheckoutPaymentMethod) => {
    const { language } = page
    const opened = await retrying(() => openFromSession(method, shownLanguage(language))).catch(refusalIn)
    // It may be paid, or over, by now.
    const refused = (refusal: string) => retrying(readSession).then((now) => show(now, refusal), gone)
    if (typeof opened === 'string') return await refused(opened || textsOf(shownLanguage(language)).errors.FAILED)
    if (page.isDirect) location.replace(opened.url)
    else location.assign(opened.url)
  }
  return (
    <Sheet
      title={title}
      isTitleHidden={step.kind === 'loading'}
      view={page && { ...page, language }}
      texts={texts}
      onClose={canLeave ? goBack : undefined}
    >
      {step.kind === 'loading' && <Waiting title={texts.loading} />}
      {step.kind === 'unknown' && <Notice text={texts.unknownText} tone="bad" />}
      {page && <SessionOver page={page} language={language} />}
      {step.kind === 'sheet' && step.page.standing === 'OPEN' && (
        <OrderSheet {...step} language={language} onPay={(method) => void pay(step.page, method)} />
      )}
    </Sheet>
  )
}

/** Why nothing was opened, if it was said. */
const refusalIn = (error: unknown): string => (error instanceof Refused && error.told) || ''

/** The browser's language, or else that of the order's country. */
const shownLanguage = (usual: SessionPage['language'] = 'en'): SessionPage['language'] => preferredLanguage() ?? usual
