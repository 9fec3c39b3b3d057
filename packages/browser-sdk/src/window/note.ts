/** How long nothing is said, in milliseconds: most pages are there before. */
const quietFor = 400

/** A turning ring and a word where the page is to come. */
export const loadingNote = (text: string, page = document): HTMLElement => {
  const [note, ring] = [page.createElement('div'), page.createElement('span')]
  note.setAttribute('role', 'status')
  Object.assign(note.style, {
    position: 'absolute',
    top: '50%',
    left: '50%',
    transform: 'translate(-50%, -50%)',
    display: 'flex',
    alignItems: 'center',
    gap: '12px',
    padding: '14px 20px',
    borderRadius: '14px',
    background: 'Canvas',
    color: 'CanvasText',
    font: '16px system-ui, sans-serif',
    whiteSpace: 'nowrap',
    pointerEvents: 'none',
  })
  Object.assign(ring.style, {
    width: '22px',
    height: '22px',
    boxSizing: 'border-box',
    border: '3px solid #8d94a3',
    borderTopColor: 'transparent',
    borderRadius: '50%',
  })
  note.append(ring, text)
  ring.animate?.({ rotate: ['0deg', '360deg'] }, { duration: 1_000, iterations: Number.POSITIVE_INFINITY })
  note.animate?.({ opacity: [0, 1] }, { delay: quietFor, duration: 200, fill: 'backwards' })
  return note
}
