/** What `target_session_attrs` demands of a server, where the URL lists several of which one can be written to. */
export type SessionKind = 'primary' | 'read-write'

/** Whether a server that reports these parameters is of the kind that is sought. One that does not say may be. */
export const isOfKind = (sought: SessionKind | undefined, parameters: ReadonlyMap<string, string>): boolean => {
  if (sought === undefined) return true
  if (parameters.get('in_hot_standby') === 'on') return false
  return sought === 'primary' || parameters.get('default_transaction_read_only') !== 'on'
}
