import { portone } from './sdk.ts'

declare global {
  interface Window {
    PortOne?: typeof portone
  }
}

// While the script is evaluated, not later: the npm package looks as soon as the script has loaded.
window.PortOne = portone
