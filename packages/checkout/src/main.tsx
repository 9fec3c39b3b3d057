import { render } from 'preact'
import { App } from './app.tsx'
import { PgFormApp } from './pg-form-app.tsx'
import { ProblemApp } from './problem-app.tsx'
import { SessionApp } from './session-app.tsx'
import './style/theme.css'
import './style/page.css'
import './style/order.css'
import './style/fields.css'
import './style/choices.css'
import './style/foot.css'
import './style/endings.css'

const { problem, shop } = document.documentElement.dataset
const root = document.getElementById('root')
const pgForm = document.querySelector<HTMLFormElement>('#pg-window')
const isSession = location.pathname.startsWith('/checkout/sessions/')

const pageFor = () => {
  if (problem !== undefined) return <ProblemApp problem={problem} shop={shop} />
  if (pgForm) return <PgFormApp />
  return isSession ? <SessionApp /> : <App />
}

if (root) render(pageFor(), root)
// At once, while the page still loads. A field of the form may be called `submit`.
if (pgForm) HTMLFormElement.prototype.submit.call(pgForm)
