import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Stage, visitorOf } from '../support/stage.ts'

/** The API page at `/docs`, which is read and tried in a browser as the checkout is. */
export const docsSuite = (stage: Stage): void => {
  test('the API page finds operations by words of both languages, and by the errors that they return', async () => {
    await using reader = await visitorOf(stage)
    const page = await opened(stage, reader.page)
    assert.ok((await found(page, 'refund 부분 취소')).includes('POST /payments/{paymentId}/cancel'))
    assert.ok((await found(page, '빌링키 삭제')).includes('DELETE /billing-keys/{billingKey}'))
    assert.ok(
      (await found(page, '/virtual-account/close')).includes('POST /payments/{paymentId}/virtual-account/close'),
    )
    assert.ok((await found(page, 'max_ttl_exceeded')).includes('POST /payment-sessions'))
    // Others have the same words, and stand before it in the document.
    for (const whole of ['getPaymentSchedules', '/payment-schedules'])
      assert.equal((await found(page, whole))[0], 'GET /payment-schedules', whole)
  })

  test('the API page is introduced in the language of its reader', async () => {
    for (const [locale, words] of [
      ['ko-KR', '직접 설치해 운영합니다'],
      ['en-US', 'open, self-hosted payment server'],
    ] as const) {
      await using reader = await visitorOf(stage, { locale })
      const page = await opened(stage, reader.page)
      await page.locator('.info', { hasText: words }).waitFor()
    }
  })

  test('the API page says that a search finds nothing, and how to clear it', async () => {
    for (const { locale, count, nothing, clear } of [
      {
        locale: 'ko-KR',
        count: '중 0개',
        nothing: '‘no-such <b>operation’에 맞는 API가 없습니다',
        clear: '검색어 지우기',
      },
      { locale: 'en-US', count: '0 of', nothing: 'Nothing matches “no-such <b>operation”', clear: 'Clear the search' },
    ]) {
      await using reader = await visitorOf(stage, { locale })
      const page = await opened(stage, reader.page)
      const query = page.locator('#query')
      await query.fill('no-such <b>operation')
      await page.locator('#search output', { hasText: count }).waitFor()
      assert.equal(await page.getByText('No operations defined').count(), 0)
      await page.getByText(nothing).waitFor()
      await page.getByRole('button', { name: clear }).click()
      await page.locator('.opblock-tag').first().waitFor()
      assert.equal(await query.inputValue(), '')
      assert.equal(await page.locator('#search output').textContent(), '')
      assert.equal(await query.evaluate((input) => input === document.activeElement), true)
    }
  })

  test('the API page sends an example as it stands', async () => {
    await using reader = await visitorOf(stage)
    const page = await opened(stage, reader.page)
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.locator('.auth-container input').first().fill(stage.naru.apiSecret)
    await page.locator('.auth-container button[type=submit]').first().click()
    await page.locator('.btn-done').first().click()
    await page.locator('#query').fill('getBankInfos')
    await page.locator('#operations-common-getBankInfos .opblock-summary-control').click()
    await page.locator('#operations-common-getBankInfos button.execute').click()
    const answer = page.locator('#operations-common-getBankInfos .live-responses-table .response-col_status')
    await answer.filter({ hasText: '200' }).first().waitFor()
  })

  test('the API page says which example to send first, or what to enter', async () => {
    await using reader = await visitorOf(stage)
    const page = await opened(stage, reader.page)
    await page.locator('#query').fill('confirmPayment')
    await page.locator('#operations-payment-confirmPayment .opblock-summary-control').click()
    await page.locator('#operations-payment-confirmPayment button.execute').click()
    await page
      .locator('#operations-payment-confirmPayment .live-responses-table')
      .getByText('예제를 실행하세요')
      .first()
      .waitFor()
  })
}

const opened = async ({ naru }: Stage, page: Page): Promise<Page> => {
  await page.goto(`${naru.url}/docs`)
  await page.locator('.opblock-tag').first().waitFor()
  return page
}

/** The operations that are shown for a search, once they are. */
const found = async (page: Page, query: string): Promise<readonly string[]> => {
  await page.locator('#query').fill('')
  await page.locator('.opblock').first().waitFor({ state: 'detached' })
  await page.locator('#query').fill(query)
  await page.locator('.opblock').first().waitFor()
  const rows = await page.locator('.opblock-summary').all()
  return Promise.all(
    rows.map(async (row) => {
      const method = await row.locator('.opblock-summary-method').innerText()
      return `${method} ${await row.locator('.opblock-summary-path').getAttribute('data-path')}`
    }),
  )
}
