import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'

const run = promisify(execFile)

const places = [
  process.env.NARU_TEST_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

const findInstalled = (): string | undefined => places.find((place) => place !== undefined && existsSync(place))

/** Where root may install packages, as in a container of CI, Debian's Chromium is one command away. */
const install = async (): Promise<string | undefined> => {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], { env })
  await run('apt-get', ['install', '-y', '-qq', 'chromium', 'fonts-noto-cjk'], { env, maxBuffer: 64 * 1024 * 1024 })
  return findInstalled()
}

/** The browser on this machine; `undefined` where there is none and none may be installed. */
export const findBrowser = async (): Promise<string | undefined> =>
  findInstalled() ?? (await install().catch(() => undefined))

export const howToGetOne =
  'No Chromium was found. Install one (Debian: apt-get install chromium), or say where it is with NARU_TEST_CHROMIUM.'

/**
 * Each window of the browser, also a popup, loads two pages for its address bar, in a process of their own: a third of a second of
 * CPU. Of several lists Chromium takes the last one, so this repeats what Playwright turns off for pages.
 */
const withoutFeatures = `
  WebUIOmniboxPopup WebUIOmniboxAimPopup
  AimEnabled AvoidCorsURLLoaderRestartOnRedirect AvoidUnnecessaryBeforeUnloadCheckSync DestroyProfileOnBrowserClose HttpsUpgrades
  HttpsFirstBalancedModeAutoEnable LensOverlay MediaRouter NetworkTimeServiceQuerying OptimizationHints PaintHolding
  PreconnectToSearch ThirdPartyStoragePartitioning
`

/** What keeps it from going online, from what containers do not have, and from a process for every frame of every shopper. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--renderer-process-limit=2',
  '--disable-site-isolation-trials',
  `--disable-features=${withoutFeatures.trim().split(/\s+/).join(',')}`,
]

/** With the cache of the back button, which Playwright turns off and every shopper has. */
export const startBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    headless: true,
    args: flags,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })

export const phone: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  isMobile: true,
  hasTouch: true,
  userAgent:
    'Mozilla/5.0 (Linux; Android 15; SM-S931N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
}

export const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 900 } }

/** Everything in a page that should have failed a test: exceptions, and what its security policy refused. */
export const watch = (context: BrowserContext, problems: string[]): void => {
  context.on('weberror', (error) => problems.push(String(error.error())))
  context.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Refused to/.test(message.text()))
      problems.push(message.text())
  })
}
