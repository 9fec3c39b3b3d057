import { errorSchema, errors, isErrorType, type OperationId, operationIds, operations } from '@naru/contract'
import { type Validator, validator } from './validators.ts'

/** Checks an answer against the contract, and reports a violation. `body` is JSON. */
export type ResponseCheck = (operation: OperationId, answer: { readonly status: number; readonly body: string }) => void

/** Errors that any operation may answer: they come from the HTTP layer. */
const envelopeTypes = new Set(['IDEMPOTENCY_OUTSTANDING_REQUEST', 'NOT_IMPLEMENTED', 'INTERNAL', 'INVALID_REQUEST'])

/** Reports every answer that breaks the contract to `onViolation`. For tests: it costs more than the answer. */
export const responseCheck = (onViolation: (violation: string) => void): ResponseCheck => {
  const successes = new Map<OperationId, Validator>(
    operationIds.map((id) => [id, validator(strict(operations[id].success))]),
  )
  const failures = new Map<string, Validator>(
    Object.keys(errors)
      .filter(isErrorType)
      .map((type) => [type, validator(errorSchema(type))]),
  )
  return (id, { status, body }) => {
    const answer: unknown = JSON.parse(body)
    const violation =
      (status === 200 ? successes.get(id)?.(answer)?.message : errorViolation(failures, id, status, answer)) ??
      // PortOne's Python SDK cannot read a payment that says null anywhere.
      (holdsNull(answer) ? 'it contains null, but absent fields must be left out' : undefined)
    if (violation !== undefined) onViolation(`${id} answered ${status}, but ${violation}: ${body}`)
  }
}

/** The contract's schema without extra fields: nobody may come to depend on what it does not promise. */
const strict = <Schema>(schema: Schema): Schema => {
  const clone = structuredClone(schema)
  close(clone)
  return clone
}

const close = (schema: unknown): void => {
  if (typeof schema !== 'object' || schema === null) return
  if ('type' in schema && schema.type === 'object' && 'properties' in schema)
    Object.assign(schema, { additionalProperties: false })
  for (const part of Object.values(schema)) close(part)
}

const errorViolation = (
  failures: ReadonlyMap<string, Validator>,
  id: OperationId,
  status: number,
  answer: unknown,
): string | undefined => {
  const type = typeof answer === 'object' && answer !== null && 'type' in answer ? answer.type : undefined
  if (typeof type !== 'string' || !isErrorType(type)) return 'without a known type'
  // The database is away: clients know the type, balancers the status.
  const isUnavailable = type === 'INTERNAL' && status === 503
  if (errors[type].status !== status && !isUnavailable) return `${type} belongs to status ${errors[type].status}`
  const listed: readonly string[] = operations[id].errors
  if (!listed.includes(type) && !envelopeTypes.has(type)) return `it does not list ${type}`
  return failures.get(type)?.(answer)?.message
}

const holdsNull = (value: unknown): boolean => {
  if (typeof value !== 'object') return false
  return value === null || Object.values(value).some(holdsNull)
}
