import { render } from 'preact'
import { App } from './app.tsx'
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
const isSession = location.pathname.startsWith('/checkout/sessions/')
const page = problem !== undefined ? <ProblemApp problem={problem} shop={shop} /> : isSession ? <SessionApp /> : <App />
if (root) render(page, root)
