import { discriminated, integer, object, type Static, string, tag } from '../../schema.ts'

export const PlatformSettlementFormulaPosition = object(
  'PlatformSettlementFormulaPosition',
  'Where in a formula the mistake is.',
  {
    startLine: integer('The line where it begins.'),
    startIndex: integer('Where on that line it begins.'),
    endLine: integer('The line where it ends.'),
    endIndex: integer('Where on that line it ends.'),
  },
)
export type PlatformSettlementFormulaPosition = Static<typeof PlatformSettlementFormulaPosition>

const position = PlatformSettlementFormulaPosition

export const PlatformSettlementFormulaUnknownError = object(
  'PlatformSettlementFormulaUnknownError',
  'The formula cannot be used.',
  { type: tag('UNKNOWN_ERROR') },
)
export type PlatformSettlementFormulaUnknownError = Static<typeof PlatformSettlementFormulaUnknownError>

export const PlatformSettlementFormulaUnexpectedFunctionArgumentsError = object(
  'PlatformSettlementFormulaUnexpectedFunctionArgumentsError',
  'A function has too many or too few arguments.',
  {
    type: tag('UNEXPECTED_FUNCTION_ARGUMENTS'),
    functionName: string('The function.'),
    expectedCount: integer('How many arguments it takes.'),
    currentCount: integer('How many arguments it was given.'),
    position,
  },
)
export type PlatformSettlementFormulaUnexpectedFunctionArgumentsError = Static<
  typeof PlatformSettlementFormulaUnexpectedFunctionArgumentsError
>

const named = { name: string('The name.'), position }

export const PlatformSettlementFormulaInvalidFunctionError = object(
  'PlatformSettlementFormulaInvalidFunctionError',
  'There is no such function.',
  { type: tag('INVALID_FUNCTION'), ...named },
)
export type PlatformSettlementFormulaInvalidFunctionError = Static<typeof PlatformSettlementFormulaInvalidFunctionError>

export const PlatformSettlementFormulaUnsupportedVariableError = object(
  'PlatformSettlementFormulaUnsupportedVariableError',
  'The variable has no value in this formula.',
  { type: tag('UNSUPPORTED_VARIABLE'), ...named },
)
export type PlatformSettlementFormulaUnsupportedVariableError = Static<
  typeof PlatformSettlementFormulaUnsupportedVariableError
>

export const PlatformSettlementFormulaInvalidVariableError = object(
  'PlatformSettlementFormulaInvalidVariableError',
  'There is no such variable.',
  { type: tag('INVALID_VARIABLE'), ...named },
)
export type PlatformSettlementFormulaInvalidVariableError = Static<typeof PlatformSettlementFormulaInvalidVariableError>

export const PlatformSettlementFormulaInvalidOperatorError = object(
  'PlatformSettlementFormulaInvalidOperatorError',
  'There is no such operator.',
  { type: tag('INVALID_OPERATOR'), operator: string('The operator.'), position },
)
export type PlatformSettlementFormulaInvalidOperatorError = Static<typeof PlatformSettlementFormulaInvalidOperatorError>

export const PlatformSettlementFormulaInvalidSyntaxError = object(
  'PlatformSettlementFormulaInvalidSyntaxError',
  'The text is not a formula.',
  { type: tag('INVALID_SYNTAX'), syntax: string('The text.'), position },
)
export type PlatformSettlementFormulaInvalidSyntaxError = Static<typeof PlatformSettlementFormulaInvalidSyntaxError>

export const PlatformSettlementFormulaError = discriminated(
  'PlatformSettlementFormulaError',
  'What is wrong with a formula.',
  'type',
  {
    UNKNOWN_ERROR: PlatformSettlementFormulaUnknownError,
    UNEXPECTED_FUNCTION_ARGUMENTS: PlatformSettlementFormulaUnexpectedFunctionArgumentsError,
    INVALID_FUNCTION: PlatformSettlementFormulaInvalidFunctionError,
    UNSUPPORTED_VARIABLE: PlatformSettlementFormulaUnsupportedVariableError,
    INVALID_VARIABLE: PlatformSettlementFormulaInvalidVariableError,
    INVALID_OPERATOR: PlatformSettlementFormulaInvalidOperatorError,
    INVALID_SYNTAX: PlatformSettlementFormulaInvalidSyntaxError,
  },
)
export type PlatformSettlementFormulaError = Static<typeof PlatformSettlementFormulaError>
