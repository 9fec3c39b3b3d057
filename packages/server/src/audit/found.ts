import type { Finding, Rule } from './finding.ts'

/** What a statement finds wrong with a thing of partner settlement, and which one that is. */
export type Found = { readonly storeId: string | null; readonly id: string; readonly what: string }

/** Findings of a rule that say what is wrong with which. */
export const findings = (rule: Rule, rows: readonly Found[]): readonly Finding[] =>
  rows.map(({ storeId, id, what }) => ({ storeId, paymentId: null, rule, what: `${id} ${what}` }))
