import type { AdminSecondFactor } from '@naru/contract'
import { Secret, TOTP } from 'otpauth'
import type { Sql } from '../../db/connect.ts'
import { minute, realTime } from '../../kernel/clock.ts'
import type { Encryption } from '../../kernel/encryption.ts'
import { timeOrderedId } from '../../kernel/ids.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import { SetupError } from '../../merchants/setup-error.ts'
import type { Platform } from '../platform.ts'

/** Authenticator apps agree on these: SHA-1, six digits, half a minute. */
const period = 30
const context = (merchantId: string, approverId: string): string => `approver ${merchantId} ${approverId}`

const totpOf = (secret: string, name: string): TOTP =>
  new TOTP({ issuer: 'Naru', label: name, period, secret: Secret.fromBase32(secret) })

/** Enrols somebody who may let money go. The secret is for their authenticator and is never shown again. */
export const enrolApprover = async (
  sql: Sql,
  encryption: Encryption,
  { merchantId, name }: { readonly merchantId: string; readonly name: string },
): Promise<{ readonly approverId: string; readonly secret: string; readonly uri: string }> => {
  const approverId = `approver-${timeOrderedId()}`
  const secret = new Secret({ size: 20 }).base32
  const sealed = encryption.encrypt(secret, context(merchantId, approverId))
  await sql`
    insert into platform_payout_approvers (merchant_id, approver_id, name, secret, created_at)
    values (${merchantId}, ${approverId}, ${name}, ${sealed}, ${realTime()})`
  return { approverId, secret, uri: totpOf(secret, name).toString() }
}

/** @throws SetupError if the merchant has no such approver, or they are already revoked. */
export const revokeApprover = async (sql: Sql, merchantId: string, approverId: string): Promise<void> => {
  const revoked = await sql`
    update platform_payout_approvers set revoked_at = ${realTime()}
    where merchant_id = ${merchantId} and approver_id = ${approverId} and revoked_at is null`
  if (revoked.count === 0)
    throw new SetupError(
      `The merchant has no approver ${approverId} who may still approve. See: naru payout approver list`,
    )
}

/** So many wrong codes in a row lock an approver out for a while: six digits could be guessed otherwise. */
const mostWrongCodes = 5
const lockout = 5 * minute

type ApproverRow = { readonly name: string; readonly secret: Buffer; readonly lockedUntil: number | null }

/**
 * Whether somebody who may lets the money go. Authenticators go by real time, whatever the store's clock shows; a code of
 * the half minute before or after is taken too. A code is good once: one conditional statement says that it was used, so
 * that of two requests with it exactly one passes. Returns who approved.
 */
export const approve = async (
  sql: Sql,
  encryption: Encryption,
  { merchantId, store }: Platform,
  given: AdminSecondFactor | undefined,
): Promise<string | Refusal<'FORBIDDEN'>> => {
  const [rule] = await sql<{ asks: boolean }[]>`
    select asks_second_factor as asks from stores where store_id = ${store.storeId}`
  if (given === undefined)
    return rule?.asks === false
      ? `store ${store.storeId} without a second factor`
      : refuse(
          'FORBIDDEN',
          'Payouts need secondFactor: an approver and the code of their authenticator. Register one with naru payout approver add.',
        )
  const { approverId, code } = given
  const now = realTime()
  const [approver] = await sql<ApproverRow[]>`
    select name, secret, locked_until as "lockedUntil" from platform_payout_approvers
    where merchant_id = ${merchantId} and approver_id = ${approverId} and revoked_at is null`
  if (approver === undefined) return wrongCode
  if (approver.lockedUntil !== null && approver.lockedUntil > now)
    return refuse(
      'FORBIDDEN',
      `Too many wrong codes of ${approverId}. Try again in ${Math.ceil((approver.lockedUntil - now) / minute)} minutes.`,
    )
  const secret = encryption.decrypt(approver.secret, context(merchantId, approverId))
  const delta = totpOf(secret, approver.name).validate({ token: code.replace(' ', ''), timestamp: now, window: 1 })
  if (delta === null) {
    await noteWrongCode(sql, merchantId, approverId, now)
    return wrongCode
  }
  const step = Math.floor(now / (period * 1_000)) + delta
  const used = await sql`
    update platform_payout_approvers set last_step = ${step}, wrong_codes = 0, locked_until = null
    where merchant_id = ${merchantId} and approver_id = ${approverId} and revoked_at is null and last_step < ${step}`
  return used.count === 1
    ? approverId
    : refuse('FORBIDDEN', 'The code was already used. Wait for the next one that the authenticator shows.')
}

const wrongCode = refuse(
  'FORBIDDEN',
  'secondFactor is wrong: an unknown approver (see naru payout approver list), or a code that is not theirs now.',
)

const noteWrongCode = async (sql: Sql, merchantId: string, approverId: string, now: number): Promise<void> => {
  await sql`
    update platform_payout_approvers set
      wrong_codes = case when wrong_codes + 1 >= ${mostWrongCodes} then 0 else wrong_codes + 1 end,
      locked_until = case when wrong_codes + 1 >= ${mostWrongCodes} then ${now + lockout}::timestamptz else locked_until end
    where merchant_id = ${merchantId} and approver_id = ${approverId}`
}
