/**
 * JSON also in a page whose scripts give all arrays, or all objects, a `toJSON` of their own, as Prototype.js does: arrays would
 * arrive as texts. What has one of its kind, such as a date, keeps it.
 */
export const jsonOf = (body: object): string =>
  JSON.stringify(body, function (this: Record<string, unknown>, name: string, value: unknown) {
    const given = this[name]
    const { toJSON } = Object(given)
    return [[], {}].some((any) => Object(any).toJSON === toJSON) ? given : value
  })
