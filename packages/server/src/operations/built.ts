import { fileURLToPath } from 'node:url'

/** Where the build of another package is. */
export const built = (name: string): string => fileURLToPath(new URL(`../../../${name}/dist/`, import.meta.url))
