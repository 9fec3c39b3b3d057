import { CreateSandboxPromotionBody, EditSandboxPromotionBody, type Static } from '@naru/contract'
import type Type from 'typebox'
import type { Sql } from '../db/connect.ts'
import { validator } from '../http/validators.ts'
import { storeTime } from '../kernel/clock.ts'
import { KeyedQueue } from '../kernel/keyed-queue.ts'
import { Refusal } from '../kernel/refusal.ts'
import { SetupError } from '../merchants/setup-error.ts'
import type { Store } from '../merchants/store.ts'
import { promotionEdit, promotionTerms } from '../promotions/input.ts'
import { change, create, edit } from '../promotions/manage.ts'
import { type PromotionParts, promotionParts } from '../promotions/parts.ts'
import type { Intervention } from '../promotions/promotion.ts'

export { list } from '../promotions/manage.ts'
export { storeOf } from './store-of.ts'

export const partsOf = (sql: Sql): PromotionParts =>
  promotionParts({ sql, queue: new KeyedQueue(), wake: () => undefined })

/** The command's input, validated by the schema of the control API and read as that API reads it. */
const checked = <Schema extends Type.TSchema>(schema: Schema, given: object, command: string): Static<Schema> => {
  const problem = validator(schema)(given)
  if (problem) throw new SetupError(`${problem.message}. See: naru promotion ${command} --help`)
  return JSON.parse(JSON.stringify(given))
}

export const created = async (parts: PromotionParts, store: Store, given: object) => {
  const body = checked(CreateSandboxPromotionBody, given, 'create')
  const { clock } = await parts.process.load({ store, id: '' })
  const terms = promotionTerms(body, storeTime(clock))
  return orExplain(terms instanceof Refusal ? terms : await create(parts, store, terms))
}

export const edited = async (parts: PromotionParts, store: Store, promotionId: string, given: object) => {
  const wanted = promotionEdit(checked(EditSandboxPromotionBody, given, 'edit'))
  return orExplain(wanted instanceof Refusal ? wanted : await edit(parts, store, promotionId, wanted))
}

export const changed = async (parts: PromotionParts, store: Store, promotionId: string, does: Intervention) =>
  orExplain(await change(parts, store, promotionId, does))

const orExplain = <Value>(outcome: Value | Refusal): Value => {
  if (outcome instanceof Refusal) throw new SetupError(outcome.body.message ?? outcome.body.type)
  return outcome
}
