import type { AdminCall, AdminHandlers } from '../http/admin.ts'
import type { Encryption } from '../kernel/encryption.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { approve } from '../platform/payouts/approval.ts'
import { readBalance } from '../platform/payouts/balance.ts'
import { orderRemittance } from '../platform/payouts/remit.ts'
import type { Platform } from '../platform/platform.ts'
import { onPlatform } from './on-platform.ts'

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
    return account instanceof Refusal ? account : ({ currency: 'KRW', ...account } as const)
  }),
  remitAdminBalance: onPlatform(parts, async (request, { body }: AdminCall<'remitAdminBalance'>) => {
    if (body === undefined) return refuse('INVALID_REQUEST', 'The body is missing.')
    const { secondFactor, ...wanted } = body
    const account = await balanceOf(parts, request.platform)
    if (account instanceof Refusal) return account
    const left = account.balance - account.ordered
    if (wanted.amount > left)
      return refuse(
        'INVALID_REQUEST',
        `amount must be at most ${left}: what is in the account and nobody has ordered yet.`,
      )
    const actor = await approve(parts.sql, parts.encryption, request.platform, secondFactor)
    if (actor instanceof Refusal) return actor
    const remittance = { ...wanted, actor, bankAccountId: account.bankAccountId }
    const accountTransferId = await orderRemittance(parts.sql, request, remittance)
    parts.wake()
    return { accountTransferId, exceedsFreeAmount: wanted.amount > account.free }
  }),
})

const balanceOf = async ({ sql, bankOf, clockOf }: PlatformParts, platform: Platform) => {
  const bank = bankOf(platform)
  if (bank === undefined) return noBank
  const account = await readBalance(sql, platform, bank, await clockOf(platform.store.storeId))
  return account === undefined ? noBalance : { ...account, free: account.balance - account.ordered - account.owed }
}
