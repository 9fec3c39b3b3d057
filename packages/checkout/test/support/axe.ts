import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { BrowserContextOptions, Frame, Page } from 'playwright-core'
import { desktop } from './browser.ts'

/** Less than half of what axe-core calls its source, which each page has to be sent and has to read. */
const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** One for all tests that need no more of it than this. */
export const letsScriptsIn: BrowserContextOptions = { ...desktop, bypassCSP: true }

/** What axe-core finds serious in a page. The page's browser has to let scripts of ours in. */
export const seriousIn = async (page: Page | Frame): Promise<readonly string[]> => {
  await page.evaluate(source)
  return await page.evaluate(async () => {
    const { axe: runner } = globalThis as unknown as { axe: typeof import('axe-core') }
    const { violations } = await runner.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
  })
}
