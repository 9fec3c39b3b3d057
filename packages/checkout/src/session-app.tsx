import type { CheckoutPaymentMethod, SessionPage } from '@naru/contract'
import { useEffect, useState } from 'preact/hooks'
import { openFromSession, readSession, retrying } from './api.ts'
import { Radios } from './forms/fields.tsx'
import { money } from './money.ts'
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
  const language = step.kind === 'sheet' ? step.page.language : /^ko/i.test(navigator.language) ? 'ko' : 'en'
  const texts = textsOf(language)
  const page = step.kind === 'sheet' ? step.page : undefined
  const title = page?.orderName ?? texts.order
  useEffect(() => {
    document.documentElement.lang = language
    document.title = page ? `${title} · ${page.storeName}` : title
    const { primary, primaryHover, primaryLight } = page?.colors ?? {}
    const { style } = document.documentElement
    if (primary) style.setProperty('--primary', primary)
    if (primaryHover) style.setProperty('--primary-hover', primaryHover)
    if (primaryLight) style.setProperty('--primary-light', primaryLight)
  }, [language, title, page])
  /** Where nothing was asked our page makes way: going back from paying leads to the shop, not into paying again. */
  const pay = async (page: SessionPage, method: CheckoutPaymentMethod) => {
    const opened = await retrying(() => openFromSession(method)).catch(() => undefined)
    if (!opened) return setStep({ kind: 'sheet', page, isRefused: true })
    if (page.isDirect) location.replace(opened.url)
    else location.assign(opened.url)
  }
  return (
    <Sheet title={title} view={page} texts={texts} onClose={undefined}>
      {step.kind === 'loading' && <Waiting title={texts.loading} />}
      {step.kind === 'unknown' && <Notice title={texts.unknownTitle} text={texts.unknownText} isError />}
      {page?.isPaid && <Notice title={texts.doneTitle} text={texts.returnToShop} />}
      {step.kind === 'sheet' && !step.page.isPaid && (
        <OrderSheet {...step} onPay={(method) => void pay(step.page, method)} />
      )}
    </Sheet>
  )
}

type OrderSheetProps = {
  readonly page: SessionPage
  readonly isRefused: boolean
  readonly onPay: (method: CheckoutPaymentMethod) => void
}

const OrderSheet = ({ page, isRefused, onPay }: OrderSheetProps) => {
  const { language, methods, agreements } = page
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
      {isRefused && (
        <p class="trouble" role="alert">
          {texts.errors.FAILED}
        </p>
      )}
      <div class="foot">
        <button type="submit" class="main-button" disabled={!chosen || ticked.includes(false)}>
          {texts.pay(money(page.amount, language))}
        </button>
      </div>
    </form>
  )
}
