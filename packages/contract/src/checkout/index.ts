export * from './page.ts'
export * from './request.ts'
