import type { Handlers } from '../http/handler.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import type { PlatformParts } from '../platform/parts.ts'
import type { Platform } from '../platform/platform.ts'
import { replaceDefinitions } from '../platform/settings/replace.ts'
import { changeSetting, loadSetting } from '../platform/settings/store.ts'
import { definitionsView } from '../platform/settings/view.ts'
import { changingPlatform, onPlatform } from './on-platform.ts'

/** What a merchant defines in PortOne's console, for tests that have no console. */
export const sandboxPlatformOperations = (
  parts: PlatformParts,
): Pick<Handlers, 'getSandboxPlatformDefinitions' | 'setSandboxPlatformDefinitions'> => ({
  getSandboxPlatformDefinitions: onPlatform(parts, async ({ platform }) => {
    if (!isSandbox(platform)) return liveRefused
    return definitionsView(platform, (await loadSetting(parts.sql, platform)).content)
  }),
  setSandboxPlatformDefinitions: changingPlatform(parts, async (parts, request, { body }) => {
    if (!isSandbox(request.platform)) return liveRefused
    const content = await changeSetting(parts.sql, request, (known) => replaceDefinitions(known, body))
    return content instanceof Refusal ? content : definitionsView(request.platform, content)
  }),
})

/** The test platform moves no money, whatever its store is. */
const isSandbox = ({ isForTest, store }: Platform): boolean => isForTest || store.mode === 'SANDBOX'

const liveRefused = refuse(
  'FORBIDDEN',
  'The platform is live. The operator changes its definitions with `naru platform`; test=true reaches the test platform.',
)
