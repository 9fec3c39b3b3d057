import type { Handlers } from '../http/handler.ts'
import { completeList } from '../http/list-input.ts'
import { toIso } from '../kernel/clock.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import { createPaymentSchedule } from '../payment-schedules/create.ts'
import { findSchedule, findSchedules } from '../payment-schedules/list.ts'
import { revokePaymentSchedules } from '../payment-schedules/revoke.ts'
import { scheduleView } from '../payment-schedules/view.ts'
import { refusePaymentId } from '../payments/requests/input.ts'
import { refuseNoticeTargets } from '../webhooks/targets.ts'
import { forStore, forStoreIn } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'clocksOf' | 'schedules' | 'webhooks'>

type ScheduleOperationId =
  | 'createPaymentSchedule'
  | 'getPaymentSchedule'
  | 'getPaymentSchedules'
  | 'revokePaymentSchedules'

export const paymentScheduleOperations = (parts: Parts): Pick<Handlers, ScheduleOperationId> => ({
  createPaymentSchedule: forStoreIn(
    parts.access,
    ({ body }) => body.payment.storeId,
    async ({ path, body, caller, store }) => {
      const { noticeUrls } = body.payment
      const broken =
        refusePaymentId(path.paymentId) ?? refuseNoticeTargets(parts.webhooks, store, noticeUrls, 'payment.noticeUrls')
      if (broken) return broken
      const key = { store, id: path.paymentId }
      const schedule = await createPaymentSchedule(parts.schedules, key, body, caller.requestKey)
      return schedule instanceof Refusal ? schedule : { schedule }
    },
  ),

  getPaymentSchedule: forStore(parts.access, async ({ path, store }) => {
    const { paymentScheduleId } = path
    const found = await findSchedule(parts.schedules.payments.sql, store.storeId, paymentScheduleId)
    return found
      ? scheduleView(found.payment, found.schedule)
      : refuse('PAYMENT_SCHEDULE_NOT_FOUND', `There is no payment schedule ${paymentScheduleId} in this store.`)
  }),

  getPaymentSchedules: forStoreIn(
    parts.access,
    ({ body }) => body?.filter?.storeId,
    async ({ body, principal, store }) => {
      const { filter = {}, sort = {} } = body ?? {}
      // Unlike other lists, this one is about one store: PortOne documents the credential's own as the default.
      const completed = await completeList(parts, principal, 'payment schedules', {
        ...body,
        filter: { ...filter, storeId: store.storeId },
      })
      if (completed instanceof Refusal) return completed
      const query = { ...completed, filter, sort }
      const { items, totalCount } = await findSchedules(parts.schedules.payments.sql, query)
      return {
        items: items.map(({ payment, schedule }) => scheduleView(payment, schedule)),
        page: { ...completed.page, totalCount },
      }
    },
  ),

  revokePaymentSchedules: forStore(parts.access, async ({ body, caller, store }) => {
    const revoked = await revokePaymentSchedules(parts.schedules, store, body ?? {}, caller.requestKey)
    if (revoked instanceof Refusal) return revoked
    const { scheduleIds, revokedAt } = revoked
    return { revokedScheduleIds: [...scheduleIds], ...(revokedAt === undefined ? {} : { revokedAt: toIso(revokedAt) }) }
  }),
})
