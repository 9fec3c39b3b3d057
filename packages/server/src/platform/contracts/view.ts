import type { PlatformContract } from '@naru/contract'
import type { Snapshot } from '../entities/entity.ts'
import { versionView } from '../entities/view.ts'
import type { Platform } from '../platform.ts'

export const contractView = (platform: Platform, contract: Snapshot<'CONTRACT'>): PlatformContract => ({
  ...contract.content,
  ...versionView(platform, 'CONTRACT', contract),
})
