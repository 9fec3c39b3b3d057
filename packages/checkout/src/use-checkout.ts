import type { CheckoutView, SubmitAnswer, SubmitCheckout, WindowOpening } from '@naru/contract'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { close, Offline, readState, readView, retrying, submit, tellOfPage, Unknown } from './api.ts'
import {
  canLeave,
  isSeen,
  isUnseenPopup,
  leaveAtOnce,
  tellAway,
  tellLeft,
  tellOpener,
  tellSent,
  tellUnloaded,
} from './opener.ts'
import { openPgWindow } from './pg-window.ts'
import type { Texts } from './texts.ts'
import { lookEvery, watch } from './watch.ts'

export type Trouble = keyof Texts['errors']

/** Where the shopper is. */
export type Step =
  | { readonly kind: 'loading' }
  /** `forgotten`: what the server knew before, as until a reset, where there is somebody to go back to. */
  | { readonly kind: 'unknown'; readonly forgotten?: CheckoutView | undefined }
  | { readonly kind: 'form'; readonly view: CheckoutView; readonly trouble?: Trouble | undefined }
  | {
      readonly kind: 'challenge'
      readonly view: CheckoutView
      readonly submission: Submission
      /** The code is sent once more. */
      readonly again?: 'SENDING' | 'SENT'
      readonly trouble?: Trouble | undefined
    }
  | {
      readonly kind: 'settling'
      readonly view: CheckoutView
      readonly trouble?: Trouble | undefined
      /** The shopper leaves, and has sent nothing that is being carried out. */
      readonly isLeaving?: true | undefined
    }
  | { readonly kind: 'elsewhere'; readonly view: CheckoutView; readonly opening: WindowOpening }
  | { readonly kind: 'issued' | 'expired' | 'closed' | 'replaced' | 'finished'; readonly view: CheckoutView }

/** How long a shopper waits to see what is to be paid, in milliseconds. */
const longestLoading = 30_000

export type Submission = Omit<SubmitCheckout, 'token'>

export type Checkout = {
  readonly step: Step
  send(submission: Submission): void
  /** Asks for the one-time code once more. */
  sendAgain(): void
  /** Back from the one-time code to what was typed before. */
  correct(): void
  leave(): void
  finish(): void
}

/** The checkout as the server has it; nothing that counts is decided here. */
export const useCheckout = (): Checkout => {
  const [step, setStep] = useState<Step>({ kind: 'loading' })
  /** Something may have been sent that the server acts upon. */
  const hasSent = useRef(false)

  const show = useCallback((view: CheckoutView) => setStep(stepOf(view)), [])

  /** The server forgot this checkout meanwhile, as a reset does: nothing can be done here any more. What there is to read stays. */
  const forget = useCallback(
    () =>
      setStep((now) => {
        if (now.kind === 'issued' || now.kind === 'finished' || now.kind === 'unknown') return now
        return { kind: 'unknown', forgotten: 'view' in now && canGo(now.view) ? now.view : undefined }
      }),
    [],
  )

  useEffect(() => {
    const timer = setTimeout(tellUnloaded, longestLoading)
    retrying(readView)
      .then((view) => setStep(lookedAt(view)), forget)
      .finally(() => clearTimeout(timer))
    return keepNothing()
  }, [forget])

  useEffect(() => {
    if (!('view' in step) || !isUnseenPopup(step.view)) return
    // Said with every step: the server may have had too much to do.
    tellOfPage(false)
    // A PG's page takes our place, and will bring the shopper back.
    if (step.kind === 'elsewhere') return
    const leave = () => tellOfPage(true)
    addEventListener('pagehide', leave)
    return () => removeEventListener('pagehide', leave)
  }, [step])

  useLayoutEffect(() => {
    if (!isSent(step) || hasSent.current) return
    hasSent.current = true
    tellSent()
  }, [step])

  useEffect(() => {
    if (step.kind === 'unknown') return step.forgotten && after(readingTime, finish)
    if (step.kind === 'settling' && step.view.step === 'SETTLING') settle(show).catch(forget)
    if (step.kind === 'finished') return leaveFor(step.view)
    if (step.kind === 'elsewhere') {
      tellAway()
      openPgWindow(step.opening)
    }
    if (step.kind === 'issued' && step.view.issued?.type === 'CRYPTO')
      return watch(lookEvery, () => retrying(readView).then(show, forget))
    if (step.kind === 'expired' || step.kind === 'closed')
      return after(readingTime, () => setStep({ kind: 'finished', view: step.view }))
    if (step.kind === 'replaced') return watch(step.view.isTest ? lookEvery : undefined, lookAgain)
    if (!isShoppersTurn(step)) return
    const { isTest, secondsLeft } = step.view
    const untilOver = secondsLeft * 1_000 + 500
    // The clock of a test store is moved by hand, and a shop that does not see its popup cannot close it.
    const wait = isTest || isUnseenPopup(step.view) ? Math.min(untilOver, lookEvery) : untilOver
    return watch(wait, () => retrying(readView).then(stillOpen, forget))
  }, [step, show, forget])

  /**
   * Where it is, what was typed stays. Where it is not, since its time is over, the order paid elsewhere or opened again, a PG's
   * script goes. One that was left in another tab of the same window stays as it is, but not a popup: with the shop's page, which
   * would take it away, it is left as well.
   */
  const stillOpen = (view: CheckoutView) => {
    const isOpen = view.step === 'FORM'
    if (view.step === 'DONE' && view.state.result?.pgCode === leftCode && view.mode !== 'POPUP') return
    if (step.kind === 'elsewhere') {
      if (!isOpen) location.reload()
      return
    }
    setStep((now) => {
      if (now.kind !== 'form' && now.kind !== 'challenge') return now
      return isOpen ? { ...now, view } : lookedAt(view)
    })
  }

  /** Until the order is paid in the window that took the place of this one: then there is something to tell the shop. */
  const lookAgain = () =>
    retrying(readView).then((view) => setStep((now) => (now.kind === 'replaced' ? lookedAt(view) : now)), forget)

  const send = (submission: Submission) => {
    if (step.kind !== 'form' && step.kind !== 'challenge') return
    const { view } = step
    setStep({ kind: 'settling', view })
    submit(submission).then(
      (answer) => setStep(stepAfter(answer, view, submission)),
      (error) => {
        if (error instanceof Unknown) return forget()
        if (!(error instanceof Offline)) return setStep({ kind: 'form', view, trouble: 'FAILED' })
        setStep({ kind: 'settling', view, trouble: 'OFFLINE' })
        afterLostAnswer(setStep).catch(forget)
      },
    )
  }

  const sendAgain = () => {
    if (step.kind !== 'challenge') return
    const { view } = step
    const { otp: _, ...submission } = step.submission
    setStep({ kind: 'challenge', view, submission, again: 'SENDING' })
    submit(submission)
      .then(
        (answer) => stepAfter(answer, view, submission),
        (error): Step => ({
          kind: 'challenge',
          view,
          submission,
          trouble: error instanceof Offline ? 'NOT_SENT' : 'FAILED',
        }),
      )
      .then((next) => setStep((now) => (isSending(now) ? sentAgain(next) : now)))
  }

  const correct = () => {
    if (step.kind === 'challenge') setStep({ kind: 'form', view: step.view })
  }

  const leave = () => {
    const view = 'view' in step ? step.view : undefined
    if (!view) return
    // Where nothing was sent there is nothing to wait for: the shop's page asks the server by itself.
    if (isSeen && !hasSent.current && view.mode !== 'REDIRECTION') tellLeft()
    setStep({ kind: 'settling', view, isLeaving: true })
    retrying(close)
      .then(() => retrying(readView))
      .then(show, () => (canLeave ? leaveAtOnce() : forget()))
  }

  const finish = () => {
    if ('view' in step) setStep({ kind: 'finished', view: step.view })
    else if (step.kind === 'unknown' && step.forgotten) leaveForgotten(step.forgotten)
  }

  return { step, send, sendAgain, correct, leave, finish }
}

const stepOf = (view: CheckoutView): Step => {
  switch (view.step) {
    case 'FORM':
      return view.pgWindow ? { kind: 'elsewhere', view, opening: view.pgWindow } : { kind: 'form', view }
    case 'SETTLING':
      return { kind: 'settling', view }
    case 'EXPIRED':
      return { kind: 'expired', view }
    case 'CLOSED':
      return { kind: 'closed', view }
    // Whoever has sent something, or leaves, gets the answer.
    case 'REPLACED':
      return { kind: 'finished', view }
    case 'DONE':
      return { kind: view.issued ? 'issued' : 'finished', view }
  }
}

/**
 * Where a shopper is who has just come to the page, or come back to it. Of a window that another one took the place of, the shop
 * hears nothing yet: what comes of the order is seen in the other, and nobody has cancelled anything.
 */
const lookedAt = (view: CheckoutView): Step => (view.step === 'REPLACED' ? { kind: 'replaced', view } : stepOf(view))

/** The code of a window that the shopper closed, or that another one took the place of. */
export const leftCode = 'PAY_PROCESS_CANCELED'

/** How long a shopper who did nothing in time, or in what the shop has closed or the server forgotten, may read so before the shop goes on, in milliseconds. */
const readingTime = 10_000

const after = (wait: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, wait)
  return () => clearTimeout(timer)
}

/** What was typed is on its way to the server, or to the PG, or has been there. */
const isSent = (step: Step): boolean =>
  step.kind === 'challenge' || step.kind === 'elsewhere' || (step.kind === 'settling' && !step.isLeaving)

/** The attempt's time runs while the shopper types, and while the script of a PG shows its window in our page. */
const isShoppersTurn = (step: Step): step is Extract<Step, { kind: 'form' | 'challenge' | 'elsewhere' }> =>
  step.kind === 'form' || step.kind === 'challenge' || step.kind === 'elsewhere'

/** Where the shopper is once the server has answered what was sent. */
const stepAfter = (answer: SubmitAnswer, view: CheckoutView, submission: Submission): Step => {
  switch (answer.kind) {
    case 'settled':
      return stepOf(answer.view)
    case 'elsewhere':
      return { kind: 'elsewhere', view, opening: answer.opening }
    case 'challenge':
      return { kind: 'challenge', view, submission, trouble: answer.anew && (`OTP_${answer.anew}` as const) }
    case 'invalid':
      return answer.problem === 'OTP'
        ? { kind: 'challenge', view, submission, trouble: 'OTP' }
        : { kind: 'form', view, trouble: answer.problem }
  }
}

/** Whoever left meanwhile, or went back, is where they are. */
const isSending = (step: Step): boolean => step.kind === 'challenge' && step.again === 'SENDING'

const sentAgain = (next: Step): Step =>
  next.kind === 'challenge' && next.trouble === undefined ? { ...next, again: 'SENT' } : next

/**
 * Browsers keep a page for their back button as it was left, with everything that was typed: the next one at the same computer
 * would see it. So nothing stays in it, and whoever comes back gets it from the server anew.
 */
const keepNothing = (): (() => void) => {
  const leave = ({ persisted }: PageTransitionEvent) => persisted && document.body.replaceChildren()
  const comeBack = ({ persisted }: PageTransitionEvent) => persisted && location.reload()
  addEventListener('pagehide', leave)
  addEventListener('pageshow', comeBack)
  return () => {
    removeEventListener('pagehide', leave)
    removeEventListener('pageshow', comeBack)
  }
}

/** The PG is being asked, by another tab or before this page was loaded anew. */
const settle = async (show: (view: CheckoutView) => void) => {
  await retrying(readState)
  show(await retrying(readView))
}

/** Whether the server got what was sent, only it knows: asked until it answers. */
const afterLostAnswer = async (setStep: (step: Step) => void) => {
  await retrying(readState)
  const view = await retrying(readView)
  setStep(view.step === 'FORM' && !view.pgWindow ? { kind: 'form', view, trouble: 'NOT_SENT' } : stepOf(view))
}

/** To the shop's page, which learns from the server that nobody knows what came of it. */
const leaveForgotten = (view: CheckoutView): void => {
  if (isUnseenPopup(view)) window.close()
  else leaveAtOnce()
}

const canGo = (view: CheckoutView): boolean => canLeave || isUnseenPopup(view)

/**
 * To the shop's page that waits, or to where the shop wants its shoppers. A popup that nobody takes away goes by itself: the shop's tab
 * may be closed, or show another site.
 */
const leaveFor = (view: CheckoutView): (() => void) | undefined => {
  const isTold = view.mode !== 'REDIRECTION' && tellOpener(view)
  const { redirectUrl } = view.state
  if (!isTold && redirectUrl !== undefined) location.replace(redirectUrl)
  else if (view.mode === 'POPUP') return after(isUnseenPopup(view) ? 0 : readingTime, () => window.close())
  return undefined
}
