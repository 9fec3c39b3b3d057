import { optional, string } from '../../schema.ts'

/** In the bodies and queries of the control API. */
export const storeId = optional(string("The store. Defaults to the credential's own store."))
