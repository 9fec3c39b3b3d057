import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { type AdminOperationId, adminOperations, type CheckoutKind, type OperationId, operations } from '@naru/contract'
import { startReceiver } from '../src/webhooks/testing/receiver.ts'
import { adminStages } from './support/fuzz-admin.ts'
import type { Fragment } from './support/fuzz-books.ts'
import { send } from './support/fuzz-requests.ts'
import { fillBooks } from './support/fuzz-store.ts'
import type { Known } from './support/fuzz-values.ts'
import { classes } from './support/inputs/classes.ts'
import { type InputField, type Interface, inputFields } from './support/inputs/fields.ts'
import { problemWith, requestWith } from './support/inputs/requests.ts'
import { classOf } from './support/inputs/rules.ts'
import { startNaru } from './support/naru.ts'
import { newPromotion } from './support/promotions.ts'

const fields = inputFields()
const placeOf = ({ operation, part, at }: InputField): string => `${operation} ${part}.${at}`

const isOperation = (id: string): id is OperationId => Object.hasOwn(operations, id)
const isAdminOperation = (id: string): id is AdminOperationId => Object.hasOwn(adminOperations, id)

type Trial = { readonly field: InputField; readonly value: unknown }

/** What a client can send to a place: a path and a query hold text alone, in well-formed UTF-8. */
const canBeSent = ({ part, schema }: InputField, value: unknown): boolean => {
  if (part === 'body') return true
  if (typeof value === 'string') return value.isWellFormed() && value !== ''
  return typeof value === 'number' && schema.type === 'integer'
}

const trials = (quality: 'good' | 'bad'): readonly Trial[] =>
  fields.flatMap((field) => {
    const name = classOf(field)
    const values: readonly unknown[] = name === undefined ? [] : classes[name][quality]
    return values.filter((value) => canBeSent(field, value)).map((value) => ({ field, value }))
  })

test('every input of every operation is classified', () => {
  const unknown = fields.filter((field) => classOf(field) === undefined)
  assert.deepEqual(
    unknown.map((field) => `classify me: ${placeOf(field)}`),
    [],
  )
})

test('what the contract can tell of an input is refused by the name of the field, and nothing else is', () => {
  const faults: string[] = []
  for (const { field, value } of trials('bad')) {
    const problem = problemWith(field, value)
    const isNamed = problem === undefined || problem.field.startsWith(field.at)
    if (!isNamed) faults.push(`${placeOf(field)} = ${JSON.stringify(value)}: ${problem.message}`)
  }
  for (const { field, value } of trials('good')) {
    const problem = problemWith(field, value)
    if (problem) faults.push(`${placeOf(field)} = ${JSON.stringify(value)}: ${problem.message}`)
  }
  assert.deepEqual(faults, [])
})

describe('inputs that a schema cannot judge', async () => {
  const naru = await startNaru()
  const store = await naru.newMerchant()
  await using receiver = await startReceiver()
  const books = await fillBooks(naru, store, receiver.url)
  await store.api.call('stopSandboxClock')
  const stages = await adminStages(naru, store)
  const known: Record<string, readonly unknown[]> = {}
  for (const [name, values] of books.flatMap((one) => Object.entries(one.known ?? {})))
    known[name] = [...(known[name] ?? []), ...values]

  const togetherOf = async (operation: string, of: Interface): Promise<Fragment | undefined> => {
    if (of === 'checkout') return { body: { channelKey: store.channelKey } }
    if (of === 'admin API') return isAdminOperation(operation) ? (await stages.fitting(operation))[0] : undefined
    return books.flatMap(({ together = {} }) => (isOperation(operation) ? (together[operation] ?? []) : []))[0]
  }
  // One that has not begun: of others only the name and the time can be changed.
  const promotionId = await newPromotion(store, { startAt: '2098-01-01T00:00:00Z' })
  const fitting = new Map<string, Fragment | undefined>([['editSandboxPromotion', { path: { promotionId } }]])
  const fragmentOf = async ({ operation, of }: InputField): Promise<Fragment | undefined> => {
    if (!fitting.has(operation)) fitting.set(operation, await togetherOf(operation, of))
    return fitting.get(operation)
  }
  const ask = async ({ field, value }: Trial) => {
    const isAdmin = field.of === 'admin API'
    const of: Known = isAdmin ? stages.known : known
    const request = requestWith(field, value, of, await fragmentOf(field))
    if (field.of === 'checkout') {
      const opening = { kind: kinds[field.operation], device: 'PC', request: request.body }
      return await send(naru.url, field.definition, '', { body: opening })
    }
    const authorization = isAdmin ? `NaruAdmin ${stages.secret}` : `PortOne ${store.apiSecret}`
    return await send(naru.url, field.definition, authorization, request)
  }

  test('are refused where they are given', async () => {
    const faults: string[] = []
    const left = trials('bad').filter(({ field, value }) => isOpened(field) && problemWith(field, value) === undefined)
    for (const trial of left) {
      const { status, text } = await ask(trial)
      const isNamed = status === 400 && text.includes(trial.field.name)
      if (!isNamed) faults.push(said(trial, status, text))
    }
    assert.deepEqual(faults, [])
  })

  test('are not refused for what is right about them, and whatever is taken can be worked with', async () => {
    const faults: string[] = []
    for (const trial of trials('good').filter(({ field }) => classOf(field) !== 'text' && isAsked(field))) {
      const { status, text } = await ask(trial)
      const isRefused = status === 400 && isJudged(trial.field) && text.includes(trial.field.name)
      if (isRefused || isFailure(status)) faults.push(said(trial, status, text))
    }
    assert.deepEqual(faults, [])
  })

  test('are absurdly long, and refused or kept', async () => {
    const faults: string[] = []
    const texts = fields.filter(({ definition, schema }) => definition.method !== 'GET' && schema.type === 'string')
    for (const field of texts.filter(isAsked)) {
      // Nothing that a database could compress: what is indexed must fit into a page.
      const { status, text } = await ask({ field, value: randomBytes(15_000).toString('base64url') })
      if (isFailure(status) || (status >= 400 && messageOf(text).length > 1_000))
        faults.push(said({ field, value: 'long' }, status, text))
    }
    assert.deepEqual(faults, [])
  })
})

/** What a shop's page opens a window with. */
const kinds: Readonly<Record<string, CheckoutKind>> = {
  BrowserPayment: 'PAYMENT',
  BrowserBillingKey: 'ISSUE_BILLING_KEY',
  BrowserBillingKeyAndPayment: 'ISSUE_BILLING_KEY_AND_PAY',
  BrowserIdentityVerification: 'IDENTITY_VERIFICATION',
}

/** What moves a clock for years runs everything on the way; what empties a store leaves nothing for the others. */
const isAsked = (field: InputField): boolean =>
  isOpened(field) && !['advanceSandboxClock', 'startSandboxClock', 'resetSandboxStore'].includes(field.operation)

/** What a window is opened with; what is sent out of one needs a shopper. */
const isOpened = ({ operation, of }: InputField): boolean => of !== 'checkout' || Object.hasOwn(kinds, operation)

/** Whether a value of the class is right wherever it stands; a date may be too early, and an amount too much. */
const isJudged = (field: InputField): boolean =>
  ['url', 'redirect url', 'color', 'ip address', 'mobile number'].includes(classOf(field) ?? '')

/** A PG that says no is answered 502. */
const isFailure = (status: number): boolean => status === 500 || status === 503

const messageOf = (text: string): string => String(JSON.parse(text).message)

const said = ({ field, value }: Trial, status: number, text: string): string =>
  `${placeOf(field)} = ${JSON.stringify(value).slice(0, 100)}: ${status} ${text.slice(0, 200)}`
