export * from './promotion.ts'
export * from './reconciliation.ts'
export * from './sandbox.ts'
export * from './script.ts'
