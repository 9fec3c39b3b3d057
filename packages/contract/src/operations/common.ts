import { operation } from '../operation.ts'
import { GetBankInfosResponse } from '../schemas/common/bank.ts'

export const commonOperations = {
  getBankInfos: operation({
    category: 'common',
    method: 'GET',
    path: '/banks',
    summary: 'List banks',
    description: 'Returns the codes this API uses for banks and securities companies, with their Korean names.',
    authenticated: false,
    success: GetBankInfosResponse,
    errors: ['INVALID_REQUEST'],
  }),
}
