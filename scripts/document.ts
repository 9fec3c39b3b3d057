import { writeFileSync } from 'node:fs'
import { errorPage } from '../packages/server/src/sandbox/error-catalogue.ts'

/** Writes what of the documentation is generated; a test holds it against the code. */
writeFileSync('docs/errors.md', errorPage())
