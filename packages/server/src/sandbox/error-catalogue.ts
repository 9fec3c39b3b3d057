import {
  type ErrorType,
  envelopeErrors,
  errors,
  failureCodes,
  isErrorType,
  type OperationId,
  operationIds,
  operations,
  refusalCodes,
} from '@naru/contract'
import { checkoutCodes } from './checkout-codes.ts'
import { type Language, words } from './error-page-words.ts'
import { remedies } from './error-remedies.ts'
import { paymentWays } from './error-ways.ts'
import { koreanWays } from './error-ways-korean.ts'
import { platformWays } from './platform-error-ways.ts'

/** The page of the documentation that lists every error; `npm run docs` writes it, in both languages. */
export const errorPage = (language: Language): string => {
  const { title, columns, any, payment, platform, checkout, seen, titleOf } = words[language]
  const rows = (isWanted: (type: ErrorType) => boolean): readonly string[] =>
    [...answering()]
      .filter(([type]) => isWanted(type))
      .map(([type, ids]) =>
        row(`\`${type}\``, statusOf(type), remedy(type, language), way(type, language), named(ids, language)),
      )
  const ofAny = Object.keys(envelopeErrors)
    .filter(isErrorType)
    .map((type) => row(`\`${type}\``, statusOf(type), remedy(type, language)))
  const ofCheckout = [...new Set([...refusalCodes, ...failureCodes])].map((code) => {
    const { cause, remedy } = checkoutCodes[code][language]
    return row(`\`${code}\``, titleOf[promiseOf(code)], cause, remedy)
  })
  return [
    title,
    ...section(
      payment,
      seen,
      rows((type) => !isOfPlatform(type)),
    ),
    ...section(platform, seen, rows(isOfPlatform)),
    ...section(any, columns, ofAny),
    ...section(checkout.title, checkout.columns, ofCheckout),
    '',
  ].join('\n')
}

const section = (title: string, columns: string, rows: readonly string[]) => ['', title, '', columns, ...rows]

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const promiseOf = (code: string): 'rejects' | 'resolves' | 'either' => {
  const isFailure = failureCodes.some((one) => one === code)
  if (!refusalCodes.some((one) => one === code)) return 'resolves'
  return isFailure ? 'either' : 'rejects'
}

const isOfPlatform = (type: ErrorType): boolean => type.startsWith('PLATFORM_')

/** A database that is away for a moment is 503, with the type of a server that failed. */
const statusOf = (type: ErrorType): string => (type === 'INTERNAL' ? '500, 503' : `${errors[type].status}`)

const remedy = (type: ErrorType, language: Language): string =>
  remedies[type][language === 'en' ? 0 : 1].replace('LINK', language === 'en' ? 'codes.md' : 'codes.ko.md')

const ways: Readonly<Record<Language, Partial<Readonly<Record<ErrorType, string>>>>> = {
  en: { ...paymentWays, ...platformWays },
  ko: koreanWays,
}

const way = (type: ErrorType, language: Language): string => {
  const found = ways[language][type]
  if (found === undefined) throw new Error(`the error catalogue does not say how to see ${type}`)
  return found
}

const answering = (): ReadonlyMap<ErrorType, readonly OperationId[]> => {
  const found = new Map<ErrorType, OperationId[]>()
  for (const id of operationIds.filter((id) => operations[id].category !== 'sandbox'))
    for (const type of operations[id].errors) found.set(type, [...(found.get(type) ?? []), id])
  return found
}

/** A list of seventy operations would help nobody. */
const mostNames = 8

const named = (ids: readonly OperationId[], language: Language): string => {
  if (ids.length <= mostNames) return ids.map((id) => `\`${id}\``).join(', ')
  return language === 'en' ? `${ids.length} operations` : `${ids.length}개`
}
