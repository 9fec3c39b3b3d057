import { UpdatePlatformBody, UpdatePlatformSettingBody } from '@naru/contract'
import type { Handlers } from '../http/handler.ts'
import { Refusal } from '../kernel/refusal.ts'
import { knownFields } from '../platform/known-fields.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { changePlatform, memoProblem } from '../platform/settings/change.ts'
import { changeSetting, loadSetting } from '../platform/settings/store.ts'
import { platformView, settingView } from '../platform/settings/view.ts'
import { changingPlatform, onPlatform } from './on-platform.ts'

type SettingOperationId = 'getPlatform' | 'updatePlatform' | 'getPlatformSetting' | 'updatePlatformSetting'

/** The rules for all of partner settlement, under the path of today and under that of PortOne's earlier contract. */
export const platformOperations = (parts: PlatformParts): Pick<Handlers, SettingOperationId> => ({
  getPlatform: onPlatform(parts, async ({ platform }) => {
    const { content } = await loadSetting(parts.sql, platform)
    return platformView(platform, content)
  }),
  updatePlatform: changingPlatform(parts, async (parts, request, { body }) => {
    const content = await changeSetting(parts.sql, request, (known) =>
      changePlatform(known, knownFields(UpdatePlatformBody, body)),
    )
    return content instanceof Refusal ? content : { platform: platformView(request.platform, content) }
  }),
  getPlatformSetting: onPlatform(parts, async ({ platform }) => {
    const { content } = await loadSetting(parts.sql, platform)
    return settingView(platform, content)
  }),
  updatePlatformSetting: changingPlatform(parts, async (parts, request, { body }) => {
    const changes = knownFields(UpdatePlatformSettingBody, body)
    const problem = memoProblem(changes)
    if (problem) return problem
    const content = await changeSetting<never>(parts.sql, request, (known) => ({ ...known, ...changes }))
    return { setting: settingView(request.platform, content) }
  }),
})
