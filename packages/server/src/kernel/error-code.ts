/** By which name the system, the driver or PostgreSQL knows what went wrong: `ENOENT`, `CONNECTION_CLOSED`, `23505`. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && error.code !== undefined ? String(error.code) : undefined
