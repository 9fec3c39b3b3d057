import type { CheckoutView, IssuedAccount } from '@naru/contract'
import { useState } from 'preact/hooks'
import { inOrder } from '../in-order.ts'
import { bankName } from '../names.ts'
import type { Texts } from '../texts.ts'
import { DoneForm } from './done-form.tsx'
import { CheckIcon } from './icons.tsx'

type Props = {
  readonly issued: Exclude<IssuedAccount, { type: 'CRYPTO' }>
  readonly view: CheckoutView
  readonly texts: Texts
  readonly onDone: () => void
}

/** What the shopper needs to pay later. */
export const Issued = ({ issued, view: { language, storeName }, texts, onDone }: Props) => {
  const isAccount = issued.type === 'VIRTUAL_ACCOUNT'
  const number = isAccount ? issued.accountNumber : issued.number
  return (
    <DoneForm class="issued" done={texts.done} onDone={onDone}>
      <div class="issued-head" role="status">
        <span class="badge badge-good">
          <CheckIcon size={24} />
        </span>
        <h2>{isAccount ? texts.issuedTitle : texts.issuedStoreTitle}</h2>
        <p class="note">{isAccount ? texts.issuedNote : texts.storeNote}</p>
      </div>
      <dl class="facts">
        {isAccount && <Fact name={texts.bank}>{bankName(issued.bank, language)}</Fact>}
        <Fact name={isAccount ? texts.accountNumber : texts.storeNumber}>
          <span class="number">{number}</span>
          <CopyButton text={number} texts={texts} />
        </Fact>
        {isAccount && <Fact name={texts.holder}>{inOrder(issued.holder || storeName)}</Fact>}
        <Fact name={isAccount ? texts.deadline : texts.storeDeadline}>
          <Deadline at={issued.expiresAt} language={language} />
        </Fact>
      </dl>
    </DoneForm>
  )
}

export const Fact = ({ name, children }: { readonly name: string; readonly children: preact.ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

export const CopyButton = ({ text, texts }: { readonly text: string; readonly texts: Texts }) => {
  const [isCopied, setIsCopied] = useState(false)
  // Insecure origins, such as a phone on the same network, have no clipboard.
  if (!navigator.clipboard) return null
  const copy = () => void navigator.clipboard.writeText(text).then(() => setIsCopied(true))
  return (
    <button type="button" class="copy-button" onClick={copy}>
      <span aria-live="polite">{isCopied ? texts.copied : texts.copy}</span>
    </button>
  )
}

/**
 * In Korean time, where the bank is; it says so where the browser's clock shows another. A line may end between the day and the time
 * of day, and nowhere else.
 */
const Deadline = ({ at, language }: { readonly at: string; readonly language: CheckoutView['language'] }) => {
  const instant = new Date(at)
  const timeZone = 'Asia/Seoul'
  const [locale, dateStyle, between, koreanTime] =
    language === 'ko' ? (['ko-KR', 'long', '', '(한국 시간)'] as const) : (['en-US', 'medium', ',', 'KST'] as const)
  const isElsewhere = instant.getTimezoneOffset() !== koreanOffset
  return (
    <time dateTime={at}>
      <span>{instant.toLocaleDateString(locale, { timeZone, dateStyle }) + between}</span>{' '}
      <span>{instant.toLocaleTimeString(locale, { timeZone, timeStyle: 'short' })}</span>
      {isElsewhere && <span> {koreanTime}</span>}
    </time>
  )
}

/** How far Korean time is from UTC, in minutes as `getTimezoneOffset` counts them. Korea has no summer time. */
const koreanOffset = -540
