import type { Sql } from '../../db/connect.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { again, inRounds } from '../../kernel/rounds.ts'
import type { Entity, Version } from '../entities/entity.ts'
import { findEntity, relyingOnNothing } from '../entities/store.ts'
import { insertEntities, writeVersion } from '../entities/write.ts'
import type { Platform, PlatformRequest } from '../platform.ts'
import { defaultSetting, type SettingContent } from './content.ts'

/** A platform has one setting. */
const settingId = 'setting'

/** Version 0 where nothing was ever set. */
export type Setting = Version<'SETTING'>

/** How the platform settles. Fields that a later Naru adds have their defaults in settings that are older. */
export const loadSetting = async (sql: Sql, platform: Platform): Promise<Setting> =>
  settingOf(await findEntity(sql, platform, 'SETTING', settingId))

const settingOf = (entity: Entity<'SETTING'> | undefined): Setting =>
  entity === undefined
    ? { id: settingId, version: 0, content: defaultSetting, appliedAt: 0 }
    : { ...entity, content: completeSetting(entity.content) }

/** A setting, or a version of one, as it was stored. */
export const completeSetting = (content: Partial<SettingContent>): SettingContent => ({
  ...defaultSetting,
  ...content,
})

/** Changes the setting at once; `change` sees it as it is, again where somebody was faster. */
export const changeSetting = async <R extends Refusal = never>(
  sql: Sql,
  { platform, now }: PlatformRequest,
  change: (content: SettingContent) => SettingContent | R,
): Promise<SettingContent | R> =>
  inRounds<SettingContent | R>('the change of the setting', async () => {
    const known = await findEntity(sql, platform, 'SETTING', settingId)
    const content = change(settingOf(known).content)
    if (content instanceof Refusal) return content
    const written = known
      ? await writeVersion(sql, platform, 'SETTING', known, content, relyingOnNothing, now)
      : await insertEntities(sql, platform, 'SETTING', [{ id: settingId, content }], relyingOnNothing, now)
    return written ? content : again
  })
