import { type ErrorType, errorSchema, errors, isErrorType, type OperationId, operations } from '@naru/contract'
import { type Validator, validator } from './validators.ts'

/** Checks an answer against the contract, and reports a violation. `body` is JSON. */
export type ResponseCheck = (operation: OperationId, answer: { readonly status: number; readonly body: string }) => void

/** Errors that any operation may answer: they come from the HTTP layer. */
const envelopeTypes = new Set(['IDEMPOTENCY_OUTSTANDING_REQUEST', 'NOT_IMPLEMENTED', 'INTERNAL', 'INVALID_REQUEST'])

/** Reports every answer that breaks the contract to `onViolation`. For tests: it costs more than the answer. */
export const responseCheck =
  (onViolation: (violation: string) => void): ResponseCheck =>
  (id, { status, body }) => {
    const answer: unknown = JSON.parse(body)
    const violation =
      (status === 200 ? successValidator(id)(answer)?.message : errorViolation(id, status, answer)) ??
      // PortOne's Python SDK cannot read a payment that says null anywhere.
      (holdsNull(answer) ? 'it contains null, but absent fields must be left out' : undefined)
    if (violation !== undefined) onViolation(`${id} answered ${status}, but ${violation}: ${body}`)
  }

/** Made once for a process, in which tests start many servers. */
const once = <Key>(make: (key: Key) => Validator): ((key: Key) => Validator) => {
  const made = new Map<Key, Validator>()
  return (key) => {
    const validate = made.get(key) ?? make(key)
    made.set(key, validate)
    return validate
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

const successValidator = once((id: OperationId) => validator(strict(operations[id].success)))

const errorValidator = once((type: ErrorType) => validator(errorSchema(type)))

const errorViolation = (id: OperationId, status: number, answer: unknown): string | undefined => {
  const type = typeof answer === 'object' && answer !== null && 'type' in answer ? answer.type : undefined
  if (typeof type !== 'string' || !isErrorType(type)) return 'without a known type'
  // The database is away: clients know the type, balancers the status.
  const isUnavailable = type === 'INTERNAL' && status === 503
  if (errors[type].status !== status && !isUnavailable) return `${type} belongs to status ${errors[type].status}`
  const listed: readonly string[] = operations[id].errors
  if (!listed.includes(type) && !envelopeTypes.has(type)) return `it does not list ${type}`
  return errorValidator(type)(answer)?.message
}

const holdsNull = (value: unknown): boolean => {
  if (typeof value !== 'object') return false
  return value === null || Object.values(value).some(holdsNull)
}
