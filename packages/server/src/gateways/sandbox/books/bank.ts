import type { Sql } from '../../../db/connect.ts'
import type { Instant } from '../../../kernel/clock.ts'
import { timeOrderedId } from '../../../kernel/ids.ts'
import type { Amount } from '../../../kernel/money.ts'
import { epochOf } from '../../../kernel/work.ts'

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

/** What every account begins with, in KRW: as much as PortOne's test mode has. */
export const openingBalance: Amount = 1_000_000_000

export type BookedAccount = {
  readonly merchantId: string
  readonly isForTest: boolean
  readonly bankAccountId: string
}

export type NewEntry = {
  readonly account: BookedAccount
  /** Whose clock says what time it is. */
  readonly storeId: string
  /** By that clock. What comes later is not entered. */
  readonly actBefore: Instant
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

const open = async (sql: Sql, { merchantId, isForTest, bankAccountId }: BookedAccount): Promise<void> => {
  await sql`
    insert into sandbox_bank_accounts (merchant_id, is_for_test, bank_account_id, balance)
    values (${merchantId}, ${isForTest}, ${bankAccountId}, ${openingBalance})
    on conflict do nothing`
}

/**
 * Enters a transfer in one statement. What is not refused leaves the account at once; where too little is in it, the
 * transfer is refused instead. `undefined`, and nothing entered, where it comes too late, or after a reset: the clock is read here,
 * and held until the transfer is there to be found, because a server that waited for this statement does not know how late it is.
 */
export const enter = async (sql: Sql, entry: NewEntry): Promise<BankEntry | undefined> => {
  await open(sql, entry.account)
  const { account, reference, accountNumber, amount, at } = entry
  const { merchantId, isForTest, bankAccountId } = account
  const [entered] = await sql<BankEntry[]>`
    with in_time as materialized (
      select from stores
      where store_id = ${entry.storeId} and epoch = coalesce(${epochOf(entry.storeId) ?? null}::integer, epoch)
        and ${entry.actBefore}::timestamptz > coalesce(clock_stopped_at, clock_timestamp() + clock_offset * interval '1 millisecond')
      for share
    ), scenario as (
      select case when ${entry.isOnlyFirst} and exists (
        select from sandbox_bank_entries
        where merchant_id = ${merchantId} and is_for_test = ${isForTest} and account_number = ${accountNumber}
      ) then 'DONE' else ${entry.state} end as state
      from in_time
    ), taken as (
      update sandbox_bank_accounts set balance = balance - ${amount}::bigint
      where merchant_id = ${merchantId} and is_for_test = ${isForTest} and bank_account_id = ${bankAccountId}
        and balance >= ${amount}::bigint and (select state from scenario) <> 'REFUSED'
      returning balance
    ), made as (
      select scenario.state as asked, taken.balance,
        case when taken.balance is null then 'REFUSED' else scenario.state end as state,
        case when taken.balance is not null and scenario.state = 'DONE' then null
          when taken.balance is null and scenario.state <> 'REFUSED' then 'SBX_BANK_INSUFFICIENT_BALANCE'
          else ${entry.bankCode ?? null} end as bank_code
      from scenario left join taken on true
    )
    insert into sandbox_bank_entries (merchant_id, entry_id, is_for_test, bank_account_id, reference, bank,
      account_number, holder, amount, withdrawal_memo, deposit_memo, state, bank_code, balance, asked_at, decided_at,
      settled_at, is_denied_twice)
    select ${merchantId}, ${timeOrderedId()}, ${isForTest}, ${bankAccountId}, ${reference}, ${entry.bank},
      ${accountNumber}, ${entry.holder}, ${amount}, ${entry.withdrawalMemo ?? null}, ${entry.depositMemo ?? null},
      made.state, made.bank_code, coalesce(made.balance, account.balance), ${at}::timestamptz,
      case when made.state = 'PENDING' then ${entry.decidedAt ?? null}::timestamptz end,
      case when made.state = 'PENDING' then null else ${at}::timestamptz end, ${entry.isDeniedTwice}
    from made join sandbox_bank_accounts account on account.merchant_id = ${merchantId}
      and account.is_for_test = ${isForTest} and account.bank_account_id = ${bankAccountId}
    returning ${columns(sql)}`
  return entered
}

/** Decides what was taken on and whose time has come. What is refused goes back into the account. */
export const decideDue = async (
  sql: Sql,
  { merchantId, isForTest }: Omit<BookedAccount, 'bankAccountId'>,
  now: Instant,
): Promise<void> => {
  await sql`
    with decided as (
      update sandbox_bank_entries set state = case when bank_code is null then 'DONE' else 'REFUSED' end,
        settled_at = decided_at
      where merchant_id = ${merchantId} and is_for_test = ${isForTest} and state = 'PENDING'
        and decided_at <= ${now}::timestamptz
      returning bank_account_id, amount, state
    )
    update sandbox_bank_accounts account set balance = balance + returned.amount
    from (
      select bank_account_id, sum(amount)::bigint as amount from decided where state = 'REFUSED' group by bank_account_id
    ) returned
    where account.merchant_id = ${merchantId} and account.is_for_test = ${isForTest}
      and account.bank_account_id = returned.bank_account_id`
}

/** The first transfer under a reference. Counts how often it was asked about. */
export const findEntry = async (
  sql: Sql,
  { merchantId, isForTest }: Omit<BookedAccount, 'bankAccountId'>,
  reference: string,
): Promise<(BankEntry & { readonly inquiries: number }) | undefined> => {
  const [found] = await sql<(BankEntry & { readonly inquiries: number })[]>`
    update sandbox_bank_entries set inquiries = inquiries + 1
    where merchant_id = ${merchantId} and is_for_test = ${isForTest} and entry_id = (
      select min(entry_id) from sandbox_bank_entries
      where merchant_id = ${merchantId} and is_for_test = ${isForTest} and reference = ${reference}
    )
    returning ${columns(sql)}, inquiries`
  return found
}

export const balanceOf = async (sql: Sql, account: BookedAccount): Promise<Amount> => {
  await open(sql, account)
  const { merchantId, isForTest, bankAccountId } = account
  const [row] = await sql<{ balance: Amount }[]>`
    select balance from sandbox_bank_accounts
    where merchant_id = ${merchantId} and is_for_test = ${isForTest} and bank_account_id = ${bankAccountId}`
  // A reset in between takes the account along, which is then as it began.
  return row?.balance ?? openingBalance
}
