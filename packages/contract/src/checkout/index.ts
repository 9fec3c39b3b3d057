export * from './card-company-names.ts'
export * from './codes.ts'
export * from './page.ts'
export * from './request.ts'
