/**
 * Rows that are alike for every filter have the same facet: a number made of the columns that filters ask for, of which a store
 * has few. Along an index of (store_id, facet, time, id) a page of whatever filter is read as the first rows of each facet that
 * matches, merged, however many rows there are and however few of them match. An index for each filter would cost each row
 * many entries instead of one.
 */
export type FacetIndex = {
  readonly table: string
  /** The name by which the expressions call a row. */
  readonly as: string
  /** As the index has it. */
  readonly facet: string
  /** The rows that are in the index. */
  readonly within: string
  /** By what the index has the rows of a facet in order: without it PostgreSQL would at times look for one of them in the table. */
  readonly time: string
}
