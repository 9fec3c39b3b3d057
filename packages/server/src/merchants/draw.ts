/**
 * Draws one in proportion to the shares; evenly if all shares are 0, and `undefined` if there is nothing to draw from.
 * `chance` is in [0, 1).
 */
export const drawByShare = <Member extends { readonly percentage: number }>(
  members: readonly Member[],
  chance: number,
): Member | undefined => {
  const total = members.reduce((sum, { percentage }) => sum + percentage, 0)
  if (total === 0) return members[Math.floor(chance * members.length)]
  let left = chance * total
  return members.find(({ percentage }) => {
    left -= percentage
    return left < 0
  })
}
