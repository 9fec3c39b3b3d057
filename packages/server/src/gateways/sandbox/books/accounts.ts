import type { Bank } from '@naru/contract'
import type { VirtualAccountRequest } from '../../port/payment.ts'
import { identifiersOf } from './identifiers.ts'

/** The clearing codes of the banks that issue virtual accounts. */
const clearingCodes: Readonly<Record<string, string>> = {
  KDB: '002',
  IBK: '003',
  KOOKMIN: '004',
  SUHYUP: '007',
  NONGHYUP: '011',
  LOCAL_NONGHYUP: '012',
  WOORI: '020',
  STANDARD_CHARTERED: '023',
  CITI: '027',
  DAEGU: '031',
  BUSAN: '032',
  KWANGJU: '034',
  JEJU: '035',
  JEONBUK: '037',
  KYONGNAM: '039',
  KFCC: '045',
  SHINHYUP: '048',
  SAVINGS_BANK: '050',
  HSBC: '054',
  DEUTSCHE: '055',
  NFCF: '064',
  POST: '071',
  HANA: '081',
  SHINHAN: '088',
  K_BANK: '089',
  KAKAO: '090',
  TOSS: '092',
}

/** Whether accounts can be issued at a bank. */
export const isIssuingBank = (bank: Bank): boolean => clearingCodes[bank] !== undefined

/**
 * The number of a virtual account: 9, the bank's code, 10 digits of a hash; undefined for a bank that issues none. A
 * NORMAL account is one payment's own; a FIXED one is the same for every payment with that `pgAccountId`.
 */
export const accountNumberFor = (
  channelKey: string,
  reference: string,
  request: Pick<VirtualAccountRequest, 'bank' | 'accountType' | 'pgAccountId' | 'accountNumber'>,
): string | undefined => {
  const clearingCode = clearingCodes[request.bank]
  if (clearingCode === undefined) return undefined
  const { accountDigits } =
    request.accountType === 'FIXED' && request.pgAccountId !== undefined
      ? identifiersOf(channelKey, 'fixed-account', `${request.bank}|${request.pgAccountId}`)
      : identifiersOf(channelKey, 'account', reference)
  return request.accountNumber ?? `9${clearingCode}${accountDigits}`
}
