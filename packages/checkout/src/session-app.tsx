import type { CheckoutPaymentMethod, SessionPage } from '@naru/contract'
import { useEffect, useRef, useState } from 'preact/hooks'
import { openFromSession, readSession, retrying } from './api.ts'
import { Radios } from './forms/fields.tsx'
import { Foot } from './forms/foot.tsx'
import { checkoutMethodName } from './names.ts'
import { Notice } from './parts/notice.tsx'
import { Sheet } from './parts/sheet.tsx'
import { Waiting } from './parts/waiting.tsx'
import { textsOf } from './texts.ts'

type Step =
  | { readonly kind: 'loading' | 'unknown' }
  | { readonly kind: 'sheet'; readonly page: SessionPage; readonly isRefused: boolean }

/** The order sheet of a payment session: how to pay, and what to agree to. Paying itself is the next page. */
export const SessionApp = () => {
  const [step, setStep] = useState<Step>({ kind: 'loading' })
  useEffect(() => {
    const load = () =>
      retrying(readSession).then(
        (page) => {
          const [only] = page.methods
          if (page.isDirect && !page.isPaid && only) void pay(page, only)
          else setStep({ kind: 'sheet', page, isRefused: false })
        },
        () => setStep({ kind: 'unknown' }),
      )
    void load()
    // Back from paying: it may be paid by now.
    addEventListener('pageshow', (event) => event.persisted && void load())
  }, [])
  const language = shownLanguage(step.kind === 'sheet' ? step.page.language : undefined)
  const texts = textsOf(language)
  const page = step.kind === 'sheet' ? step.page : undefined
  const title = step.kind === 'unknown' ? texts.unknownTitle : page ? texts.orderSheet : texts.loading
  useEffect(() => {
    document.documentElement.lang = language
    document.title = page ? `${page.orderName} · ${page.storeName}` : title
    const { primary, primaryHover, primaryLight } = page?.colors ?? {}
    const { style } = document.documentElement
    if (primary) style.setProperty('--primary', primary)
    if (primaryHover) style.setProperty('--primary-hover', primaryHover)
    if (primaryLight) style.setProperty('--primary-light', primaryLight)
  }, [language, title, page])
  /** Where nothing was asked our page makes way: going back from paying leads to the shop, not into paying again. */
  const pay = async (page: SessionPage, method: CheckoutPaymentMethod) => {
    const opened = await retrying(() => openFromSession(method, shownLanguage(page.language))).catch(() => undefined)
    if (!opened) return setStep({ kind: 'sheet', page, isRefused: true })
    if (page.isDirect) location.replace(opened.url)
    else location.assign(opened.url)
  }
  return (
    <Sheet title={title} view={page && { ...page, language }} texts={texts} onClose={undefined}>
      {step.kind === 'loading' && <Waiting title={texts.loading} />}
      {step.kind === 'unknown' && <Notice text={texts.unknownText} isError />}
      {page?.isPaid && <Notice title={texts.doneTitle} text={texts.returnToShop} />}
      {step.kind === 'sheet' && !step.page.isPaid && (
        <OrderSheet {...step} language={language} onPay={(method) => void pay(step.page, method)} />
      )}
    </Sheet>
  )
}

/** The browser's language, if it is one of ours; otherwise that of the order's country. */
const shownLanguage = (usual: SessionPage['language'] = 'en'): SessionPage['language'] => {
  const [preferred = ''] = navigator.language.toLowerCase().split('-')
  return preferred === 'ko' || preferred === 'en' ? preferred : usual
}

type OrderSheetProps = {
  readonly page: SessionPage
  readonly isRefused: boolean
  readonly language: SessionPage['language']
  readonly onPay: (method: CheckoutPaymentMethod) => void
}

const OrderSheet = ({ page, isRefused, language, onPay }: OrderSheetProps) => {
  const { methods, agreements } = page
  const consents = useRef<HTMLFieldSetElement>(null)
  const texts = textsOf(language)
  const [chosen, setChosen] = useState<CheckoutPaymentMethod | undefined>(methods.length === 1 ? methods[0] : undefined)
  const [ticked, setTicked] = useState(agreements.map(() => false))
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (chosen) onPay(chosen)
  }
  if (methods.length === 0) return <Notice title={texts.failedTitle} text={texts.errors.METHOD} isError />
  return (
    <form class="form" onSubmit={submit}>
      <Radios
        legend={texts.howToPay}
        name="method"
        options={methods.map((value) => ({ value, label: checkoutMethodName(value, language) }))}
        onChoose={(value) => setChosen(methods.find((method) => method === value))}
      />
      <fieldset ref={consents} class="agreements">
        {agreements.map(({ name, url }, place) => (
          <div class="consent" key={url}>
            <label class="check">
              <input
                type="checkbox"
                required
                onChange={({ currentTarget: { checked } }) =>
                  setTicked(ticked.map((was, other) => (other === place ? checked : was)))
                }
              />
              <span>
                {name} {texts.agree}
              </span>
            </label>
            <a href={url} target="_blank" rel="noreferrer">
              {texts.view}
            </a>
          </div>
        ))}
      </fieldset>
      <Foot
        texts={texts}
        trouble={isRefused ? texts.errors.FAILED : undefined}
        consents={consents}
        isAgreed={!ticked.includes(false)}
        isDisabled={!chosen}
        button={texts.next}
      />
    </form>
  )
}
