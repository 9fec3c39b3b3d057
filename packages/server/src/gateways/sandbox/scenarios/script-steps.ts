import { type SandboxGatewayOperation, sandboxGatewayOperations } from '@naru/contract'
import type { Sql } from '../../../db/connect.ts'
import { inTime } from '../../../db/epoch.ts'
import type { Instant } from '../../../kernel/clock.ts'
import { timeOrderedId } from '../../../kernel/ids.ts'
import type { GatewayContext, Outcome } from '../../port/terms.ts'
import type { SandboxParts } from '../parts.ts'
import { isUniqueViolation } from '../unique-violation.ts'
import { rememberedBehaviour } from './codes.ts'
import { hasEffect } from './script-codes.ts'
import { namedCode } from './triggers.ts'

/**
 * Makes a call under the step that a script has for it, where one has. A step is taken before the call and stays with
 * the call's reference, so that a call that a crash cut short takes the same one when it is repeated.
 *
 * It is let go once the PG refused the call, or never got it: what is asked then is another call, although some (a
 * capture, say) carry the same reference. Without that, one refused step would refuse for ever.
 */
export const underScript = async <Context extends Called, Value>(
  { sql, logger }: Pick<SandboxParts, 'sql' | 'logger'>,
  operation: SandboxGatewayOperation,
  context: Context,
  run: (context: Context & Pick<GatewayContext, 'testCode'>) => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> => {
  if (context.testCode !== undefined) warnOfIneffective(logger, operation, context, context.testCode)
  if (context.testCode !== undefined || !context.followsScripts) return await run(context)
  const call = { ...context, reference: oncePerCall.has(operation) ? timeOrderedId() : context.reference }
  const testCode = await stepFor(sql, operation, call)
  if (testCode === undefined) return await run(context)
  const outcome = await run({ ...context, testCode })
  if (outcome.kind === 'failed' || (outcome.kind === 'unknown' && neverArrives(testCode)))
    await letGo(sql, operation, call)
  return outcome
}

/**
 * Unlike a step, a call that names a code to no effect is carried out: tests send one header with all their calls, or one code to
 * each way to pay, and what passed yesterday must not fail tomorrow. A code that does not exist is refused.
 */
const warnOfIneffective = (
  logger: SandboxParts['logger'],
  operation: SandboxGatewayOperation,
  { storeId, reference }: GatewayContext,
  named: string,
): void => {
  const code = namedCode(named)
  if (code === undefined || code === 'unknown-code' || hasEffect(operation, code)) return
  const effectiveOn = sandboxGatewayOperations.filter((other) => hasEffect(other, code))
  logger.warn(
    { storeId, reference, operation, code, effectiveOn },
    `sandbox: the test code ${code} has no effect on ${operation}; it has on ${effectiveOn.join(', ')}`,
  )
}

/** A question, which may come at any time, or what must be done before a time. */
type Called = GatewayContext & { readonly actBefore?: Instant }

/** These have no reference of their own: each is asked anew under the reference of the identity verification. */
const oncePerCall: ReadonlySet<SandboxGatewayOperation> = new Set([
  'RESEND_IDENTITY_VERIFICATION',
  'CONFIRM_IDENTITY_VERIFICATION',
])

const neverArrives = (code: string): boolean => {
  const { charge, cancel, call } = rememberedBehaviour(code)
  return [charge, cancel, call].some((effect) => effect?.books === 'NOTHING')
}

const stepFor = async (sql: Sql, operation: SandboxGatewayOperation, context: Called): Promise<string | undefined> => {
  const known = await takenBy(sql, operation, context)
  if (known !== undefined) return known
  try {
    // None was left: it may have been the last, which the same call took at the same moment.
    return (await take(sql, operation, context)) ?? (await takenBy(sql, operation, context))
  } catch (error) {
    // The same call runs twice at once, and the other one took a step. The statement failed as a whole, so that no
    // second step is spent; `on conflict do nothing` would have spent it.
    if (isUniqueViolation(error)) return await takenBy(sql, operation, context)
    throw error
  }
}

type Call = Pick<GatewayContext, 'storeId' | 'reference'>

const takenBy = async (
  sql: Sql,
  operation: SandboxGatewayOperation,
  { storeId, reference }: Call,
): Promise<string | undefined> => {
  const [row] = await sql<{ code: string }[]>`
    select code from sandbox_script_calls
    where store_id = ${storeId} and operation = ${operation} and reference = ${reference}`
  return row?.code
}

/**
 * Two calls at once wait for each other on the script's row, and the second sees what the first has left. A call that comes too
 * late takes none: the step is for the next call.
 */
const take = async (
  sql: Sql,
  operation: SandboxGatewayOperation,
  { storeId, reference, actBefore, subject = {} }: Called,
): Promise<string | undefined> => {
  const { paymentId, customerId, billingKey, identityVerificationId } = subject
  const [row] = await sql<{ code: string }[]>`
    with matching as (
      select script_id from sandbox_scripts
      where store_id = ${storeId} and ${inTime(sql, storeId, actBefore)} and operation = ${operation} and taken_steps < cardinality(steps)
        and (payment_id is null or payment_id = ${paymentId ?? null})
        and (customer_id is null or customer_id = ${customerId ?? null})
        and (billing_key is null or billing_key = ${billingKey ?? null})
        and (identity_verification_id is null or identity_verification_id = ${identityVerificationId ?? null})
      order by laid_at, script_id limit 1
      for update
    ),
    taken as (
      update sandbox_scripts as script set taken_steps = script.taken_steps + 1
      from matching where script.store_id = ${storeId} and script.script_id = matching.script_id
      returning script.script_id, script.steps[script.taken_steps] as code
    )
    insert into sandbox_script_calls (store_id, operation, reference, script_id, code)
    select ${storeId}, ${operation}, ${reference}, script_id, code from taken
    returning code`
  return row?.code
}

const letGo = async (sql: Sql, operation: SandboxGatewayOperation, { storeId, reference }: Call): Promise<void> => {
  await sql`
    delete from sandbox_script_calls
    where store_id = ${storeId} and operation = ${operation} and reference = ${reference}`
}
