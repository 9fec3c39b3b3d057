import type { CheckoutView } from '@naru/contract'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { ChallengeForm } from './forms/challenge-form.tsx'
import { PayForm } from './forms/pay-form.tsx'
import { inOrder } from './in-order.ts'
import { canLeave, isHeard, leaveAtOnce, tellReady } from './opener.ts'
import { CloseDialog } from './parts/close-dialog.tsx'
import { CryptoTransfer } from './parts/crypto-transfer.tsx'
import { Issued } from './parts/issued.tsx'
import { Notice } from './parts/notice.tsx'
import { Paid } from './parts/paid.tsx'
import { Sheet } from './parts/sheet.tsx'
import { Waiting } from './parts/waiting.tsx'
import { type Texts, textsOf } from './texts.ts'
import { type Checkout, leftCode, type Step, useCheckout } from './use-checkout.ts'

/** The page. Until the server has said which, its language is the browser's. */
export const App = () => {
  const checkout = useCheckout()
  const { step } = checkout
  const view = 'view' in step ? step.view : undefined
  const language = view?.language ?? (/^ko/i.test(navigator.language) ? 'ko' : 'en')
  const texts = textsOf(language, view?.kind)
  const title = view ? titleOf(view) : step.kind === 'unknown' ? texts.unknownTitle : texts.loading
  const [asksToLeave, setAsksToLeave] = useState(false)
  const isTouched = useRef(false)

  useLayoutEffect(tellReady, [])
  useEffect(() => {
    document.documentElement.lang = language
    document.title = view ? inOrder(`${title} · ${view.storeName}`) : title
    if (view) document.documentElement.dataset.mode = view.mode
  }, [language, title, view])

  /** Only who has typed something has something to lose. */
  const close = () => (isTouched.current ? setAsksToLeave(true) : checkout.leave())
  const leave = () => {
    setAsksToLeave(false)
    checkout.leave()
  }
  return (
    <Sheet
      title={title}
      isTitleHidden={step.kind === 'loading'}
      view={view}
      texts={texts}
      onClose={closingOf(step, close, checkout.finish)}
    >
      <div onInput={() => (isTouched.current = true)}>
        <Content checkout={checkout} language={language} />
      </div>
      {asksToLeave && <CloseDialog texts={texts} onLeave={leave} onStay={() => setAsksToLeave(false)} />}
    </Sheet>
  )
}

/**
 * What the close button does, if there is one. Where the server does not answer, or the shop's page does not take over, it does
 * not wait for them.
 */
const closingOf = (step: Step, close: () => void, finish: () => void): (() => void) | undefined => {
  const atOnce = canLeave ? leaveAtOnce : undefined
  switch (step.kind) {
    case 'form':
    case 'challenge':
    case 'elsewhere':
      return close
    case 'loading':
    case 'unknown':
      return atOnce
    case 'settling':
      return step.isLeaving || (step.trouble && step.view.mode !== 'REDIRECTION') ? atOnce : undefined
    case 'finished':
      return step.view.mode === 'REDIRECTION' ? undefined : atOnce
    // What is to be paid later stays so: closing is what the button below does.
    case 'issued':
    case 'expired':
    case 'closed':
    case 'replaced':
      return finish
  }
}

const titleOf = ({ language, form, kind }: CheckoutView): string => {
  const texts = textsOf(language)
  return kind === 'ISSUE_BILLING_KEY' ? texts.storeTitle(form.method) : texts.methods[form.method]
}

const Content = ({ checkout, language }: { checkout: Checkout; language: CheckoutView['language'] }) => {
  const { step, send, sendAgain, correct, finish } = checkout
  const texts = textsOf(language, 'view' in step ? step.view.kind : undefined)
  switch (step.kind) {
    case 'loading':
      return <Waiting title={texts.loading} />
    case 'unknown':
      return (
        <Notice text={texts.unknownText} tone="bad" {...(step.forgotten && { done: texts.done, onDone: finish })} />
      )
    // The form stays where it is while it is under way, so that a shopper who has to mend something types nothing twice.
    case 'form':
    case 'challenge':
    case 'settling':
      return (
        <>
          {step.kind === 'settling' && <Settling texts={texts} trouble={step.trouble} isLeaving={step.isLeaving} />}
          {step.kind === 'challenge' && (
            <ChallengeForm
              texts={texts}
              step={step}
              onSubmit={(otp) => send({ ...step.submission, otp })}
              onAgain={sendAgain}
              onCorrect={correct}
            />
          )}
          <PayForm
            view={step.view}
            texts={texts}
            isHidden={step.kind !== 'form'}
            trouble={step.kind === 'form' ? step.trouble : undefined}
            onSubmit={send}
          />
        </>
      )
    case 'elsewhere':
      return <Waiting title={texts.elsewhere} />
    case 'issued':
      return <IssuedStep view={step.view} texts={texts} onDone={finish} />
    case 'expired':
      return <Notice title={texts.expiredTitle} text={texts.expiredText} tone="bad" done={texts.done} onDone={finish} />
    case 'closed':
      return (
        <Notice
          title={texts.closedTitle}
          text={step.view.isRefunded ? texts.refunded : texts.closedText}
          tone="bad"
          done={texts.done}
          onDone={finish}
        />
      )
    case 'replaced':
      return (
        <Notice title={texts.replacedTitle} text={texts.replacedText} tone="bad" done={texts.done} onDone={finish} />
      )
    case 'finished':
      return <Finished view={step.view} />
  }
}

type SettlingProps = { readonly texts: Texts } & Pick<Extract<Step, { kind: 'settling' }>, 'trouble' | 'isLeaving'>

const Settling = ({ texts, trouble, isLeaving }: SettlingProps) =>
  isLeaving ? (
    <Waiting title={texts.leaving} />
  ) : (
    <Waiting title={texts.settling} note={trouble ? texts.errors[trouble] : texts.settlingNote} />
  )

type IssuedProps = { readonly view: CheckoutView; readonly texts: Texts; readonly onDone: () => void }

const IssuedStep = ({ view, ...others }: IssuedProps) => {
  const { issued } = view
  if (!issued) return null
  return issued.type === 'CRYPTO' ? (
    <CryptoTransfer transfer={issued} view={view} {...others} />
  ) : (
    <Issued issued={issued} view={view} {...others} />
  )
}

/** Seen for a moment where somebody takes over, and for good where nobody does. */
const Finished = ({ view }: { view: CheckoutView }) => {
  const texts = textsOf(view.language, view.kind)
  const { result, redirectUrl } = view.state
  const isTakenOver = redirectUrl !== undefined || (view.mode !== 'REDIRECTION' && isHeard())
  const next = isTakenOver ? texts.moving : texts.returnToShop
  if (result?.code === undefined) return <Succeeded view={view} texts={texts} next={next} />
  if (result.code === 'PaymentAlreadyPaid')
    return <Notice title={texts.paidTitle} text={view.isRefunded ? texts.refunded : result.pgMessage} next={next} />
  if (result.code === 'IdentityVerificationAlreadyVerified') return <Notice title={texts.verifiedTitle} text={next} />
  if (view.step === 'REPLACED') return <Notice title={texts.replacedTitle} text={next} tone="neutral" />
  if (result.pgCode === leftCode) return <Notice title={texts.cancelledTitle} text={next} tone="neutral" />
  return <Notice title={texts.failedTitle} text={result.pgMessage ?? result.message} next={next} tone="bad" />
}

type SucceededProps = { readonly view: CheckoutView; readonly texts: Texts; readonly next: string }

/** What is paid later is not called paid. */
const Succeeded = ({ view, texts, next }: SucceededProps) => {
  const { issued, isPending, language } = view
  if (issued?.type === 'VIRTUAL_ACCOUNT') return <Notice title={texts.issuedTitle} next={next} />
  if (issued?.type === 'CONVENIENCE_STORE') return <Notice title={texts.issuedStoreTitle} next={next} />
  if (isPending) return <Notice title={texts.pendingTitle} text={texts.pendingText} next={next} />
  return <Paid order={view} language={language} texts={texts} next={next} />
}
