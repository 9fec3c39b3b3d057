import type { PaymentSchedule } from '@naru/contract'
import { toIso } from '../kernel/clock.ts'
import { compact } from '../kernel/compact.ts'
import type { Payment, Schedule } from '../payments/state/payment.ts'
import { completedAt, scheduleStatus } from '../payments/state/schedule.ts'

/** A schedule as the contract shows it. Required fields that the order left out are shown empty. */
export const scheduleView = (payment: Payment, schedule: Schedule): PaymentSchedule => {
  const common = commonView(payment, schedule)
  const status = scheduleStatus(payment, schedule)
  const startedAt = toIso(schedule.startedAt ?? schedule.timeToPay)
  switch (status) {
    case 'SCHEDULED':
      return { status, ...common }
    case 'STARTED':
      return { status, ...common, startedAt }
    case 'PENDING':
    case 'SUCCEEDED':
    case 'FAILED':
      return { status, ...common, startedAt, completedAt: toIso(completedAt(payment, schedule) ?? schedule.timeToPay) }
    case 'REVOKED':
      return { status, ...common, revokedAt: toIso(schedule.revokedAt ?? schedule.createdAt) }
  }
}

const commonView = (payment: Payment, schedule: Schedule) => {
  const { request, terms } = schedule
  return {
    id: schedule.id,
    merchantId: payment.merchantId,
    storeId: payment.storeId,
    paymentId: payment.paymentId,
    billingKey: schedule.billingKey,
    orderName: request.orderName,
    isCulturalExpense: request.isCulturalExpense ?? false,
    isEscrow: request.isEscrow ?? false,
    customer: request.customer,
    customData: request.customData ?? '',
    totalAmount: request.amount.total,
    taxFreeAmount: request.amount.taxFree,
    vatAmount: request.amount.vat,
    currency: request.currency,
    createdAt: toIso(schedule.createdAt),
    timeToPay: toIso(schedule.timeToPay),
    ...compact({
      installmentMonth: terms.installmentMonth,
      noticeUrls: request.noticeUrls && [...request.noticeUrls],
      products: request.products && [...request.products],
    }),
  }
}
