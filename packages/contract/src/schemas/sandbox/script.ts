import {
  array,
  dateTime,
  described,
  enumeration,
  integer,
  object,
  optional,
  type Static,
  string,
} from '../../schema.ts'

export const sandboxGatewayOperations = [
  'APPROVE',
  'ISSUE_VIRTUAL_ACCOUNT',
  'CLOSE_VIRTUAL_ACCOUNT',
  'CAPTURE',
  'CANCEL',
  'STOP_CANCELLATION',
  'ISSUE_BILLING_KEY',
  'CHARGE_BILLING_KEY',
  'DELETE_BILLING_KEY',
  'ISSUE_CASH_RECEIPT',
  'CANCEL_CASH_RECEIPT',
  'REGISTER_SHIPMENT',
  'MODIFY_SHIPMENT',
  'CONFIRM_ESCROW',
  'REGISTER_STORE_RECEIPT',
  'CONFIRM_DELIVERY',
  'SEND_IDENTITY_VERIFICATION',
  'RESEND_IDENTITY_VERIFICATION',
  'CONFIRM_IDENTITY_VERIFICATION',
  'LOOK_UP_ORDER',
  'LIST_CARD_PROMOTIONS',
] as const

export const SandboxGatewayOperation = enumeration(
  'SandboxGatewayOperation',
  'What the payment gateway is asked to do. `APPROVE` is a card payment, at once or confirmed after a window; `CHARGE_BILLING_KEY` charges a stored card, scheduled or not.',
  sandboxGatewayOperations,
)
export type SandboxGatewayOperation = Static<typeof SandboxGatewayOperation>

export const SandboxScriptMatch = object(
  'SandboxScriptMatch',
  'Which calls to the payment gateway the script is for: those that agree in everything given.',
  {
    operation: described(SandboxGatewayOperation, 'What the gateway is asked to do.'),
    paymentId: optional(string('Only calls about this payment.')),
    customerId: optional(string('Only calls about what belongs to the customer with this id.')),
    billingKey: optional(string('Only calls about this billing key, or payments charged to it.')),
    identityVerificationId: optional(string('Only calls about this identity verification.')),
  },
)
export type SandboxScriptMatch = Static<typeof SandboxScriptMatch>

export const CreateSandboxScriptBody = object('CreateSandboxScriptBody', 'The script to follow.', {
  storeId: optional(string("The store. Defaults to the credential's own store.")),
  match: SandboxScriptMatch,
  steps: array(
    string(),
    'The scenario codes of the next matching calls, in order, 1 to 100 of them; `approve` lets a call succeed.',
  ),
})
export type CreateSandboxScriptBody = Static<typeof CreateSandboxScriptBody>

export const SandboxScript = object('SandboxScript', 'Outcomes laid down for the next matching calls.', {
  id: string('The script.'),
  match: SandboxScriptMatch,
  steps: array(string(), 'The scenario codes, in order.'),
  takenSteps: integer('How many of them calls have taken already. A script whose steps are all taken does nothing.'),
  createdAt: dateTime(
    "When it was made, by the store's clock. The oldest matching script with steps left is followed.",
  ),
})
export type SandboxScript = Static<typeof SandboxScript>

export const ListSandboxScriptsResponse = object('ListSandboxScriptsResponse', "A store's scripts.", {
  items: array(SandboxScript, 'Oldest first, those whose steps are all taken included.'),
})
export type ListSandboxScriptsResponse = Static<typeof ListSandboxScriptsResponse>
