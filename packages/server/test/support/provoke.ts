import assert from 'node:assert/strict'
import type { ErrorType, OperationId, SandboxGatewayOperation } from '@naru/contract'
import { type Answer, thrownBy, typeOf } from './api.ts'
import type { TestNaru, TestStore } from './naru.ts'
import { assertRecognised, methodsOf } from './recognised.ts'

/** Notes that an operation answered an error, through PortOne's SDK or over plain HTTP; fails where it did not. */
export type Provoke = {
  throws(id: OperationId, type: ErrorType, call: Promise<unknown>): Promise<void>
  answers(id: OperationId, type: ErrorType, answer: Promise<Answer>): Promise<void>
  /** Lays down what the sandbox PG does with the next calls. */
  script(store: TestStore, operation: SandboxGatewayOperation, ...steps: string[]): Promise<unknown>
}

/** `provoked` has what was seen so far, as `nameOf` names it. */
export const provoking = (naru: TestNaru): Provoke & { readonly provoked: ReadonlySet<string> } => {
  const provoked = new Set<string>()
  const methodsOfSdk = new Set(methodsOf(naru.portone))
  return {
    provoked,

    throws: async (id, type, call) => {
      const thrown = await thrownBy(call)
      assert.equal(thrown.type, type, `${id} as ${thrown.name}`)
      assertRecognised(thrown.name, type)
      provoked.add(nameOf(id, type))
    },

    answers: async (id, type, answer) => {
      assert(!methodsOfSdk.has(id), `the SDK has ${id}: provoke ${type} through it`)
      assert.equal(typeOf(await answer), type, id)
      provoked.add(nameOf(id, type))
    },

    script: ({ api }, operation, ...steps) =>
      api.call('createSandboxScript', { body: { match: { operation }, steps } }),
  }
}

export const nameOf = (id: OperationId, type: string): string => `${id} ${type}`

export const reason = 'changed my mind'
export const dateRange = { from: '2026-01-01', until: '2026-01-31' }
export const logistics = { company: 'CJ', invoiceNumber: '1', sentAt: '2026-01-02T03:04:05Z' } as const
export const receiptItem = {
  storeBusinessRegistrationNumber: '1234567890',
  storeName: 'A shop',
  totalAmount: 1,
  taxFreeAmount: 0,
  vatAmount: 0,
  supplyAmount: 1,
  currency: 'KRW',
} as const
/** No text of ours: PostgreSQL cannot store it. */
export const impossible = 'a\0b'
