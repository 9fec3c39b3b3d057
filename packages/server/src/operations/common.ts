import type { Handlers } from '../http/handler.ts'
import { bankInfos } from '../merchants/banks.ts'

export const commonOperations: Pick<Handlers, 'getBankInfos'> = {
  getBankInfos: async () => ({ items: bankInfos() }),
}
