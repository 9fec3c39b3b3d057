import { operation } from '../operation.ts'
import { Platform, UpdatePlatformBody, UpdatePlatformResponse } from '../schemas/platform/platform.ts'
import {
  PlatformSetting,
  UpdatePlatformSettingBody,
  UpdatePlatformSettingResponse,
} from '../schemas/platform/setting.ts'
import { platformAccess, testQuery } from './platform-parameters.ts'

const common = { category: 'platform', authenticated: true, queryParameters: testQuery } as const

/** The rules for all of partner settlement. */
export const platformOperations = {
  getPlatform: operation({
    ...common,
    method: 'GET',
    path: '/platform',
    summary: 'Read the formulas and rules',
    description: 'Returns how fees and shares are computed and rounded. From an earlier version of the API.',
    success: Platform,
    errors: platformAccess,
  }),
  updatePlatform: operation({
    ...common,
    method: 'PATCH',
    path: '/platform',
    summary: 'Change the formulas and rules',
    description:
      'Changes what is given. Applies to transfers that are registered from now on. From an earlier version of the API.',
    body: UpdatePlatformBody,
    bodyIn: 'body',
    bodyRequired: true,
    moneyFields: [],
    success: UpdatePlatformResponse,
    errors: [...platformAccess, 'PLATFORM_INVALID_SETTLEMENT_FORMULA'],
  }),
  getPlatformSetting: operation({
    ...common,
    method: 'GET',
    path: '/platform/setting',
    summary: 'Read the settings',
    description: 'Returns the rules for settlement and the texts for bank statements.',
    success: PlatformSetting,
    errors: platformAccess,
  }),
  updatePlatformSetting: operation({
    ...common,
    method: 'PATCH',
    path: '/platform/setting',
    summary: 'Change the settings',
    description:
      'Changes what is given. Applies to transfers that are registered, and payouts that are generated, from now on.',
    body: UpdatePlatformSettingBody,
    bodyIn: 'body',
    bodyRequired: true,
    moneyFields: [],
    success: UpdatePlatformSettingResponse,
    errors: platformAccess,
  }),
}
