import { readFileSync, statSync } from 'node:fs'

/**
 * Reads and parses a small file, and again once it has changed; `undefined` if it cannot be read.
 *
 * Synchronous on purpose: asynchronous file access waits for a thread of the pool, which name resolution avoids.
 */
export const cachedFile = <Content>(path: string, parse: (text: string) => Content): (() => Content | undefined) => {
  let cached: { readonly version: string; readonly content: Content } | undefined
  return () => {
    try {
      const { mtimeMs, size, ino } = statSync(path)
      const version = `${mtimeMs} ${size} ${ino}`
      if (cached?.version !== version) cached = { version, content: parse(readFileSync(path, 'utf8')) }
      return cached.content
    } catch {
      return undefined
    }
  }
}
