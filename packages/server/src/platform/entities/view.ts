import { toIso } from '../../kernel/clock.ts'
import { graphqlId, type Platform } from '../platform.ts'
import type { Circumstances, EntityKind } from './entity.ts'

/** What every answer about a partner, a contract or a policy has. */
export const versionView = (
  { isForTest }: Pick<Platform, 'isForTest'>,
  kind: Exclude<EntityKind, 'SETTING'>,
  {
    id,
    appliedAt,
    isArchived,
  }: { readonly id: string; readonly appliedAt: number } & Pick<Circumstances, 'isArchived'>,
) => ({ id, graphqlId: graphqlId(kind, id), isArchived, appliedAt: toIso(appliedAt), isForTest })
