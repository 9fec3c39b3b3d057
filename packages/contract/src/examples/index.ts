import type { OperationId } from '../operations.ts'
import type { Example } from './example.ts'
import { paymentExamples } from './payment.ts'
import { platformExamples } from './platform.ts'
import { sandboxExamples } from './sandbox.ts'

export type { Example, Title, Variant } from './example.ts'

/** For every operation a request to begin with: shown in the document, and sent by a test. */
export const examples: Readonly<Record<OperationId, Example>> = {
  ...paymentExamples,
  ...platformExamples,
  ...sandboxExamples,
}
