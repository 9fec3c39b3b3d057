import type { CheckoutKind, CheckoutView } from '@naru/contract'
import type { Texts } from './korean.ts'

type Own = Omit<Partial<Texts>, 'errors'> & { readonly errors?: Partial<Texts['errors']> }

/** What is no payment does not speak of one. */
export const own: Readonly<Partial<Record<CheckoutKind, Readonly<Record<CheckoutView['language'], Own>>>>> = {
  ISSUE_BILLING_KEY: {
    ko: {
      leaveTitle: '등록을 그만둘까요?',
      leaveText: '입력한 내용은 저장되지 않고, 결제 수단은 등록되지 않습니다.',
      stay: '계속 등록하기',
      settling: '결제 수단을 등록하고 있습니다',
      doneTitle: '결제 수단이 등록되었습니다',
      cancelledTitle: '등록을 취소했습니다',
      failedTitle: '등록하지 못했습니다',
      expiredTitle: '등록 시간이 지났습니다',
      expiredText: '등록되지 않았습니다. 쇼핑몰로 돌아가 다시 시도해 주세요.',
      errors: {
        OFFLINE: '연결이 원활하지 않습니다. 등록 결과를 확인하고 있습니다.',
        NOT_SENT: '연결이 끊겨 등록이 요청되지 않았습니다. 다시 시도해 주세요.',
      },
    },
    en: {
      leaveTitle: 'Leave without saving?',
      leaveText: 'Your entries and the payment method will not be saved.',
      stay: 'Stay and save',
      settling: 'Saving your payment method',
      doneTitle: 'Payment method saved',
      cancelledTitle: 'Cancelled',
      failedTitle: 'The payment method was not saved',
      expiredText: 'Nothing was saved. Return to the shop and try again.',
      errors: {
        OFFLINE: 'The connection is unstable. We are checking whether the payment method was saved.',
        NOT_SENT: 'The connection was lost before anything was saved. Please try again.',
      },
    },
  },
  IDENTITY_VERIFICATION: {
    ko: {
      testNote: '실제 본인인증이 아닙니다',
      leaveTitle: '본인인증을 그만둘까요?',
      leaveText: '입력한 내용은 저장되지 않고, 본인인증은 진행되지 않습니다.',
      stay: '계속 인증하기',
      settling: '본인인증을 처리하고 있습니다',
      elsewhere: '인증창을 여는 중입니다',
      doneTitle: '본인인증이 완료되었습니다',
      cancelledTitle: '본인인증을 취소했습니다',
      failedTitle: '본인인증을 하지 못했습니다',
      expiredTitle: '본인인증 시간이 지났습니다',
      expiredText: '인증되지 않았습니다. 쇼핑몰로 돌아가 다시 시도해 주세요.',
      replacedTitle: '다른 창에서 본인인증을 다시 열었습니다',
      replacedText: '그 창에서 인증을 계속해 주세요. 이 창에서는 더 이상 인증할 수 없습니다.',
      errors: {
        OFFLINE: '연결이 원활하지 않습니다. 본인인증 결과를 확인하고 있습니다.',
        NOT_SENT: '연결이 끊겨 본인인증이 요청되지 않았습니다. 다시 시도해 주세요.',
      },
    },
    en: {
      testNote: 'Nobody is really verified',
      leaveTitle: 'Leave the verification?',
      leaveText: 'Your entries will not be saved, and you will not be verified.',
      stay: 'Stay and verify',
      settling: 'Verifying your identity',
      elsewhere: 'Opening the verification window',
      doneTitle: 'You are verified',
      cancelledTitle: 'Verification cancelled',
      failedTitle: 'The verification failed',
      expiredTitle: 'This verification has expired',
      expiredText: 'You were not verified. Return to the shop and try again.',
      replacedTitle: 'This verification was opened again in another window',
      replacedText: 'Please go on there. Nobody can be verified in this window any more.',
      errors: {
        OFFLINE: 'The connection is unstable. We are checking the result of the verification.',
        NOT_SENT: 'The connection was lost before the verification was requested. Please try again.',
      },
    },
  },
}
