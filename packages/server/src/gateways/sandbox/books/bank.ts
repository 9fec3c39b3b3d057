import type { Sql } from '../../../db/connect.ts'
import type { Instant } from '../../../kernel/clock.ts'
import { timeOrderedId } from '../../../kernel/ids.ts'
import type { Amount } from '../../../kernel/money.ts'

/**
 * The sandbox bank's books: accounts with what is in them, and every transfer that it was asked for. It knows no
 * idempotency. A transfer that it is asked for twice under one reference is made twice, and both rows are here to see.
 */
export type BankEntry = {
  readonly entryId: string
  readonly state: BankEntryState
  readonly bankCode: string | null
  readonly amount: Amount
  /** What was in the account afterwards. */
  readonly balance: Amount
  readonly settledAt: Instant | null
  readonly isDeniedTwice: boolean
}

export type BankEntryState = 'DONE' | 'REFUSED' | 'PENDING'

/** What the mock account of a platform begins with, in KRW: as much as PortOne's test mode has. */
export const openingBalance: Amount = 1_000_000_000

type Account = { readonly storeId: string; readonly isForTest: boolean }

export type NewEntry = Account & {
  readonly reference: string
  readonly bank: string
  readonly accountNumber: string
  readonly holder: string
  readonly amount: Amount
  readonly withdrawalMemo?: string | undefined
  readonly depositMemo?: string | undefined
  readonly state: BankEntryState
  readonly bankCode?: string | undefined
  /** PENDING: when it is decided. */
  readonly decidedAt?: Instant | undefined
  readonly isOnlyFirst: boolean
  readonly isDeniedTwice: boolean
  readonly at: Instant
}

const columns = (sql: Sql) => sql`
  entry_id as "entryId", state, bank_code as "bankCode", amount, balance, settled_at as "settledAt",
  is_denied_twice as "isDeniedTwice"`

const open = async (sql: Sql, { storeId, isForTest }: Account): Promise<void> => {
  await sql`
    insert into sandbox_bank_accounts (store_id, is_for_test, balance) values (${storeId}, ${isForTest}, ${openingBalance})
    on conflict do nothing`
}

/**
 * Enters a transfer in one statement. What is not refused leaves the account at once; where too little is in it, the
 * transfer is refused instead.
 */
export const enter = async (sql: Sql, entry: NewEntry): Promise<BankEntry> => {
  await open(sql, entry)
  const { storeId, isForTest, reference, accountNumber, amount, at } = entry
  const [entered] = await sql<BankEntry[]>`
    with scenario as (
      select case when ${entry.isOnlyFirst} and exists (
        select from sandbox_bank_entries where store_id = ${storeId} and account_number = ${accountNumber}
      ) then 'DONE' else ${entry.state} end as state
    ), taken as (
      update sandbox_bank_accounts set balance = balance - ${amount}::bigint
      where store_id = ${storeId} and is_for_test = ${isForTest} and balance >= ${amount}::bigint
        and (select state from scenario) <> 'REFUSED'
      returning balance
    )
    insert into sandbox_bank_entries (store_id, entry_id, is_for_test, reference, bank, account_number, holder, amount,
      withdrawal_memo, deposit_memo, state, bank_code, balance, asked_at, decided_at, settled_at, is_denied_twice)
    select ${storeId}, ${timeOrderedId()}, ${isForTest}, ${reference}, ${entry.bank}, ${accountNumber}, ${entry.holder},
      ${amount}, ${entry.withdrawalMemo ?? null}, ${entry.depositMemo ?? null},
      case when taken.balance is null then 'REFUSED' else scenario.state end,
      case when scenario.state = 'DONE' and taken.balance is not null then null
        when scenario.state <> 'REFUSED' and taken.balance is null then 'SBX_BANK_INSUFFICIENT_BALANCE'
        else ${entry.bankCode ?? null} end,
      coalesce(taken.balance, account.balance), ${at}::timestamptz,
      case when scenario.state = 'PENDING' and taken.balance is not null then ${entry.decidedAt ?? null}::timestamptz end,
      case when scenario.state = 'PENDING' and taken.balance is not null then null else ${at}::timestamptz end,
      ${entry.isDeniedTwice}
    from scenario join sandbox_bank_accounts account on account.store_id = ${storeId} and account.is_for_test = ${isForTest}
    left join taken on true
    returning ${columns(sql)}`
  if (!entered) throw new Error(`the sandbox bank has no account for ${storeId}`)
  return entered
}

/** Decides what was taken on and whose time has come. What is refused goes back into the account. */
export const decideDue = async (sql: Sql, storeId: string, now: Instant): Promise<void> => {
  await sql`
    with decided as (
      update sandbox_bank_entries set state = case when bank_code is null then 'DONE' else 'REFUSED' end,
        settled_at = decided_at
      where store_id = ${storeId} and state = 'PENDING' and decided_at <= ${now}::timestamptz
      returning is_for_test, amount, state
    )
    update sandbox_bank_accounts account set balance = balance + returned.amount
    from (
      select is_for_test, sum(amount)::bigint as amount from decided where state = 'REFUSED' group by is_for_test
    ) returned
    where account.store_id = ${storeId} and account.is_for_test = returned.is_for_test`
}

/** The first transfer under a reference. Counts how often it was asked for. */
export const findEntry = async (
  sql: Sql,
  storeId: string,
  reference: string,
): Promise<(BankEntry & { readonly inquiries: number }) | undefined> => {
  const [found] = await sql<(BankEntry & { readonly inquiries: number })[]>`
    update sandbox_bank_entries set inquiries = inquiries + 1
    where store_id = ${storeId} and entry_id = (
      select min(entry_id) from sandbox_bank_entries where store_id = ${storeId} and reference = ${reference}
    )
    returning ${columns(sql)}, inquiries`
  return found
}

export const balanceOf = async (sql: Sql, account: Account): Promise<Amount> => {
  await open(sql, account)
  const [row] = await sql<[{ balance: Amount }]>`
    select balance from sandbox_bank_accounts
    where store_id = ${account.storeId} and is_for_test = ${account.isForTest}`
  return row.balance
}
