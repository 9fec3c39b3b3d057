import { type DayWork, dayDue } from './days.ts'
import { entityDue } from './entities/due.ts'
import type { PlatformParts } from './parts.ts'
import { withdrawalDue } from './payouts/due.ts'
import { settleDay } from './settlements/settle.ts'
import { startDue } from './transfers/start.ts'

/** Changes come due before the days that settle by them. */
export const platformModule = (parts: PlatformParts) => ({
  parts,
  due: [entityDue(parts), dayDue(parts, dayWork(parts)), withdrawalDue(parts)],
})

/** What happens when a day begins, in this order. */
const dayWork = ({ sql, log }: PlatformParts): readonly DayWork[] => [
  async (request, _, today) => {
    const { merchantId, isForTest } = request.platform
    const held = await startDue(sql, request, today, (transferId, err) =>
      log.error({ err, merchantId, isForTest, transferId }, 'an order cannot be computed anew and stays scheduled'),
    )
    if (held > 0) log.info({ merchantId, isForTest, held }, 'orders wait for their payments')
  },
  async (request, day) => {
    const { merchantId, isForTest } = request.platform
    const progress = (settled: number) => log.info({ merchantId, isForTest, day, settled }, 'transfers settled')
    await settleDay(sql, request, day, progress)
  },
]
