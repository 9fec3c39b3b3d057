import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { startNaru } from '../../server/test/support/naru.ts'
import { accessibilitySuite } from './suites/accessibility.ts'
import { accessibilityOfWindowsSuite } from './suites/accessibility-windows.ts'
import { cardSuite } from './suites/card.ts'
import { docsSuite } from './suites/docs.ts'
import { endingsSuite } from './suites/endings.ts'
import { exampleSuite } from './suites/example.ts'
import { mendingSuite } from './suites/mending.ts'
import { methodsSuite } from './suites/methods.ts'
import { nothingLeftSuite } from './suites/nothing-left.ts'
import { oneWindowSuite } from './suites/one-window.ts'
import { openingSuite } from './suites/opening.ts'
import { optionsSuite } from './suites/options.ts'
import { pgWindowSuite } from './suites/pg-window.ts'
import { pgWindowHistorySuite } from './suites/pg-window-history.ts'
import { pgWindowKindsSuite } from './suites/pg-window-kinds.ts'
import { pointingSuite } from './suites/pointing.ts'
import { sessionsSuite } from './suites/sessions.ts'
import { shopperSuite } from './suites/shopper.ts'
import { topLayerSuite } from './suites/top-layer.ts'
import { unreachableSuite } from './suites/unreachable.ts'
import { unseenSuite } from './suites/unseen.ts'
import { approvals } from './support/approvals.ts'
import { findBrowser, howToGetOne, startBrowser } from './support/browser.ts'
import { startShop } from './support/shop.ts'
import { emptyStage } from './support/stage.ts'

const path = await findBrowser()

/** Without a browser these are skipped by name; where they must run (in CI) that is a failure. */
if (path === undefined) {
  test('the checkout in a real browser', { skip: process.env.NARU_TEST_BROWSER !== 'required' && howToGetOne }, () => {
    assert.fail(howToGetOne)
  })
} else {
  describe('the checkout in a real browser', async () => {
    const line = approvals()
    const [naru, browser] = await Promise.all([startNaru(line), startBrowser(path)])
    const shop = await startShop(naru.url)
    const stage = emptyStage({ browser, naru, shop, line })
    after(async () => {
      await browser.close()
      await shop[Symbol.asyncDispose]()
      assert.deepEqual(stage.problems, [])
    })
    cardSuite(stage)
    openingSuite(stage)
    endingsSuite(stage)
    oneWindowSuite(stage)
    topLayerSuite(stage)
    unseenSuite(stage)
    unreachableSuite(stage)
    mendingSuite(stage)
    methodsSuite(stage)
    exampleSuite(stage)
    sessionsSuite(stage)
    pgWindowSuite(stage)
    pgWindowHistorySuite(stage)
    pgWindowKindsSuite(stage)
    optionsSuite(stage)
    pointingSuite(stage)
    shopperSuite(stage)
    nothingLeftSuite(stage)
    accessibilitySuite(stage)
    accessibilityOfWindowsSuite(stage)
    docsSuite(stage)
  })
}
