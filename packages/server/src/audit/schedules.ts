import type { Sql } from '../db/connect.ts'
import { inBatches } from './batches.ts'
import type { Finder } from './finder.ts'
import type { Finding } from './finding.ts'

type Row = {
  readonly storeId: string
  readonly id: string
  readonly paymentId: string
  readonly isKnown: boolean
}

/** The other direction of what `checkDerivedRows` compares: rows of schedules that no payment has, which would charge nevertheless. */
async function* findStraySchedules(sql: Sql): AsyncGenerator<Finding> {
  for await (const rows of inBatches<Row>((after, limit) => readSchedules(sql, after, limit)))
    for (const { storeId, id, paymentId } of rows.filter(({ isKnown }) => !isKnown)) {
      const what = `The row ${id} of payment_schedules is of a payment that has no such schedule.`
      yield { storeId, paymentId, rule: 'rows-follow-the-snapshot', what }
    }
}

export const scheduleFinder: Finder = { of: 'Schedules of no payment', find: findStraySchedules }

const readSchedules = (sql: Sql, after: Row | undefined, limit: number): Promise<readonly Row[]> => sql<Row[]>`
  select s.store_id as "storeId", s.schedule_id as id, s.payment_id as "paymentId", exists (
    select from journal j where j.store_id = s.store_id and j.stream = 'payment' and j.stream_id = s.payment_id
      and j.type = 'ScheduleCreated' and j.data #>> '{schedule,id}' = s.schedule_id
  ) as "isKnown"
  from payment_schedules s
  where (s.store_id, s.schedule_id) > (${after?.storeId ?? ''}, ${after?.id ?? ''})
  order by s.store_id, s.schedule_id limit ${limit}`
