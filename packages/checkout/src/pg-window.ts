import type { WindowOpening } from '@naru/contract'
import { token } from './api.ts'

/**
 * Takes the browser to the window of a PG that brings its own. Our page makes way for it, so that going back from it leads to
 * the shop and not into it once more.
 */
export const openPgWindow = (opening: WindowOpening): void => {
  switch (opening.kind) {
    case 'REDIRECT':
      location.replace(opening.url)
      return
    case 'FORM':
      location.replace(`/checkout/form/${token}`)
      return
    case 'SCRIPT': {
      const script = document.createElement('script')
      script.src = opening.src
      script.addEventListener('load', () => openers[opening.opener](opening.parameters))
      document.head.append(script)
    }
  }
}

type Opener = Extract<WindowOpening, { kind: 'SCRIPT' }>['opener']

type Parameters = Readonly<Record<string, string>>

declare global {
  interface Window {
    SandboxPg?: { open(parameters: Parameters): void }
  }
}

/** How each PG's script is called, once it is loaded. */
const openers: Record<Opener, (parameters: Parameters) => void> = {
  sandbox: (parameters) => window.SandboxPg?.open(parameters),
}
