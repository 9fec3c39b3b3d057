import { toIso } from '../kernel/clock.ts'
import type { Broken } from './finding.ts'

/** A column as it would have been written: times are written as text and read as instants. */
export const comparable = (actual: unknown, expected: unknown): unknown =>
  typeof actual === 'number' && typeof expected === 'string' ? toIso(actual) : actual

export const broken = (rule: Broken['rule'], what: string): Broken => ({ rule, what })
