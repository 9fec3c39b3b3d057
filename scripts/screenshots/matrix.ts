import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { post, type Server, storeId, withDatabase, withServer } from '../../bench/support.ts'
import { desktop, phone } from '../../packages/checkout/test/support/browser.ts'
import { setProfile } from '../../packages/server/src/checkout/sessions/profile.ts'
import type { Sql } from '../../packages/server/src/db/connect.ts'
import { createEncryption, newEncryptionKey } from '../../packages/server/src/kernel/encryption.ts'
import { createChannel } from '../../packages/server/src/merchants/setup.ts'
import { type Language, type State, states } from './states.ts'

/** So tall that nothing is out of sight. */
const height = 1_140

type Look = {
  readonly name: string
  readonly language: Language
  readonly device: 'PC' | 'MOBILE'
  readonly options: BrowserContextOptions
}

const looks: readonly Look[] = (['phone', 'desktop'] as const).flatMap((width) =>
  (['ko', 'en'] as const).flatMap((language) =>
    (['light', 'dark'] as const).map((colorScheme) => ({
      name: `${width}-${language}-${colorScheme}`,
      language,
      device: width === 'phone' ? ('MOBILE' as const) : ('PC' as const),
      options: {
        ...(width === 'phone' ? phone : desktop),
        viewport: { width: width === 'phone' ? 360 : 1_280, height },
        colorScheme,
        locale: language === 'ko' ? 'ko-KR' : 'en-US',
      },
    })),
  ),
)

const profileKey = 'profile-pictures'

/**
 * Takes a picture of every page and state, in each language, width and colour scheme, and lays those of one look side by side
 * on contact sheets in `directory`. `only` names a look, such as `phone-ko-dark`, or the beginning of some.
 */
export const pictureEverything = async (browser: Browser, directory: string, only = ''): Promise<void> => {
  await mkdir(directory, { recursive: true })
  for (const look of looks.filter(({ name }) => name.startsWith(only)))
    await withServer((server) => pictureLook(browser, server, directory, look))
}

type Picture = { readonly name: string; readonly image: Buffer }

const pictureLook = async (browser: Browser, server: Server, directory: string, look: Look): Promise<void> => {
  const channelKey = await withDatabase(server.directory, setUp)
  const pictures: Picture[] = []
  for (const state of states) {
    if (state.onlyOnPhones && look.device === 'PC') continue
    const context = await browser.newContext(look.options)
    context.setDefaultTimeout(10_000)
    const page = await context.newPage()
    await picture(page, { ...server, channelKey }, state, look).then(
      (image) => pictures.push({ name: state.name, image }),
      (error: unknown) => process.stderr.write(`${look.name}, ${state.name}: ${String(error).split('\n')[0]}\n`),
    )
    await context.close()
  }
  await laySheets(browser, pictures, look, directory)
}

const sessionMethods = [
  'CARD_KR',
  'CARD_INTERNATIONAL',
  'N_PAY',
  'KAKAO_PAY',
  'TOSS_PAY',
  'PAY_PAL',
  'ALIPAY_CN',
  'WE_CHAT_PAY',
] as const

/** A channel whose PG opens any kind of window, and what sessions offer. */
const setUp = async (sql: Sql): Promise<string> => {
  const channelKey = await createChannel(sql, createEncryption(newEncryptionKey()), {
    storeId,
    name: 'Pictures',
    type: 'TEST',
    adapter: 'sandbox',
    pgProvider: 'INICIS_V2',
    pgMerchantId: 'sandbox',
  })
  const entries = sessionMethods.map((paymentMethod) => ({ paymentMethod, channelKey }))
  await setProfile(sql, { storeId, profileKey, name: 'Pictures', isForTest: true, entries })
  return channelKey
}

type Shop = Server & { readonly channelKey: string }

const picture = async (page: Page, server: Shop, state: State, look: Look): Promise<Buffer> => {
  const call = (path: string, body: object) => post(server, path, JSON.stringify({ storeId, ...body }))
  const circumstances = { page, call }
  const { opens = 'form' } = state
  await state.before?.(circumstances)
  await page.goto(`http://127.0.0.1:${server.port}${await addressOf(server, state, look)}`)
  if (opens !== 'nothing') await page.locator('button[type=submit]:visible').waitFor()
  await state.act?.(circumstances)
  return await page.screenshot({ animations: 'disabled' })
}

const addressOf = async (server: Shop, state: State, { language, device }: Look): Promise<string> => {
  const url = `http://127.0.0.1:${server.port}`
  if (state.opens === 'session') return new URL(await sessionUrl(server, language)).pathname
  const body = JSON.stringify({
    kind: state.kind ?? 'PAYMENT',
    device,
    request: await requestOf(server, state, language),
  })
  const answer = await fetch(`${url}/checkout/v1/attempts`, { method: 'POST', body })
  const opened = Object(await answer.json())
  if (!answer.ok) throw new Error(JSON.stringify(opened))
  return String(opened.url)
}

let orders = 0

const requestOf = async (server: Shop, { kind = 'PAYMENT', request = {} }: State, language: Language) => {
  const id = `picture-${orders++}`
  const { promotion, ...own }: { promotion?: true } = { ...request }
  return {
    storeId,
    channelKey: server.channelKey,
    locale: language === 'ko' ? 'KO_KR' : 'EN_US',
    // Without an opener the page stays as it ends.
    windowType: { pc: 'POPUP', mobile: 'POPUP' },
    ...(kind === 'PAYMENT' && {
      paymentId: id,
      payMethod: 'CARD',
      totalAmount: 50_000,
      currency: 'KRW',
      ...orderName(language),
    }),
    ...(kind === 'IDENTITY_VERIFICATION' && { identityVerificationId: id }),
    ...(promotion && { promotionId: (await post(server, '/sandbox/promotions', JSON.stringify(spring))).id }),
    ...own,
  }
}

const orderName = (language: Language) => ({
  orderName: language === 'ko' ? '맛있는 귤 한 상자' : 'A box of tangerines',
})

const spring = {
  storeId,
  name: 'Spring',
  discountPolicy: { partitions: [{ amountFrom: 10_000, scheme: { type: 'PERCENT', percent: 10 } }] },
  totalBudget: 100_000,
  endAt: '2099-01-01T00:00:00Z',
  cardCompany: 'SHINHAN_CARD',
}

const sessionUrl = async (server: Server, language: Language): Promise<string> => {
  const agreements = [
    { name: language === 'ko' ? '구매 조건 확인 및 결제 진행' : 'Terms of purchase', url: 'https://example.com/terms' },
    { name: language === 'ko' ? '개인정보 제공' : 'Sharing of data', url: 'https://example.com/privacy' },
  ]
  const body = {
    storeId,
    profileKey,
    paymentId: `picture-${orders++}`,
    country: language === 'ko' ? 'KR' : 'US',
    currency: 'KRW',
    totalAmount: 50_000,
    ...orderName(language),
    agreements,
  }
  return String((await post(server, '/payment-sessions', JSON.stringify(body))).url)
}

/** So many fit beside and below each other that they can still be read. */
const columns = 4

/** Of a wide page, only what is around the middle says something. */
const tileWidth = { PC: 500, MOBILE: 360 }

const laySheets = async (
  browser: Browser,
  pictures: readonly Picture[],
  { name: look, device }: Look,
  directory: string,
): Promise<void> => {
  const width = tileWidth[device]
  const page = await browser.newPage({ viewport: { width: columns * (width + 12), height: 800 } })
  const perSheet = columns * 2
  for (let start = 0; start < pictures.length; start += perSheet) {
    const tiles = pictures
      .slice(start, start + perSheet)
      .map(({ name, image }) => `<figure><figcaption>${name}</figcaption><img src="${dataUrl(image)}"></figure>`)
    await page.setContent(`<style>
      body { margin: 6px; display: grid; grid-template-columns: repeat(${columns}, ${width}px); gap: 12px; background: #888 }
      figure { margin: 0; font: bold 15px sans-serif }
      img { width: ${width}px; height: ${height}px; object-fit: none; object-position: top }
    </style>${tiles.join('')}`)
    await page.screenshot({ path: join(directory, `${look}-${start / perSheet}.png`), fullPage: true })
  }
  await page.close()
}

const dataUrl = (image: Buffer): string => `data:image/png;base64,${image.toString('base64')}`
