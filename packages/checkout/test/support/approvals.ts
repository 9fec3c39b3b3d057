import type { Gateway } from '../../../server/src/gateways/port/gateway.ts'

/** The line to the PG, on which approvals can be held up. */
export type Approvals = {
  readonly aroundGateway: (gateway: Gateway) => Gateway
  /** Holds the next approval or charge of a key up, until it is let go. */
  holdNext(): { readonly arrived: Promise<void>; letGo(): void }
}

export const approvals = (): Approvals => {
  let next: { arrive(): void; readonly released: Promise<void> } | undefined
  const pass = async () => {
    const held = next
    next = undefined
    held?.arrive()
    await held?.released
  }
  return {
    aroundGateway: (gateway) => ({
      ...gateway,
      approve: async (...asked) => {
        await pass()
        return await gateway.approve(...asked)
      },
      chargeBillingKey: async (...asked) => {
        await pass()
        return await gateway.chargeBillingKey(...asked)
      },
    }),
    holdNext: () => {
      const [arriving, releasing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      next = { arrive: arriving.resolve, released: releasing.promise }
      return { arrived: arriving.promise, letGo: releasing.resolve }
    },
  }
}
