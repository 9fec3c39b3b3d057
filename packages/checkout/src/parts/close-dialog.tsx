import { useEffect, useRef } from 'preact/hooks'
import type { Texts } from '../texts.ts'

type Props = { readonly texts: Texts; readonly onLeave: () => void; readonly onStay: () => void }

/** Asks before what was typed is thrown away. */
export const CloseDialog = ({ texts, onLeave, onStay }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const { current } = dialog
    const { activeElement } = document
    current?.showModal()
    return () => {
      current?.close()
      // The browser gives the focus back only where the dialog is still there.
      if (activeElement instanceof HTMLElement) activeElement.focus()
    }
  }, [])
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="leave-title" onCancel={onStay}>
      <h2 id="leave-title">{texts.leaveTitle}</h2>
      <p class="note">{texts.leaveText}</p>
      <div class="dialog-buttons">
        <button type="button" class="quiet-button" onClick={onLeave}>
          {texts.leave}
        </button>
        <button type="button" class="main-button" autofocus onClick={onStay}>
          {texts.stay}
        </button>
      </div>
    </dialog>
  )
}
