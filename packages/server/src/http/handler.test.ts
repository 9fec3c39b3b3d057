import { test } from 'node:test'
import { refuse } from '../kernel/refusal.ts'
import type { Handler, Handlers } from './handler.ts'

// These hold when the file compiles: each `@ts-expect-error` is itself an error where the compiler accepts the line.
test('the compiler refuses handlers that break the contract', () => {
  const listed: Handler<'getPayment'> = async () => refuse('PAYMENT_NOT_FOUND', '')
  // @ts-expect-error: the contract lists no ALREADY_PAID for reading a payment
  const unlisted: Handler<'getPayment'> = async () => refuse('ALREADY_PAID', '')
  // @ts-expect-error: nor does an empty success let any refusal through
  const unlistedBesideEmpty: Handler<'preRegisterPayment'> = async () => refuse('PAYMENT_NOT_FOUND', '')
  const empty: Handler<'preRegisterPayment'> = async () => ({})
  // @ts-expect-error: the success lacks required fields
  const incomplete: Handler<'getBankInfos'> = async () => ({})
  // @ts-expect-error: an operation without authentication has no principal
  const anonymous: Handler<'getBankInfos'> = async ({ principal }) => principal
  const authenticated: Handler<'getPayment'> = async ({ principal }) => refuse('FORBIDDEN', principal.merchantId)
  // @ts-expect-error: operations are missing
  const few: Handlers = { getPayment: 'not-built' }
  void [listed, unlisted, unlistedBesideEmpty, empty, incomplete, anonymous, authenticated, few]
})
