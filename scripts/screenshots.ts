/**
 * Pictures of the checkout, taken on servers of their own. Needs Chromium.
 *
 *   node scripts/screenshots.ts                            those in docs/images
 *   node scripts/screenshots.ts --all directory            every page and state in each look, on contact sheets, to be looked at
 *   node scripts/screenshots.ts --all directory phone-ko   those of some looks alone
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContextOptions } from 'playwright-core'
import { channelKey, storeId, withServer } from '../bench/support.ts'
import { findBrowser, howToGetOne, phone, startBrowser } from '../packages/checkout/test/support/browser.ts'
import { startShop } from '../packages/checkout/test/support/shop.ts'
import { pictureEverything } from './screenshots/matrix.ts'

const images = join(import.meta.dirname, '../docs/images')

type Picture = {
  readonly name: string
  readonly payMethod: 'CARD' | 'EASY_PAY'
  readonly locale: 'KO_KR' | 'EN_US'
  readonly options: BrowserContextOptions
}

const pictures: readonly Picture[] = [
  {
    name: 'checkout-card',
    payMethod: 'CARD',
    locale: 'KO_KR',
    options: { viewport: { width: 900, height: 760 }, colorScheme: 'light' },
  },
  { name: 'checkout-phone', payMethod: 'EASY_PAY', locale: 'EN_US', options: { ...phone, colorScheme: 'dark' } },
]

const path = await findBrowser()
if (path === undefined) throw new Error(howToGetOne)
const browser = await startBrowser(path)
const [option, directory, only] = process.argv.slice(2)

const pictureDocuments = async (): Promise<void> => {
  await mkdir(images, { recursive: true })
  await withServer(async ({ port }) => {
    await using shop = await startShop(`http://127.0.0.1:${port}`)
    for (const { name, payMethod, locale, options } of pictures) {
      const context = await browser.newContext(options)
      const page = await context.newPage()
      await page.goto(shop.url)
      await page.waitForFunction(() => 'shop' in globalThis)
      const order = {
        orderName: locale === 'KO_KR' ? '맛있는 귤 한 상자' : 'A box of tangerines',
        totalAmount: 50_000,
        currency: 'KRW',
      }
      const request = {
        storeId,
        channelKey,
        paymentId: name,
        payMethod,
        locale,
        redirectUrl: `${shop.url}/done`,
        ...order,
      }
      await page.evaluate((asked) => void Object(globalThis).shop.PortOne.requestPayment(asked), request)
      const checkout = options.isMobile ? page : page.frameLocator('iframe')
      await checkout.locator('button[type=submit]:visible').waitFor()
      if (payMethod === 'CARD') await checkout.locator('[autocomplete=cc-number]').fill('4242 4242 4242 4242')
      await page.screenshot({ path: join(images, `${name}.png`) })
      await context.close()
    }
  })
}

if (option === '--all' && directory !== undefined) await pictureEverything(browser, directory, only)
else await pictureDocuments()
await browser.close()
