import type { FindStore } from '../workers/due-rows.ts'
import { scheduleDue } from './due.ts'
import type { ScheduleParts } from './parts.ts'

export const scheduleModule = ({ findStore, ...parts }: ScheduleParts & { readonly findStore: FindStore }) => ({
  parts,
  due: [scheduleDue(parts, findStore)],
})
