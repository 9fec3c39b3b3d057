import { codeOf } from '../../kernel/error-code.ts'

/** Whether PostgreSQL refused a row because its key is taken. */
export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === '23505'
