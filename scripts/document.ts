import { writeFileSync } from 'node:fs'
import { codesPage } from '../packages/server/src/kernel/codes.ts'
import { errorPage } from '../packages/server/src/sandbox/error-catalogue.ts'

/** Writes what of the documentation is generated; a test holds it against the code. */
writeFileSync('docs/errors.md', errorPage())
writeFileSync('docs/codes.md', codesPage())
