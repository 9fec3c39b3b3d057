import { render } from 'preact'
import { App } from './app.tsx'
import { SessionApp } from './session-app.tsx'
import './style/theme.css'
import './style/page.css'
import './style/order.css'
import './style/fields.css'
import './style/choices.css'
import './style/foot.css'
import './style/endings.css'

const root = document.getElementById('root')
const isSession = location.pathname.startsWith('/checkout/sessions/')
if (root) render(isSession ? <SessionApp /> : <App />, root)
