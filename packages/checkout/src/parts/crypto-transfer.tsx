import type { CheckoutView, IssuedAccount } from '@naru/contract'
import { useEffect, useState } from 'preact/hooks'
import type { Texts } from '../texts.ts'
import { DoneForm } from './done-form.tsx'
import { CopyButton, Fact } from './issued.tsx'
import { QrCode } from './qr-code.tsx'

type Props = {
  readonly transfer: Extract<IssuedAccount, { type: 'CRYPTO' }>
  readonly view: CheckoutView
  readonly texts: Texts
  readonly onDone: () => void
}

/** What to send where, and until when the rate holds. */
export const CryptoTransfer = ({ transfer, view, texts, onDone }: Props) => {
  const { coin, amount, received, address, uri } = transfer
  const left = useSecondsLeft(view.transferSecondsLeft ?? 0)
  return (
    <DoneForm class="issued" done={texts.done} onDone={onDone}>
      <div class="issued-head" role="status">
        <h2>{received === undefined ? texts.cryptoTitle : texts.cryptoMissingTitle}</h2>
        {received !== undefined && (
          <p class="note">{texts.cryptoMissing(`${received} ${coin}`, `${amount} ${coin}`)}</p>
        )}
        <p class="note">{view.isTest ? texts.cryptoTest : texts.cryptoSend}</p>
      </div>
      <QrCode text={uri} label={texts.cryptoCode} />
      <dl class="facts">
        <Fact name={texts.cryptoAmount}>
          <span class="number">{`${amount} ${coin}`}</span>
          <CopyButton text={amount} texts={texts} />
        </Fact>
        <Fact name={texts.cryptoAddress}>
          <span class="number address">{address}</span>
          <CopyButton text={address} texts={texts} />
        </Fact>
        <Fact name={texts.cryptoLeft}>
          <span class="number">{`${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`}</span>
        </Fact>
      </dl>
      <p class="note">{texts.cryptoInstead}</p>
    </DoneForm>
  )
}

const useSecondsLeft = (given: number): number => {
  const [left, setLeft] = useState(given)
  useEffect(() => {
    setLeft(given)
    const timer = setInterval(() => setLeft((before) => Math.max(0, before - 1)), 1_000)
    return () => clearInterval(timer)
  }, [given])
  return left
}
