export * from './identity-verification.ts'
export * from './list.ts'
export * from './send.ts'
