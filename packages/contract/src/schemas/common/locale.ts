import { enumeration, type Static } from '../../schema.ts'

export const Locale = enumeration('Locale', 'A language to address the buyer in.', [
  'KO_KR',
  'EN_US',
  'ZH_CN',
  'ZH_TW',
  'JA_JP',
  'RU_RU',
  'TH_TH',
  'VI_VN',
])
export type Locale = Static<typeof Locale>
