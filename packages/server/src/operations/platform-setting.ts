import type { Handlers } from '../http/handler.ts'

/** The rules for all of partner settlement. */
export const platformSettingOperations = {
  getPlatform: 'not-built',
  updatePlatform: 'not-built',
  getPlatformSetting: 'not-built',
  updatePlatformSetting: 'not-built',
} satisfies Partial<Handlers>
