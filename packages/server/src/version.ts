import { readFileSync } from 'node:fs'

const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** Naru's version, as its package says. */
export const version: string = String(Object(manifest).version)
