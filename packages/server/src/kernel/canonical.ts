/** JSON with keys in order, so that two clients' ways of writing one request look the same. */
export const canonical = (value: unknown): string => JSON.stringify(value, (_, part: unknown) => sorted(part))

const sorted = (part: unknown): unknown => {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
  return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
}
