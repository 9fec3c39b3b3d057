type Language = 'ko' | 'en'

/** Our own failures in the words of a shopper. Those of a PG are shown as the PG has them, as some contracts demand. */
export const ownFailures: Readonly<Record<Language, ReadonlyMap<string, string>>> = {
  ko: new Map([
    [
      'NARU_WINDOW_UNAVAILABLE',
      '지금은 결제사에 연결할 수 없어 처리하지 못했습니다. 청구된 금액은 없습니다. 잠시 후 다시 시도하거나 다른 수단을 이용해 주세요.',
    ],
    [
      'NARU_WINDOW_UNKNOWN',
      '결제사에서 결과를 확인하지 못했습니다. 청구된 금액은 없습니다. 다시 시도하거나 다른 수단을 이용해 주세요.',
    ],
    ['NARU_WINDOW_MISMATCH', '결제창의 금액이 주문 금액과 다릅니다. 청구된 금액은 없습니다. 다시 시도해 주세요.'],
    ['NARU_AMOUNT_MISMATCH', '주문 금액과 다른 금액이 승인되어 환불합니다. 다시 시도해 주세요.'],
    ['NARU_ALREADY_PAID', '이미 결제되었거나 결제 중인 주문입니다. 이번에 승인된 금액이 있으면 환불합니다.'],
    ['NARU_NOT_EXECUTED', '결제사가 응답하지 않아 처리하지 못했습니다. 청구된 금액은 없습니다. 다시 시도해 주세요.'],
  ]),
  en: new Map([
    [
      'NARU_WINDOW_UNAVAILABLE',
      'The payment service cannot be reached at the moment. Nothing was charged. Try again later, or use another method.',
    ],
    [
      'NARU_WINDOW_UNKNOWN',
      'The payment service did not say what happened. Nothing was charged. Try again, or use another method.',
    ],
    [
      'NARU_WINDOW_MISMATCH',
      'The amount in the payment window is not that of the order. Nothing was charged. Try again.',
    ],
    ['NARU_AMOUNT_MISMATCH', 'Another amount than that of the order was charged, and is refunded. Try again.'],
    ['NARU_ALREADY_PAID', 'This order is paid already, or being paid. Anything charged this time is refunded.'],
    ['NARU_NOT_EXECUTED', 'The payment service did not answer. Nothing was charged. Try again.'],
  ]),
}
