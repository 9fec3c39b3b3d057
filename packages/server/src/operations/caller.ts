import type { Caller } from '../http/handler.ts'

/** What the steps of an operation must know of its caller: which request it is, and what a test wants of the sandbox PG. */
export const circumstances = ({ requestKey, testCode }: Caller) => ({ requestKey, testCode })

/** Payments through the API show who called, as PortOne's `API` platform. */
export const originOf = ({ ipAddress, userAgent }: Caller) => ({
  platformType: 'API' as const,
  ipAddress,
  ...(userAgent === undefined ? {} : { userAgent }),
})
