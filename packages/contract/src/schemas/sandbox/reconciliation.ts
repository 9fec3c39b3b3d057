import {
  amount,
  array,
  boolean,
  date,
  described,
  enumeration,
  integer,
  object,
  optional,
  type Static,
  string,
} from '../../schema.ts'

const storeId = optional(string("The store. Defaults to the credential's own store."))

export const SandboxReconciliationFileKind = enumeration(
  'SandboxReconciliationFileKind',
  'What a file tells of: what was approved and cancelled, or what is paid out for it.',
  ['TRANSACTION', 'SETTLEMENT'],
)
export type SandboxReconciliationFileKind = Static<typeof SandboxReconciliationFileKind>

export const sandboxReconciliationFaults = [
  'MISSING_AT_PG',
  'MISSING_HERE',
  'WRONG_AMOUNT',
  'WRONG_DATE',
  'WRONG_FEE',
  'DUPLICATE',
] as const

export const SandboxReconciliationFault = enumeration(
  'SandboxReconciliationFault',
  'What can be wrong with a file. A wrong fee is possible in settlements only.',
  sandboxReconciliationFaults,
)
export type SandboxReconciliationFault = Static<typeof SandboxReconciliationFault>

const reconciliationOf = {
  storeId,
  channelKey: string('The channel whose gateway it is about.'),
  kind: described(SandboxReconciliationFileKind, 'Which kind of file.'),
  from: date('The first day in Korea, inclusive.'),
  until: date('The last day in Korea, inclusive.'),
}

export const ProduceSandboxReconciliationFileBody = object(
  'ProduceSandboxReconciliationFileBody',
  'Which file, and what is to be wrong with it.',
  {
    ...reconciliationOf,
    faults: optional(array(SandboxReconciliationFault, 'One row for each, as long as there are rows.')),
    seed: optional(integer('Chooses the rows; the same seed chooses the same. Defaults to 1.')),
  },
)
export type ProduceSandboxReconciliationFileBody = Static<typeof ProduceSandboxReconciliationFileBody>

export const SandboxPlantedFault = object('SandboxPlantedFault', 'A fault, and where it is.', {
  fault: SandboxReconciliationFault,
  pgMovementId: string("The gateway's id of the approval or cancellation."),
})
export type SandboxPlantedFault = Static<typeof SandboxPlantedFault>

export const ProduceSandboxReconciliationFileResponse = object(
  'ProduceSandboxReconciliationFileResponse',
  'The file.',
  {
    csv: string('The file, with a heading.'),
    planted: array(SandboxPlantedFault, 'What is wrong with it.'),
  },
)
export type ProduceSandboxReconciliationFileResponse = Static<typeof ProduceSandboxReconciliationFileResponse>

export const ImportSandboxReconciliationFileBody = object('ImportSandboxReconciliationFileBody', 'The file.', {
  ...reconciliationOf,
  csv: string('The file, with a heading.'),
})
export type ImportSandboxReconciliationFileBody = Static<typeof ImportSandboxReconciliationFileBody>

export const ImportSandboxReconciliationFileResponse = object(
  'ImportSandboxReconciliationFileResponse',
  'The file was taken in.',
  {
    rowCount: integer('How many rows it has.'),
    isNew: boolean('False where this very file had been imported before.'),
  },
)
export type ImportSandboxReconciliationFileResponse = Static<typeof ImportSandboxReconciliationFileResponse>

export const SandboxReconciliationQuery = object('SandboxReconciliationQuery', 'What to compare.', reconciliationOf)
export type SandboxReconciliationQuery = Static<typeof SandboxReconciliationQuery>

export const SandboxReconciliationOutcome = enumeration('SandboxReconciliationOutcome', 'What came of comparing.', [
  'MATCHED',
  'DIFFERS',
  'MISSING_HERE',
  'MISSING_AT_PG',
  'DUPLICATE',
])
export type SandboxReconciliationOutcome = Static<typeof SandboxReconciliationOutcome>

export const SandboxReconciliationDifference = enumeration(
  'SandboxReconciliationDifference',
  'What of a pair differs.',
  ['AMOUNT', 'DATE', 'FEE'],
)
export type SandboxReconciliationDifference = Static<typeof SandboxReconciliationDifference>

export const SandboxReconciliationMovement = enumeration(
  'SandboxReconciliationMovement',
  'Which way the money moved.',
  ['APPROVAL', 'CANCELLATION'],
)
export type SandboxReconciliationMovement = Static<typeof SandboxReconciliationMovement>

export const SandboxReconciliationFinding = object(
  'SandboxReconciliationFinding',
  'One movement of money, on both sides.',
  {
    outcome: SandboxReconciliationOutcome,
    differences: array(SandboxReconciliationDifference, 'What differs; empty otherwise.'),
    type: SandboxReconciliationMovement,
    pgTxId: string("The gateway's id of the transaction."),
    pgMovementId: optional(string("The gateway's id of the approval or cancellation.")),
    paymentId: optional(string('The payment, where we have it.')),
    ourAmount: optional(amount('What we have, in the minor unit.')),
    ourDate: optional(date('When, by us.')),
    pgAmount: optional(amount('What the gateway has, in the minor unit.')),
    pgDate: optional(date('When, by the gateway.')),
    settlementDate: optional(date('When the gateway pays it out.')),
    fee: optional(integer('What the gateway keeps, in the minor unit; negative where it gives back.')),
    feeVat: optional(integer('The VAT of that.')),
    line: optional(integer("The line of the gateway's file.")),
  },
)
export type SandboxReconciliationFinding = Static<typeof SandboxReconciliationFinding>

export const SandboxReconciliationTotals = object('SandboxReconciliationTotals', 'How many of each outcome.', {
  MATCHED: integer('Agree.'),
  DIFFERS: integer('Differ in amount, date or fee.'),
  MISSING_HERE: integer('The gateway alone has them.'),
  MISSING_AT_PG: integer('We alone have them.'),
  DUPLICATE: integer('The gateway has them more than once.'),
})
export type SandboxReconciliationTotals = Static<typeof SandboxReconciliationTotals>

export const GetSandboxReconciliationResponse = object('GetSandboxReconciliationResponse', 'What came of comparing.', {
  items: array(SandboxReconciliationFinding, 'Every movement of either side.'),
  totals: SandboxReconciliationTotals,
})
export type GetSandboxReconciliationResponse = Static<typeof GetSandboxReconciliationResponse>
