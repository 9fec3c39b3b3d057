import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { letsScriptsIn, seriousIn } from '../support/axe.ts'
import { agree, paymentOf, type Stage, submit, visitorOf } from '../support/stage.ts'

type Opened = { readonly kind?: string; readonly request: object }

/** Every page and step that a shopper can come to, in one browser without a shop. */
export const accessibilitySuite = (stage: Stage): void => {
  const goTo = async (page: Page, { kind = 'PAYMENT', request }: Opened) => {
    const body = JSON.stringify({ kind, device: 'PC', request })
    const opened = await fetch(`${stage.naru.url}/checkout/v1/attempts`, { method: 'POST', body })
    const { token } = Object(await opened.json())
    await page.goto(`${stage.naru.url}/checkout/${token}`)
    await page.locator('form, [role=alert]').first().waitFor()
  }

  test('axe finds nothing serious in any form, nor in what is issued: an account, a number, a transfer of crypto', async () => {
    const store = await stage.naru.newStore()
    await using visitor = await visitorOf(stage, letsScriptsIn)
    const { page } = visitor
    const found: string[] = []
    const look = async (where: string) => {
      for (const violation of await seriousIn(page)) found.push(`${where}: ${violation}`)
      const [mains, titles] = [await page.locator('main').count(), await page.locator('h1').count()]
      if (mains !== 1 || titles !== 1) found.push(`${where}: ${mains} main, ${titles} h1`)
    }
    const { storeId, channelKey } = store
    const payBy = (payMethod: string) => ({ request: paymentOf(store, { payMethod, productType: 'REAL' }) })
    for (const payMethod of ['TRANSFER', 'EASY_PAY', 'GIFT_CERTIFICATE', 'CONVENIENCE_STORE']) {
      await goTo(page, payBy(payMethod))
      await look(payMethod)
    }
    await agree(page)
    await submit(page)
    await page.locator('.issued').waitFor()
    await look('a number')
    await goTo(page, payBy('CRYPTO'))
    await look('CRYPTO')
    await agree(page)
    await submit(page)
    await page.locator('.qr-code path').waitFor({ state: 'attached' })
    await look('a transfer of crypto')
    await goTo(page, payBy('VIRTUAL_ACCOUNT'))
    await look('VIRTUAL_ACCOUNT')
    await page.locator('[name=bank]').selectOption('SHINHAN')
    await page.locator('[autocomplete=name]').fill('김나루')
    await agree(page)
    await submit(page)
    await page.locator('.issued').waitFor()
    await look('an account')
    const identityVerificationId = `axe-${process.pid}`
    await goTo(page, { kind: 'IDENTITY_VERIFICATION', request: { storeId, channelKey, identityVerificationId } })
    await look('identity')
    await goTo(page, { kind: 'ISSUE_BILLING_KEY', request: { storeId, channelKey, billingKeyMethod: 'CARD' } })
    await look('storing a card')
    assert.deepEqual(found, [])
  })

  test('axe finds nothing serious where something is mistyped, asked once more, left, over or unknown', async () => {
    const store = await stage.naru.newStore()
    await using visitor = await visitorOf(stage, letsScriptsIn)
    const { page } = visitor
    const found: string[] = []
    const look = async (where: string) => {
      for (const violation of await seriousIn(page)) found.push(`${where}: ${violation}`)
    }
    await goTo(page, { request: paymentOf(store, { payMethod: 'MOBILE', productType: 'REAL' }) })
    await page.locator('[name=carrier]').selectOption('SKT')
    await page.locator('[autocomplete=name]').fill('김나루')
    await page.locator('[name=birthSeven]').fill('9913011')
    await page.locator('[autocomplete=tel]').fill('01012345678')
    await agree(page)
    await submit(page)
    await page.locator('[aria-invalid=true]').waitFor()
    await look('mistyped')
    await page.locator('[name=birthSeven]').fill('9001011')
    await submit(page)
    await page.locator('[autocomplete=one-time-code]').fill('111111')
    await submit(page)
    await page.getByRole('alert').waitFor()
    await look('a wrong code')
    await page.getByRole('button', { name: '닫기' }).click()
    await page.getByRole('dialog').waitFor()
    await look('leaving')
    await page.getByRole('button', { name: '나가기' }).click()
    // No error, and so no alert.
    await page.getByText('결제를 취소했습니다').waitFor()
    await look('left')
    await goTo(page, { request: paymentOf(store) })
    await store.advance({ minutes: 31 })
    await page.reload()
    await page.getByRole('alert').waitFor()
    await look('over')
    await page.goto(`${stage.naru.url}/checkout/nobodys`)
    await page.getByRole('alert').waitFor()
    await look('unknown')
    assert.deepEqual(found, [])
  })
}
