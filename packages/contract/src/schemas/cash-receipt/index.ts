export * from './cash-receipt.ts'
export * from './issue.ts'
export * from './list.ts'
