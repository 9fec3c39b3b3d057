/**
 * Puts schemas in place of the references to them, for one operation at a time, when it is opened. Swagger UI's own resolver walks
 * through the whole document for each operation, and takes several seconds each time on a busy machine.
 */
export const resolvePlugin = {
  fn: {
    resolveSubtree: async (spec, path) => ({ errors: [], spec: withoutReferences(spec, at(spec, path), []) }),
  },
}

const at = (spec, path) => path.reduce((value, key) => value?.[key], spec)

/** A schema inside itself stays a reference. `$$ref` is where Swagger UI looks for the name of a schema. */
const withoutReferences = (spec, value, outer) => {
  if (Array.isArray(value)) return value.map((item) => withoutReferences(spec, item, outer))
  if (typeof value !== 'object' || value === null) return value
  const { $ref, ...beside } = value
  if (typeof $ref === 'string') {
    if (outer.includes($ref)) return value
    const schema = at(spec, $ref.slice('#/'.length).split('/'))
    return { ...withoutReferences(spec, schema, [...outer, $ref]), ...beside, $$ref: $ref }
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutReferences(spec, inner, outer)]))
}
