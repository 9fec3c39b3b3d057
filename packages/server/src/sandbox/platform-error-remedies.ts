import type { ErrorType } from '@naru/contract'

/** What to do about an error, for somebody in a hurry, in English and in Korean. */
export type Remedy = readonly [en: string, ko: string]

const otherId: Remedy = [
  'use another id: ids are never used again',
  '다른 ID를 씁니다. 한 번 쓴 ID는 다시 쓸 수 없습니다',
]
const recover: Remedy = ['recover it first', '먼저 복원합니다']
const reschedule: Remedy = [
  'replace the scheduled change, or cancel it first',
  '예약된 변경을 교체하거나 먼저 취소합니다',
]
const cancelSchedule: Remedy = ['cancel the scheduled change first', '예약된 변경을 먼저 취소합니다']
const checkIds: Remedy = ['check the ids; recover what is archived', 'ID를 확인합니다. 보관된 것은 복원합니다']
const checkOne: Remedy = [
  'check the id; if you asked for a scheduled change, there is none',
  'ID를 확인합니다. 예약된 변경을 조회했다면 예약이 없는 것입니다',
]
const disconnect: Remedy = ['disconnect the partner first', '먼저 파트너의 연동을 해제합니다']
const lookUpAgain: Remedy = ['look it up again, and use the new id', '다시 조회하고 새 ID를 씁니다']
const readConnection: Remedy = [
  'read the partner: its status says how it is connected',
  '파트너를 조회해 연동 상태를 확인합니다',
]
const atMostLeft: Remedy = ['cancel at most what the error says is left', '오류에 나온 남은 값 이하로 취소합니다']
const atMostPayment: Remedy = [
  'lower the order to what is left of the payment: the error has the amounts',
  '결제에서 남은 금액 이하로 주문을 줄입니다. 오류에 금액이 있습니다',
]
const feeInWon: Remedy = [
  'use a rate instead of a fixed fee, or settle in KRW',
  '정액 대신 정률 수수료를 쓰거나 원화로 정산합니다',
]
const openInvoice: Remedy = ['close the tax invoice first', '먼저 세금계산서를 종결합니다']
const paidOut: Remedy = [
  'register a correction instead: it is part of a payout',
  '지급에 포함되어 있으므로, 대신 정정하는 정산 건을 등록합니다',
]

/** What to do about an error of partner settlement. */
export const platformRemedies = {
  PLATFORM_NOT_ENABLED: [
    'enable partner settlement: `naru platform enable`',
    '파트너 정산을 켭니다: `naru platform enable`',
  ],
  PLATFORM_INVALID_SETTLEMENT_FORMULA: [
    'fix the formula at the place that the error names',
    '오류에 나온 위치의 수식을 고칩니다',
  ],
  PLATFORM_CONTRACT_ALREADY_EXISTS: otherId,
  PLATFORM_CONTRACT_NOT_FOUND: checkOne,
  PLATFORM_CONTRACTS_NOT_FOUND: checkIds,
  PLATFORM_ARCHIVED_CONTRACT: recover,
  PLATFORM_CANNOT_ARCHIVE_SCHEDULED_CONTRACT: cancelSchedule,
  PLATFORM_CONTRACT_SCHEDULE_ALREADY_EXISTS: reschedule,
  PLATFORM_ADDITIONAL_FEE_POLICY_ALREADY_EXISTS: otherId,
  PLATFORM_ADDITIONAL_FEE_POLICY_NOT_FOUND: checkOne,
  PLATFORM_ADDITIONAL_FEE_POLICIES_NOT_FOUND: checkIds,
  PLATFORM_ARCHIVED_ADDITIONAL_FEE_POLICY: recover,
  PLATFORM_CANNOT_ARCHIVE_SCHEDULED_ADDITIONAL_FEE_POLICY: cancelSchedule,
  PLATFORM_ADDITIONAL_FEE_POLICY_SCHEDULE_ALREADY_EXISTS: reschedule,
  PLATFORM_DISCOUNT_SHARE_POLICY_ALREADY_EXISTS: otherId,
  PLATFORM_DISCOUNT_SHARE_POLICY_NOT_FOUND: checkOne,
  PLATFORM_DISCOUNT_SHARE_POLICIES_NOT_FOUND: checkIds,
  PLATFORM_ARCHIVED_DISCOUNT_SHARE_POLICY: recover,
  PLATFORM_CANNOT_ARCHIVE_SCHEDULED_DISCOUNT_SHARE_POLICY: cancelSchedule,
  PLATFORM_DISCOUNT_SHARE_POLICY_SCHEDULE_ALREADY_EXISTS: reschedule,
  PLATFORM_SETTLEMENT_PARAMETER_NOT_FOUND: [
    'define the parameter, or fix its key',
    '파라미터를 정의하거나 키를 고칩니다',
  ],
  PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND: ['define the property, or fix its key', '속성을 정의하거나 키를 고칩니다'],
  PLATFORM_PARTNER_ID_ALREADY_EXISTS: otherId,
  PLATFORM_PARTNER_IDS_ALREADY_EXISTS: otherId,
  PLATFORM_PARTNER_IDS_DUPLICATED: ['name each id once', '각 ID를 한 번만 넣습니다'],
  PLATFORM_PARTNER_NOT_FOUND: checkOne,
  PLATFORM_ARCHIVED_PARTNER: recover,
  PLATFORM_ARCHIVED_PARTNERS_CANNOT_BE_SCHEDULED: [
    'exclude archived partners in the filter',
    '필터에서 보관된 파트너를 제외합니다',
  ],
  PLATFORM_ARCHIVED_PARTNER_NTS_NOT_ALLOWED: recover,
  PLATFORM_CANNOT_ARCHIVE_SCHEDULED_PARTNER: cancelSchedule,
  PLATFORM_PARTNER_SCHEDULE_ALREADY_EXISTS: reschedule,
  PLATFORM_PARTNER_SCHEDULES_ALREADY_EXIST: cancelSchedule,
  PLATFORM_PARTNER_SCHEDULE_EXISTS: cancelSchedule,
  PLATFORM_INSUFFICIENT_DATA_TO_CHANGE_PARTNER_TYPE: [
    'send company name, business registration number and representative too',
    '상호, 사업자등록번호, 대표자도 보냅니다',
  ],
  PLATFORM_ACCOUNT_VERIFICATION_FAILED: [
    'send the bank, number and holder that were looked up',
    '조회한 은행, 계좌번호, 예금주를 그대로 보냅니다',
  ],
  PLATFORM_ACCOUNT_VERIFICATION_NOT_FOUND: lookUpAgain,
  PLATFORM_ACCOUNT_VERIFICATION_ALREADY_USED: lookUpAgain,
  PLATFORM_COMPANY_VERIFICATION_ALREADY_USED: lookUpAgain,
  PLATFORM_NOT_SUPPORTED_BANK: ['use an account at another bank', '다른 은행의 계좌를 씁니다'],
  PLATFORM_COMPANY_NOT_FOUND: ['check the business registration number', '사업자등록번호를 확인합니다'],
  PLATFORM_EXTERNAL_API_FAILED: ['check the request, then try again later', '요청을 확인하고 나중에 다시 시도합니다'],
  PLATFORM_EXTERNAL_API_TEMPORARILY_FAILED: ['try again later', '나중에 다시 시도합니다'],
  B2B_NOT_ENABLED: [
    'enable partner settlement: `naru platform enable`',
    '파트너 정산을 켭니다: `naru platform enable`',
  ],
  B2B_EXTERNAL_SERVICE: ['try again later', '나중에 다시 시도합니다'],
  PLATFORM_BTX_NOT_ENABLED: [
    'enable tax invoices: `naru platform enable --tax-invoices`',
    '세금계산서 기능을 켭니다: `naru platform enable --tax-invoices`',
  ],
  PLATFORM_PARTNER_TYPE_IS_NOT_BUSINESS: [
    'change the partner into a business first',
    '먼저 파트너를 사업자로 변경합니다',
  ],
  PLATFORM_PARTNER_TAXATION_TYPE_IS_SIMPLE: ['settle without tax invoices', '세금계산서 없이 정산합니다'],
  PLATFORM_COUNTERPARTY_NOT_CONNECTABLE_STATUS: readConnection,
  PLATFORM_COUNTERPARTY_NOT_CONNECTED: readConnection,
  PLATFORM_MEMBER_COMPANY_NOT_CONNECTABLE_STATUS: readConnection,
  PLATFORM_MEMBER_COMPANY_NOT_CONNECTED: readConnection,
  PLATFORM_TARGET_PARTNER_NOT_FOUND: ['widen the filter', '필터를 넓힙니다'],
  PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_BRN_UNCHANGEABLE: disconnect,
  PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_TYPE_UNCHANGEABLE: disconnect,
  PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_CANNOT_BE_SCHEDULED: disconnect,
  PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNERS_CANNOT_BE_SCHEDULED: disconnect,
  PLATFORM_CONNECTED_PARTNER_BRN_UNCHANGEABLE: disconnect,
  PLATFORM_CONNECTED_PARTNER_TYPE_UNCHANGEABLE: disconnect,
  PLATFORM_PARTNER_PENDING_NTS_OPERATION: [
    'wait until the connection is finished',
    '연동 처리가 끝날 때까지 기다립니다',
  ],
  PLATFORM_ONGOING_TAX_INVOICE_EXISTS: openInvoice,
  PLATFORM_COUNTERPARTY_ONGOING_TAX_INVOICE_EXISTS: openInvoice,
  PLATFORM_TRANSFER_NOT_FOUND: ['check the id', 'ID를 확인합니다'],
  PLATFORM_TRANSFER_ID_ALREADY_USED: otherId,
  PLATFORM_TRANSFER_ALREADY_EXISTS: [
    'nothing: the error has the id of the transfer',
    '할 일이 없습니다. 오류에 등록된 정산 건의 ID가 있습니다',
  ],
  PLATFORM_PAYMENT_NOT_FOUND: [
    'check the id; a payment made elsewhere needs `externalPaymentDetail`',
    'ID를 확인합니다. 다른 곳에서 결제했으면 `externalPaymentDetail`이 필요합니다',
  ],
  PLATFORM_CURRENCY_NOT_SUPPORTED: [
    'use KRW, USD, JPY, EUR, CNY, TWD, AUD, THB or HKD. When completing a payout: wait until the amount is positive',
    'KRW, USD, JPY, EUR, CNY, TWD, AUD, THB, HKD 중 하나를 씁니다. 지급 완료 처리라면 금액이 양수가 될 때까지 기다립니다',
  ],
  PLATFORM_CONTRACT_PLATFORM_FIXED_AMOUNT_FEE_CURRENCY_AND_SETTLEMENT_CURRENCY_MISMATCHED: feeInWon,
  PLATFORM_ADDITIONAL_FIXED_AMOUNT_FEE_CURRENCY_AND_SETTLEMENT_CURRENCY_MISMATCHED: feeInWon,
  PLATFORM_PRODUCT_ID_DUPLICATED: [
    'name each product once, with its quantity',
    '각 상품을 수량과 함께 한 번만 넣습니다',
  ],
  PLATFORM_SETTLEMENT_AMOUNT_EXCEEDED: [
    'lower the amount: the error says which, and to what',
    '금액을 낮춥니다. 어느 금액이 얼마까지인지 오류에 있습니다',
  ],
  PLATFORM_SETTLEMENT_PAYMENT_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT: atMostPayment,
  PLATFORM_SETTLEMENT_TAX_FREE_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT: atMostPayment,
  PLATFORM_SETTLEMENT_SUPPLY_WITH_VAT_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT: atMostPayment,
  PLATFORM_SETTLEMENT_DATE_EARLIER_THAN_SETTLEMENT_START_DATE: [
    'send a later `settlementDate`',
    '더 늦은 `settlementDate`를 보냅니다',
  ],
  PLATFORM_CANNOT_SPECIFY_TRANSFER: ['name the order by `transferId`', '`transferId`로 지정합니다'],
  PLATFORM_CANCELLATION_NOT_FOUND: [
    'read the payment: it lists its cancellations',
    '결제를 조회하면 취소 내역이 나옵니다',
  ],
  PLATFORM_CANCELLATION_AND_PAYMENT_TYPE_MISMATCHED: [
    'send `externalCancellationDetail` for payments made elsewhere, and only for those',
    '다른 곳에서 결제한 주문에만 `externalCancellationDetail`을 보냅니다',
  ],
  PLATFORM_ORDER_TRANSFER_ALREADY_CANCELLED: [
    'nothing: all of it is cancelled',
    '할 일이 없습니다. 전부 취소되었습니다',
  ],
  PLATFORM_ORDER_DETAIL_MISMATCHED: [
    'cancel by product what was registered by product, and by amount what was registered by amount',
    '상품별로 등록한 주문은 상품별로, 금액으로 등록한 주문은 금액으로 취소합니다',
  ],
  PLATFORM_PRODUCT_ID_NOT_FOUND: ['read the transfer: it lists its products', '정산 건을 조회하면 상품이 나옵니다'],
  PLATFORM_CANCELLABLE_PRODUCT_QUANTITY_EXCEEDED: atMostLeft,
  PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED: atMostLeft,
  PLATFORM_CANCELLABLE_DISCOUNT_AMOUNT_EXCEEDED: atMostLeft,
  PLATFORM_CANCELLABLE_DISCOUNT_TAX_FREE_AMOUNT_EXCEEDED: atMostLeft,
  PLATFORM_DISCOUNT_SHARE_POLICY_ID_DUPLICATED: ['name each policy once', '각 정책을 한 번만 넣습니다'],
  PLATFORM_TRANSFER_DISCOUNT_SHARE_POLICY_NOT_FOUND: [
    'read the transfer: it lists its discounts',
    '정산 건을 조회하면 할인이 나옵니다',
  ],
  PLATFORM_SETTLEMENT_CANCEL_AMOUNT_EXCEEDED_PORT_ONE_CANCEL: [
    'take back at most what the cancellation refunded: the error has the amounts',
    '결제 취소로 환불한 금액 이하로 취소합니다. 오류에 금액이 있습니다',
  ],
  PLATFORM_NEGATIVE_AMOUNT_NOT_ALLOWED: [
    'register a positive amount, or turn `manualSettlementPerTransfer` off',
    '양수를 등록하거나 `manualSettlementPerTransfer`를 끕니다',
  ],
  PLATFORM_CANCEL_ORDER_TRANSFERS_EXISTS: [
    'delete the transfers of its cancellations first',
    '취소 정산 건을 먼저 삭제합니다',
  ],
  PLATFORM_TRANSFER_NON_DELETABLE_STATUS: paidOut,
  PLATFORM_PARTNER_SETTLEMENTS_NOT_FOUND: ['check the ids', 'ID를 확인합니다'],
  PLATFORM_NON_DELETABLE_PARTNER_SETTLEMENTS: paidOut,
  PLATFORM_REFERENCED_CANCEL_ORDER_TRANSFERS_EXIST: [
    'delete the partner settlements of the cancellations too',
    '취소가 포함된 파트너 정산도 함께 삭제합니다',
  ],
  PLATFORM_NON_PAYABLE_PARTNER_SETTLEMENTS: [
    'read them: their status says why',
    '파트너 정산을 조회합니다. 상태에 이유가 있습니다',
  ],
  PLATFORM_NO_SELECTED_PARTNER_SETTLEMENTS: ['name at least one', '하나 이상 지정합니다'],
  PLATFORM_DUPLICATED_PARTNER_SETTLEMENT_IDS: ['name each once', '각각 한 번만 지정합니다'],
  PLATFORM_BULK_PAYOUT_ID_ALREADY_EXISTS: otherId,
} as const satisfies Partial<Record<ErrorType, Remedy>>
