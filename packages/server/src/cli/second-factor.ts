import { createInterface } from 'node:readline/promises'
import type { Sql } from '../db/connect.ts'
import { SetupError } from '../merchants/setup-error.ts'
import type { Store } from '../merchants/store.ts'
import { printable } from './table.ts'

export type SecondFactorOptions = { readonly approver?: string; readonly code?: string }

/**
 * The approver of a payout and the code from their authenticator: as given, or asked for at a terminal. Nothing if the
 * platform's store does not require a second factor.
 */
export const secondFactor = async (
  sql: Sql,
  { merchantId, storeId }: Store,
  { approver, code }: SecondFactorOptions,
): Promise<{ secondFactor: { approverId: string; code: string } } | undefined> => {
  if (approver !== undefined && code !== undefined) return { secondFactor: { approverId: approver, code } }
  const [rule] = await sql<{ asks: boolean }[]>`
    select asks_second_factor as asks from stores where store_id = ${storeId}`
  if (rule?.asks === false) return undefined
  const approvers = await sql<{ id: string; name: string }[]>`
    select approver_id as id, name from platform_payout_approvers
    where merchant_id = ${merchantId} and revoked_at is null
      ${approver === undefined ? sql`` : sql`and approver_id = ${approver}`}
    order by created_at`
  if (approvers.length === 0)
    throw new SetupError(
      approver === undefined
        ? 'There is no payout approver yet. Register one with: naru payout approver add <name>'
        : `There is no approver ${approver}. See: naru payout approver list`,
    )
  const chosen = await chooseApprover(approvers, process.stdin.isTTY ? question : undefined)
  return { secondFactor: { approverId: chosen.id, code: code ?? (await askCode(chosen.name)) } }
}

type Approver = { readonly id: string; readonly name: string }

/** The only one, or whose number is typed in answer to `ask`, which is missing where nobody is there to answer. */
export const chooseApprover = async (
  approvers: readonly Approver[],
  ask: ((text: string) => Promise<string>) | undefined,
): Promise<Approver> => {
  const [only, ...others] = approvers
  if (only !== undefined && others.length === 0) return only
  if (ask === undefined)
    throw new SetupError(
      `Name the approver with --approver: ${approvers.map(({ id, name }) => `${id} (${name})`).join(', ')}.`,
    )
  const lines = approvers.map(({ id, name }, place) => `  ${place + 1}  ${printable(name)} (${id})\n`)
  for (let text = `Who approves?\n${lines.join('')}Number: `; ; text = `A number from 1 to ${approvers.length}: `) {
    const answer = await ask(text)
    const chosen = /^\d+$/.test(answer) ? approvers[Number(answer) - 1] : undefined
    if (chosen !== undefined) return chosen
  }
}

const askCode = async (name: string): Promise<string> => {
  if (!process.stdin.isTTY)
    throw new SetupError('Payouts need a second factor: give the code of your authenticator with --code.')
  return await question(`Six-digit code from the authenticator of ${printable(name)}: `)
}

const question = async (text: string): Promise<string> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return (await terminal.question(text)).trim()
  } finally {
    terminal.close()
  }
}
