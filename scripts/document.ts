import { writeFileSync } from 'node:fs'
import { codesPage } from '../packages/server/src/kernel/codes.ts'
import { errorPage } from '../packages/server/src/sandbox/error-catalogue.ts'
import { appendLanded, landedFile } from '../packages/server/test/support/migration-order.ts'

/** Writes what of the documentation is generated; a test holds it against the code. */
writeFileSync('docs/errors.md', errorPage())
writeFileSync('docs/codes.md', codesPage())
/** Which migrations have landed, in which order. */
writeFileSync(landedFile, await appendLanded())
