import type { FailureCode, RefusalCode } from '@naru/contract'

type Text = { readonly cause: string; readonly remedy: string }
type Texts = Readonly<Record<RefusalCode | FailureCode, { readonly en: Text; readonly ko: Text }>>

const text = (enCause: string, enRemedy: string, koCause: string, koRemedy: string) => ({
  en: { cause: enCause, remedy: enRemedy },
  ko: { cause: koCause, remedy: koRemedy },
})

/** What the codes of the browser SDK mean here, and what to do about them. */
export const checkoutCodes: Texts = {
  BadRequest: text(
    'an argument is missing or wrong',
    'fix what the message names',
    '인자가 없거나 잘못됨',
    '메시지에 나온 인자를 고칩니다',
  ),
  RequestParseFailed: text(
    'the order violates a rule of the API, for instance of its amounts; or nobody can pay it like this, as a bank transfer in USD or under a name that is too long for the PG; or there is no such test code',
    'fix what the message names',
    '금액 등이 API의 규칙에 맞지 않거나, USD 계좌이체나 PG에 너무 긴 주문명처럼 결제할 수 없는 주문, 또는 없는 테스트 코드',
    '메시지에 나온 문제를 고칩니다',
  ),
  StoreNotFound: text(
    '`storeId` is unknown',
    'use the store id of this server',
    '알 수 없는 `storeId`',
    '이 서버의 상점 ID를 씁니다',
  ),
  ChannelNotFound: text(
    'the store has no such channel',
    'use a channel key of the store',
    '상점에 없는 채널',
    '상점의 채널 키를 씁니다',
  ),
  PaymentAlreadyPaid: text(
    'the order is paid; in a window that was open before, it was paid elsewhere meanwhile',
    'show the shopper that it is paid',
    '이미 결제된 주문, 또는 결제창이 열려 있는 동안 다른 곳에서 결제된 주문',
    '결제가 완료되었다고 안내합니다',
  ),
  AmountNotEqualToPredefined: text(
    'the amount, its tax-free part or the currency differs from what was pre-registered',
    'pre-register the amount that the page sends',
    '사전 등록한 금액, 면세 금액 또는 통화와 다름',
    '페이지에서 보내는 금액을 사전 등록합니다',
  ),
  ConfirmUrlRequired: text(
    'the store requires `confirmUrl`',
    'send `confirmUrl`',
    '`confirmUrl`이 필수인 상점',
    '`confirmUrl`을 보냅니다',
  ),
  IdentityVerificationAlreadyVerified: text(
    'the verification is completed; in a window that was open before, it was completed elsewhere meanwhile',
    'use a new id for another person',
    '완료된 본인인증, 또는 창이 열려 있는 동안 다른 곳에서 완료된 본인인증',
    '다른 사람이면 새 ID를 씁니다',
  ),
  InvalidEntityState: text(
    'the order is being paid, was declined too often, or is scheduled',
    'read the payment; use a new `paymentId` only where it is not being paid',
    '결제가 진행 중이거나, 거절 횟수가 많거나, 예약된 주문',
    '결제를 조회하고, 진행 중이 아니면 새 `paymentId`를 씁니다',
  ),
  PGProviderError: text(
    'the payment gateway refused to open its window',
    'read `pgCode` and `pgMessage`',
    'PG사가 결제창을 열지 않음',
    '`pgCode`와 `pgMessage`를 확인합니다',
  ),
  ResourceExhausted: text(
    'too many windows from one address',
    'wait a minute',
    '한 주소에서 결제창을 너무 많이 엶',
    '1분 기다립니다',
  ),
  TransactionNotFound: text(
    'the window or the session is unknown',
    'open another window',
    '알 수 없는 결제창 또는 세션',
    '결제창을 다시 엽니다',
  ),
  Unavailable: text(
    'the server cannot be reached, does not answer within 30 seconds, or is restarting',
    'check the network and `NARU_PUBLIC_URL`, then try again',
    '서버에 연결할 수 없거나, 30초 안에 응답이 없거나, 서버가 다시 시작하는 중',
    '네트워크와 `NARU_PUBLIC_URL`을 확인하고 다시 시도합니다',
  ),
  UnknownError: text(
    'the answer is not one of Naru',
    'check the proxy in between',
    'Naru가 보낸 응답이 아님',
    '중간의 프록시를 확인합니다',
  ),
  FAILURE_TYPE_PG: text(
    'declined, or the shopper closed the window',
    'show the message; read `pgCode`',
    '거절되었거나 고객이 결제창을 닫음',
    '메시지를 보여 주고 `pgCode`를 확인합니다',
  ),
  ConfirmProcessFailed: text(
    'the server at `confirmUrl` declined or did not answer',
    'check that server',
    '`confirmUrl`의 서버가 거부했거나 응답하지 않음',
    '그 서버를 확인합니다',
  ),
  PORTONE_ERROR: text(
    'Naru ended the attempt, or the result is not known yet',
    'read the payment on your server before the shopper pays again',
    'Naru가 시도를 끝냈거나 아직 결과를 모름',
    '고객이 다시 결제하기 전에 서버에서 결제를 조회합니다',
  ),
}
