import { render } from 'preact'
import { App } from './app.tsx'
import { SessionApp } from './session-app.tsx'
import './style.css'

const root = document.getElementById('root')
const isSession = location.pathname.startsWith('/checkout/sessions/')
if (root) render(isSession ? <SessionApp /> : <App />, root)
