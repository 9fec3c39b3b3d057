import { errors, isErrorType, type OperationId, operations, registerFormats } from '@naru/contract'
import type { TSchema } from 'typebox'
import type { HttpAnswer } from './answers.ts'
import { validator } from './validators.ts'

/** Holds an answer against the contract; throws, or takes a note, where it does not fit. */
export type ResponseCheck = (operation: OperationId, answer: HttpAnswer) => void

/** Any operation may meet these: they come from the HTTP side. */
const envelopeTypes = new Set(['IDEMPOTENCY_OUTSTANDING_REQUEST', 'NOT_IMPLEMENTED', 'INTERNAL', 'INVALID_REQUEST'])

/** Tells `onViolation` of every answer that the contract does not promise. For tests: it costs more than the answer. */
export const responseCheck = (onViolation: (violation: string) => void): ResponseCheck => {
  registerFormats()
  const successes = new Map<OperationId, ReturnType<typeof validator>>()
  const successOf = (id: OperationId) => {
    const schema: TSchema = operations[id].success
    const known = successes.get(id) ?? validator(schema)
    successes.set(id, known)
    return known
  }
  return (id, { status, body }) => {
    const answer: unknown = JSON.parse(body)
    if (status === 200) {
      const problem = successOf(id)(answer)
      if (problem) onViolation(`${id} answered 200, but ${problem.message}: ${body}`)
      return
    }
    const type = Object(answer).type as unknown
    if (typeof type !== 'string' || !isErrorType(type))
      return onViolation(`${id} answered ${status} without a known type: ${body}`)
    const listed: readonly string[] = operations[id].errors
    if (!listed.includes(type) && !envelopeTypes.has(type))
      onViolation(`${id} answered ${type}, which it does not list`)
    if (errors[type].status !== status) onViolation(`${id} answered ${type} with ${status}`)
  }
}
