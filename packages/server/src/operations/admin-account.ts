import type { AdminCall, AdminHandlers } from '../http/admin.ts'
import type { Encryption } from '../kernel/encryption.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { approve } from '../platform/payouts/approval.ts'
import { type Balance, readBalance } from '../platform/payouts/balance.ts'
import { orderRemittance, type Remittance } from '../platform/payouts/remit.ts'
import type { Platform, PlatformRequest } from '../platform/platform.ts'
import { changingPlatform, onPlatform } from './on-platform.ts'

export const noBank = refuse(
  'INVALID_REQUEST',
  'There is no bank that this platform could pay through. Record what is paid elsewhere with complete-payout.',
)

export const noBalance = refuse('INVALID_REQUEST', 'The bank does not say what is in the account. Try again.')

/** The merchant's account: what is in it, and taking of it what is not for partners. */
export const adminAccount = (
  parts: PlatformParts & { readonly encryption: Encryption },
): Pick<AdminHandlers, 'getAdminBalance' | 'remitAdminBalance'> => ({
  getAdminBalance: onPlatform(parts, async ({ platform }, _call: AdminCall<'getAdminBalance'>) => {
    const account = await balanceOf(parts, platform)
    if (account instanceof Refusal) return account
    const { orders: _, ...shown } = account
    return { currency: 'KRW', ...shown } as const
  }),
  remitAdminBalance: changingPlatform(parts, async (parts, request, { body }: AdminCall<'remitAdminBalance'>) => {
    if (body === undefined) return refuse('INVALID_REQUEST', 'The body is missing.')
    const { secondFactor, ...wanted } = body
    const account = await affordableFrom(parts, request.platform, wanted.amount)
    if (account instanceof Refusal) return account
    const actor = await approve(parts.sql, parts.encryption, request.platform, secondFactor)
    if (actor instanceof Refusal) return actor
    return await remit(parts, request, { ...wanted, actor }, account)
  }),
})

/** The account, if it has enough. */
const affordableFrom = async (parts: PlatformParts, platform: Platform, amount: number) => {
  const account = await balanceOf(parts, platform)
  if (account instanceof Refusal) return account
  const left = account.balance - account.ordered
  if (amount <= left) return account
  return refuse('INVALID_REQUEST', `amount must be at most ${left}: what is in the account and nobody has ordered yet.`)
}

/** Whoever orders from the account at the same time has it read again: there may not be enough for both. */
const remit = async (
  parts: PlatformParts,
  request: PlatformRequest,
  wanted: Omit<Remittance, 'account'>,
  account: Balance & { readonly free: number },
): Promise<{ accountTransferId: string; exceedsFreeAmount: boolean } | Refusal<'INVALID_REQUEST'>> => {
  const accountTransferId = await orderRemittance(parts.sql, request, { ...wanted, account })
  if (accountTransferId === undefined) {
    const again = await affordableFrom(parts, request.platform, wanted.amount)
    return again instanceof Refusal ? again : await remit(parts, request, wanted, again)
  }
  parts.wake()
  return { accountTransferId, exceedsFreeAmount: wanted.amount > account.free }
}

const balanceOf = async ({ sql, bankOf, clockOf }: PlatformParts, platform: Platform) => {
  const bank = bankOf(platform)
  if (bank === undefined) return noBank
  const account = await readBalance(sql, platform, bank, await clockOf(platform.store.storeId))
  return account === undefined ? noBalance : { ...account, free: account.balance - account.ordered - account.owed }
}
