import { writeFileSync } from 'node:fs'
import { codesPage } from '../packages/server/src/kernel/codes-page.ts'
import { errorPage } from '../packages/server/src/sandbox/error-catalogue.ts'
import { appendLanded, landedFile } from '../packages/server/test/support/migration-order.ts'

/** Writes the generated pages of the documentation; a test compares them with the code. */
for (const [language, ending] of [
  ['en', '.md'],
  ['ko', '.ko.md'],
] as const) {
  writeFileSync(`docs/errors${ending}`, errorPage(language))
  writeFileSync(`docs/codes${ending}`, codesPage(language))
}
/** Which migrations have landed, in which order. */
writeFileSync(landedFile, await appendLanded())
