import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The types that PortOne's SDK declares for answers, read from its declarations: at run time the SDK casts whatever
 * arrives, so only they say what its users can branch on. They are generated and alike, one type a file, which is why a
 * few expressions do; the compiler's own interface would be better, and the native compiler offers none yet.
 */
const generated = new URL('./generated/', import.meta.resolve('@portone/server-sdk'))
const texts = new Map(
  globSync('{common,payment,identityVerification,pgSpecific,reconciliation,platform}/**/*.d.ts', {
    cwd: fileURLToPath(generated),
  }).map((path) => {
    const text = readFileSync(fileURLToPath(new URL(path, generated)), 'utf8').replace(/\/\*.*?\*\//gs, '')
    return [basename(path) === 'client.d.ts' ? path : basename(path, '.d.ts'), text]
  }),
)

/** By a method's name, the name of the type it answers. */
const answerTypes = new Map(
  [...texts]
    .filter(([name]) => name.endsWith('client.d.ts'))
    .flatMap(([, text]) => [...text.matchAll(/^ {4}(\w+): \(.*?\) => Promise<(\w+)>/gms)])
    .map(([, method = '', type = '']) => [method, type]),
)

const namesIn = (text: string): readonly string[] =>
  text.split('|').flatMap((member) => /^\s*(\w+)\s*$/.exec(member)?.[1] ?? [])
const literalsIn = (text: string): readonly string[] => [...text.matchAll(/"([^"]*)"/g)].map(([, value = '']) => value)

/** What `type X =` is followed by; nothing for types that are built in. */
const declarationOf = (name: string): string | undefined => {
  const declaration = texts.get(name)?.split(`export type ${name} =`)[1]
  // Of a type that we failed to find nothing would be checked, and nobody would notice.
  assert(declaration !== undefined || /^(string|number|boolean|object|"[^"]*")$/.test(name), `${name} is not declared`)
  return declaration?.split(/\nexport /)[0]?.trim()
}

const fieldsOf = (declaration: string): readonly (readonly [field: string, type: string])[] =>
  [...declaration.matchAll(/^ {4}(\w+)\??: ([^;]*);/gm)].map(([, field = '', type = '']) => [field, type])

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

export type RecognisedAnswers = {
  /** Holds an answer of a method to the SDK's declarations: no variant and no enum value in it is unknown to the SDK. */
  check(method: string, answer: unknown): void
  /** The variants of a union, or the values of an enum, that no answer has had yet. */
  missing(type: string): readonly string[]
}

export const recogniseAnswers = (): RecognisedAnswers => {
  const seen = new Map<string, Set<string>>()
  const note = (type: string, variant: string) => seen.set(type, (seen.get(type) ?? new Set()).add(variant))

  const walk = (value: unknown, type: string, path: string): void => {
    if (value === undefined) return
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) walk(item, type.replace(/\[\]$/, ''), `${path}[${index}]`)
      return
    }
    const declaration = declarationOf(type)
    if (declaration === undefined) return
    if (declaration.includes('Unrecognized')) {
      const variant = namesIn(declaration).find((name) => isVariant(value, name))
      assert(variant, `${path} is a ${type} that the SDK does not recognise: ${JSON.stringify(value)}`)
      note(type, variant)
      walk(value, variant, path)
    } else if (typeof value === 'string') {
      assert(literalsIn(declaration).includes(value), `${path} is a ${type} that the SDK does not know: ${value}`)
      note(type, value)
    } else if (isObject(value)) {
      for (const [field, fieldType] of fieldsOf(declaration)) walk(value[field], fieldType, `${path}.${field}`)
    }
  }

  return {
    check: (method, answer) => {
      const type = answerTypes.get(method)
      assert(type, `the SDK declares no answer of ${method}`)
      walk(answer, type, method)
    },
    missing: (type) => {
      const declaration = declarationOf(type)
      assert(declaration, `the SDK declares no ${type}`)
      const all = declaration.includes('Unrecognized') ? namesIn(declaration) : literalsIn(declaration)
      return all.filter((variant) => seen.get(type)?.has(variant) !== true)
    },
  }
}

/** A variant is told by the fields that can have one value only, such as `status: "PAID"`. */
const isVariant = (value: unknown, name: string): boolean => {
  const tags = fieldsOf(declarationOf(name) ?? '').filter(([, type]) => /^"[^"]*"$/.test(type))
  return isObject(value) && tags.length > 0 && tags.every(([field, type]) => type === `"${value[field]}"`)
}
