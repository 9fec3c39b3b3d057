import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ErrorType, errors } from '@naru/contract'

/**
 * The errors that PortOne's SDK knows of each of its own error classes, by the names of their schemas. At run time the
 * SDK lets anything through; what it recognises is in its declarations alone, where a type that is not named falls to
 * `Unrecognized`.
 */
const recognised: ReadonlyMap<string, readonly string[]> = new Map(
  globSync('**/client.d.ts', { cwd: fileURLToPath(dirname(import.meta.resolve('@portone/server-sdk'))) })
    .map((path) => readFileSync(fileURLToPath(new URL(path, import.meta.resolve('@portone/server-sdk'))), 'utf8'))
    .flatMap((text) => [...text.matchAll(/class (\w+Error) extends \w+ \{\s+readonly data: ([^{]*)\| \{/g)])
    .map(([, name = '', union = '']) => [name, union.split('|').map((member) => member.trim())]),
)

/** Documented by PortOne's API, and not declared by version 0.19.0 of the SDK yet. */
const newerThanTheSdk: readonly ErrorType[] = ['MAX_CANCEL_COUNT_REACHED']

/** The names of the schemas of all errors that one of the SDK's error classes can carry. */
export const knownErrorsOf = (name: string): readonly string[] => {
  const known = recognised.get(name)
  assert(known, `the SDK declares no ${name}`)
  return known
}

/** Holds an error that the SDK threw, as class `name`, to being one that its users can branch on. */
export const assertRecognised = (name: string, type: ErrorType): void => {
  const known = knownErrorsOf(name)
  const isKnown = known.includes(errors[type].name)
  if (newerThanTheSdk.includes(type)) assert(!isKnown, `the SDK knows ${type} by now: take it off the list`)
  else assert(isKnown, `${name} does not recognise ${type}: it knows ${known.join(', ')}`)
}

/** The names of all methods of a client and of the clients inside it. */
export const methodsOf = (client: object): readonly string[] =>
  Object.entries(client).flatMap(([name, member]) => {
    if (typeof member === 'function') return [name]
    return typeof member === 'object' && member !== null ? methodsOf(member) : []
  })
