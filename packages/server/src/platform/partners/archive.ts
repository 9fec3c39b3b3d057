import type { Sql } from '../../db/connect.ts'
import { refuse } from '../../kernel/refusal.ts'
import type { Entity } from '../entities/entity.ts'
import type { PlatformRequest } from '../platform.ts'
import { hasOngoingTaxInvoices, refuseWhilePending } from './connect.ts'

/** Why a partner cannot be archived that others of its kind could. */
export const refuseToArchive = async (sql: Sql, { platform }: PlatformRequest, partner: Entity<'PARTNER'>) => {
  const pending = refuseWhilePending(partner)
  if (pending) return pending
  return (await hasOngoingTaxInvoices(sql, platform, partner.id))
    ? refuse(
        'PLATFORM_COUNTERPARTY_ONGOING_TAX_INVOICE_EXISTS',
        `Tax invoices of the partner ${partner.id} are under way. Archive it once they are finished.`,
      )
    : undefined
}
