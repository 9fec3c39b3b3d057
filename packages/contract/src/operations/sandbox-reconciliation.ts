import { access, operation } from '../operation.ts'
import {
  GetSandboxReconciliationResponse,
  ImportSandboxReconciliationFileBody,
  ImportSandboxReconciliationFileResponse,
  ProduceSandboxReconciliationFileBody,
  ProduceSandboxReconciliationFileResponse,
  SandboxReconciliationQuery,
} from '../schemas/sandbox/reconciliation.ts'
import { control } from './sandbox-parameters.ts'

export const sandboxReconciliationOperations = {
  produceSandboxReconciliationFile: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/reconciliation/files',
    summary: "Have the gateway's file",
    description:
      'Returns what the sandbox gateway would send of a channel and a range of days: its transactions, or its settlements. Plants the faults asked for, each in another row, and says where.',
    body: ProduceSandboxReconciliationFileBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: ProduceSandboxReconciliationFileResponse,
    errors: [...access, 'CHANNEL_NOT_FOUND'],
  }),
  importSandboxReconciliationFile: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/reconciliation/imports',
    summary: "Import a gateway's file",
    description:
      'Takes the whole file or nothing. The same file again changes nothing; another one for the same days, or more, takes its place. What is wrong is refused with its line.',
    body: ImportSandboxReconciliationFileBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: ImportSandboxReconciliationFileResponse,
    errors: [...access, 'CHANNEL_NOT_FOUND'],
  }),
  getSandboxReconciliation: operation({
    ...control,
    method: 'GET',
    path: '/sandbox/reconciliation',
    summary: 'Compare with the gateway',
    description:
      "Compares what moved through a channel with the gateway's files: what agrees, what is missing on either side, what differs in amount, date or fee.",
    queryParameters: SandboxReconciliationQuery,
    success: GetSandboxReconciliationResponse,
    errors: [...access, 'CHANNEL_NOT_FOUND'],
  }),
}
