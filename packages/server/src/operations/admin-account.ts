import type { AdminCall, AdminHandlers } from '../http/admin.ts'
import type { Encryption } from '../kernel/encryption.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { approve } from '../platform/payouts/approval.ts'
import { orderRemittance } from '../platform/payouts/remit.ts'
import { OrderedMeanwhile, readAccount, refuseTooMuch } from '../platform/payouts/spending.ts'
import { onPlatform, spendingPlatform } from './on-platform.ts'

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
  remitAdminBalance: spendingPlatform(
    parts,
    async (_request, _call: AdminCall<'remitAdminBalance'>) => undefined,
    async ({ sql, encryption, wake }, request, { body }, account) => {
      if (body === undefined) return refuse('INVALID_REQUEST', 'The body is missing.')
      const { secondFactor, ...wanted } = body
      const tooMuch = refuseTooMuch(account, wanted.amount)
      if (tooMuch) return tooMuch
      const actor = await approve(sql, encryption, request.platform, secondFactor)
      if (actor instanceof Refusal) return actor
      const accountTransferId = await orderRemittance(sql, request, { ...wanted, actor, account })
      if (accountTransferId === undefined) throw new OrderedMeanwhile()
      wake()
      return { accountTransferId, exceedsFreeAmount: wanted.amount > account.free }
    },
  ),
})
