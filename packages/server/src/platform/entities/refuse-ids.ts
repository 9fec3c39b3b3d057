import type { ErrorBody } from '@naru/contract'
import { Refusal } from '../../kernel/refusal.ts'
import { fewOf } from '../few.ts'
import { type graphqlId, graphqlIds } from '../platform.ts'

type IdsErrorType = {
  [Type in ErrorBody['type']]: ErrorBody<Type> extends { ids: string[]; graphqlIds: string[] } ? Type : never
}[ErrorBody['type']]

/** Refuses because of several things, and names all of them; its message the first ones. */
export const refuseIds = <Type extends IdsErrorType>(
  type: Type,
  kind: Parameters<typeof graphqlId>[0],
  ids: readonly string[],
  message: string,
): Refusal<Type> =>
  new Refusal<Type>({
    type,
    message: `${message} (${fewOf(ids)})`,
    ids: [...ids],
    graphqlIds: graphqlIds(kind, ids),
  } as ErrorBody<Type>)
