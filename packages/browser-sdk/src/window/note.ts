import { dress } from './dress.ts'

/** How long nothing is said, in milliseconds: most pages are there before. */
const quietFor = 400

/** A turning ring and a word where the page is to come. */
export const loadingNote = (text: string, page = document): HTMLElement => {
  const [note, ring] = [page.createElement('div'), page.createElement('span')]
  note.setAttribute('role', 'status')
  dress(
    note,
    'position:absolute;top:50%;left:50%;transform:translate(-50%,-50%);display:flex;align-items:center;gap:12px;' +
      'padding:14px 20px;border-radius:14px;background:Canvas;color:CanvasText;font:16px system-ui,sans-serif;' +
      'white-space:nowrap;pointer-events:none;',
  )
  dress(
    ring,
    'width:22px;height:22px;box-sizing:border-box;border:3px solid #8d94a3;border-top-color:transparent;border-radius:50%;',
  )
  note.append(ring, text)
  ring.animate?.(
    { rotate: ['0deg', '360deg'] },
    { delay: quietFor, duration: 1_000, iterations: Number.POSITIVE_INFINITY },
  )
  note.animate?.({ opacity: [0, 1] }, { delay: quietFor, duration: 200, fill: 'backwards' })
  return note
}
