import type { SandboxGatewayOperation, SandboxScriptMatch } from '@naru/contract'
import type { Behaviour, Effect } from './behaviour.ts'
import { codes, rememberedBehaviour } from './codes.ts'

type Subject = Exclude<keyof SandboxScriptMatch, 'operation'>

type Rule = {
  /** By what its calls can be told apart. */
  readonly subjects: readonly Subject[]
  /** Whether a scenario could make any difference to its calls. */
  readonly obeys: (behaviour: Behaviour, code: string) => boolean
}

/** `maintenance`, `server-error` and the like make any call fail: the PG itself is ill. */
const isIll = ({ call }: Behaviour): boolean => call !== undefined
const isOfPerson = ({ identity, confirmation }: Behaviour): boolean =>
  identity !== undefined || confirmation !== undefined
const isOfAccount = ({ account, close, acceptsLateDeposit, neverDeposited }: Behaviour): boolean =>
  (account ?? close ?? acceptsLateDeposit ?? neverDeposited) !== undefined
const isOfStoredCard = (code: string): boolean => code.startsWith('bk-')
/** Decided at once: a stored card or a receipt has no result that comes later. */
const isAtOnce = (effect: Effect | undefined): boolean =>
  effect !== undefined && effect.books !== 'PENDING' && effect.later === undefined

const pays = (behaviour: Behaviour, code: string): boolean => !isOfPerson(behaviour) && !isOfStoredCard(code)
const ofOrder: readonly Subject[] = ['paymentId', 'customerId']
const ofPayment: readonly Subject[] = [...ofOrder, 'billingKey']
const ofPerson: readonly Subject[] = ['identityVerificationId', 'customerId']
const ofStoredCard: readonly Subject[] = ['billingKey', 'customerId']

const afterPayment = (obeys: Rule['obeys']): Rule => ({ subjects: ofPayment, obeys })
const shipping = afterPayment((behaviour) => isIll(behaviour) || behaviour.escrow !== undefined)

const rules: Readonly<Record<SandboxGatewayOperation, Rule>> = {
  APPROVE: { subjects: ofOrder, obeys: pays },
  ISSUE_VIRTUAL_ACCOUNT: {
    subjects: ofOrder,
    obeys: (behaviour, code) => pays(behaviour, code) && !behaviour.isUnderpaid,
  },
  CHARGE_BILLING_KEY: {
    subjects: ofPayment,
    obeys: (behaviour, code) =>
      pays(behaviour, code) && !isOfAccount(behaviour) && !behaviour.windowFails && !behaviour.isUnderpaid,
  },
  CLOSE_VIRTUAL_ACCOUNT: {
    subjects: ofOrder,
    obeys: (behaviour) => isIll(behaviour) || behaviour.close !== undefined,
  },
  CAPTURE: afterPayment((behaviour) => isIll(behaviour) || behaviour.capture !== undefined),
  CANCEL: afterPayment(
    (behaviour) => isIll(behaviour) || behaviour.cancel !== undefined || behaviour.onlyFullCancel === true,
  ),
  STOP_CANCELLATION: afterPayment(isIll),
  ISSUE_BILLING_KEY: {
    subjects: ofStoredCard,
    obeys: ({ charge, windowFails }, code) => isOfStoredCard(code) || (isAtOnce(charge) && !windowFails),
  },
  DELETE_BILLING_KEY: {
    subjects: ofStoredCard,
    obeys: (behaviour) => isIll(behaviour) || behaviour.deletion !== undefined,
  },
  ISSUE_CASH_RECEIPT: {
    subjects: ['paymentId'],
    obeys: ({ charge, receipt, windowFails }) => receipt !== undefined || (isAtOnce(charge) && !windowFails),
  },
  CANCEL_CASH_RECEIPT: {
    subjects: ['paymentId'],
    obeys: (behaviour) => isIll(behaviour) || isAtOnce(behaviour.cancel),
  },
  REGISTER_SHIPMENT: shipping,
  MODIFY_SHIPMENT: shipping,
  CONFIRM_ESCROW: shipping,
  CONFIRM_DELIVERY: shipping,
  REGISTER_STORE_RECEIPT: afterPayment((behaviour) => isIll(behaviour) || behaviour.receipt !== undefined),
  SEND_IDENTITY_VERIFICATION: {
    subjects: ofPerson,
    obeys: (behaviour) => isIll(behaviour) || isOfPerson(behaviour),
  },
  RESEND_IDENTITY_VERIFICATION: {
    subjects: ofPerson,
    obeys: (behaviour) => isIll(behaviour) || behaviour.identity !== undefined,
  },
  CONFIRM_IDENTITY_VERIFICATION: {
    subjects: ofPerson,
    obeys: (behaviour) => isIll(behaviour) || behaviour.confirmation !== undefined,
  },
  LOOK_UP_ORDER: { subjects: [], obeys: isIll },
  LIST_CARD_PROMOTIONS: { subjects: [], obeys: isIll },
}

/** By what a script can choose among the calls of an operation. */
export const subjectsOf = (operation: SandboxGatewayOperation): readonly Subject[] => rules[operation].subjects

/** The codes that a step for this operation may name, as documentation writes them (`slow-<s>`). */
export const codesFor = (operation: SandboxGatewayOperation): readonly string[] =>
  codes.map(({ code }) => code).filter((code) => isObeyed(operation, code.replace('<s>', '1')))

/** Whether a step of this code would make a difference to a call of this operation; `approve` lets it succeed. */
export const isObeyed = (operation: SandboxGatewayOperation, code: string): boolean =>
  code !== 'unknown-code' && (code === 'approve' || rules[operation].obeys(rememberedBehaviour(code), code))

/** As `isObeyed`; scripts have always taken the codes of virtual accounts for every payment. */
export const hasEffect = (operation: SandboxGatewayOperation, code: string): boolean => {
  const behaviour = rememberedBehaviour(code)
  const { charge, announcement } = behaviour
  const isOfAccountAlone = isOfAccount(behaviour) && (charge ?? announcement) === undefined
  return isObeyed(operation, code) && !(operation === 'APPROVE' && isOfAccountAlone)
}
