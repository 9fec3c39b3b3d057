export * from './reconciliation.ts'
