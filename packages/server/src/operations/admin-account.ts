import type { AdminCall, AdminHandlers } from '../http/admin.ts'
import type { Encryption } from '../kernel/encryption.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import { again } from '../kernel/rounds.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { approve } from '../platform/payouts/approval.ts'
import { orderRemittance } from '../platform/payouts/remit.ts'
import { readAccount, spend } from '../platform/payouts/spending.ts'
import { changingPlatform, onPlatform } from './on-platform.ts'

/** The merchant's account: what is in it, and taking of it what is not for partners. */
export const adminAccount = (
  parts: PlatformParts & { readonly encryption: Encryption },
): Pick<AdminHandlers, 'getAdminBalance' | 'remitAdminBalance'> => ({
  getAdminBalance: onPlatform(parts, async ({ platform }, _call: AdminCall<'getAdminBalance'>) => {
    const account = await readAccount(parts, platform)
    if (account instanceof Refusal) return account
    const { orders: _, ...shown } = account
    return { currency: 'KRW', ...shown } as const
  }),
  remitAdminBalance: changingPlatform(parts, async (parts, request, { body }: AdminCall<'remitAdminBalance'>) => {
    if (body === undefined) return refuse('INVALID_REQUEST', 'The body is missing.')
    const { secondFactor, ...wanted } = body
    const { sql, encryption, wake } = parts
    const remitted = await spend(parts, request.platform, {
      amount: async () => wanted.amount,
      approve: () => approve(sql, encryption, request.platform, secondFactor),
      order: async (account, actor) => {
        const accountTransferId = await orderRemittance(sql, request, { ...wanted, actor, account })
        return accountTransferId === undefined
          ? again
          : { accountTransferId, exceedsFreeAmount: wanted.amount > account.free }
      },
    })
    if (!(remitted instanceof Refusal)) wake()
    return remitted
  }),
})
