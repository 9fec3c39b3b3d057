import type { ErrorBody, ErrorType } from '@naru/contract'
import { isNaruCode } from './codes.ts'
import { escapeControls } from './text.ts'

/**
 * A typed "no": the error a caller gets, as a value. Rules return it instead of throwing, so that the compiler knows
 * which errors an operation can answer and refuses one that the contract does not list. Exceptions mean a bug. Messages
 * quote ids as they were sent, so the control characters in them are escaped here, for all.
 */
export class Refusal<Type extends ErrorType = ErrorType> {
  readonly body: ErrorBody<Type>
  constructor(body: ErrorBody<Type>) {
    this.body = body.message === undefined ? body : { ...body, message: escapeControls(body.message) }
  }
}

/** Refuses with `type` and a message that says what is wrong and what to do. */
export const refuse = <Type extends PlainErrorType>(type: Type, message: string): Refusal<Type> =>
  new Refusal<Type>({ type, message } as ErrorBody<Type>)

/** The error types that carry nothing but a message. */
export type PlainErrorType = {
  [Type in ErrorType]: keyof Omit<ErrorBody<Type>, 'type' | 'message'> extends never ? Type : never
}[ErrorType]

/** The PG said no, or could not be reached: its own code and text, unmodified. */
export const refusedByGateway = (failure: { pgCode: string; pgMessage: string }): Refusal<'PG_PROVIDER'> =>
  new Refusal<'PG_PROVIDER'>({
    type: 'PG_PROVIDER',
    // Codes of our own say by themselves what happened, and mostly that nobody refused.
    message: isNaruCode(failure.pgCode) ? failure.pgMessage : `The payment gateway refused: ${failure.pgMessage}`,
    pgCode: failure.pgCode,
    pgMessage: failure.pgMessage,
  })

/** The request is not valid. `message` names the field and what it must be. */
export const invalid = (message: string): Refusal<'INVALID_REQUEST'> => refuse('INVALID_REQUEST', message)
