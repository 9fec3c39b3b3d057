/** The sandbox's own control API, under `/sandbox/`. It has no operations yet. */
export const sandboxOperations = {}
