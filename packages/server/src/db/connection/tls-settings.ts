/** How the way to the database is protected. The names are PostgreSQL's own: libpq, "SSL Support". */
export type TlsMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'

export type TlsSettings = {
  readonly mode: TlsMode
  /** TLS from the first byte, without asking for it: PostgreSQL 17 and later, and some proxies before it. */
  readonly direct: boolean
  /** A file with the certificates of the authorities to trust, or `system`: those of the operating system. */
  readonly sslrootcert?: string | undefined
  /** Files with a certificate of our own, which the server asks for, and its key. */
  readonly sslcert?: string | undefined
  readonly sslkey?: string | undefined
  readonly sslpassword?: string | undefined
}

/** What is asked for cannot be done, or would not protect as it seems to. The message goes on after `DATABASE_URL`. */
export class UnusableAddress extends Error {}

export const tlsParameters = [
  'sslmode',
  'ssl',
  'sslnegotiation',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'sslpassword',
] as const

/**
 * What the parameters of the URL ask for, as libpq understands them, with these differences:
 *
 * - Without `sslmode` nothing is encrypted, as the driver has it (libpq: `prefer`); with `sslrootcert`, everything is
 *   verified (libpq: nothing, unless it is `system`).
 * - Without `sslrootcert`, `verify-full` trusts the authorities that Node does, as the driver has it (libpq: those in
 *   `~/.postgresql/root.crt`), and so does `verify-ca`, which then looks at the name too: any of the public authorities
 *   certifies anybody (libpq refuses `verify-ca` with `sslrootcert=system` for the same reason).
 * - `allow` is `prefer`: it encrypts sooner.
 * - `ssl` is the driver's, where `true` always meant to verify everything.
 */
export const readTlsSettings = (
  parameter: (name: (typeof tlsParameters)[number]) => string | undefined,
): TlsSettings => {
  const asked = parameter('sslmode') ?? parameter('ssl')
  const negotiation = parameter('sslnegotiation') ?? 'postgres'
  const files = {
    sslrootcert: parameter('sslrootcert'),
    sslcert: parameter('sslcert'),
    sslkey: parameter('sslkey'),
    sslpassword: parameter('sslpassword'),
  }
  const written = asked === undefined ? defaultMode(files) : modes.get(asked)
  if (written === undefined)
    throw new UnusableAddress(`has sslmode=${asked}. Give one of ${[...new Set(modes.values())].join(', ')}.`)
  if (files.sslrootcert === 'system' && written !== 'verify-full')
    throw new UnusableAddress(`has sslrootcert=system with sslmode=${written}, which needs sslmode=verify-full.`)
  if (negotiation !== 'postgres' && negotiation !== 'direct')
    throw new UnusableAddress(`has sslnegotiation=${negotiation}. Give postgres or direct.`)
  const mode = withoutPretence(written, files)
  if (negotiation === 'direct' && (mode === 'disable' || mode === 'prefer'))
    throw new UnusableAddress('has sslnegotiation=direct, which needs sslmode=require, verify-ca or verify-full.')
  if ((files.sslcert === undefined) !== (files.sslkey === undefined))
    throw new UnusableAddress('has one of sslcert and sslkey without the other. Give both.')
  return { mode, direct: negotiation === 'direct', ...files }
}

const modes: ReadonlyMap<string, TlsMode> = new Map([
  ['disable', 'disable'],
  ['false', 'disable'],
  ['allow', 'prefer'],
  ['prefer', 'prefer'],
  ['require', 'require'],
  ['verify-ca', 'verify-ca'],
  ['verify-full', 'verify-full'],
  ['true', 'verify-full'],
])

type Files = Pick<TlsSettings, 'sslrootcert'>

const defaultMode = ({ sslrootcert }: Files): TlsMode => (sslrootcert === undefined ? 'disable' : 'verify-full')

const withoutPretence = (mode: TlsMode, { sslrootcert }: Files): TlsMode => {
  // libpq does so too: who names an authority means it to be asked.
  if (mode === 'require' && sslrootcert !== undefined) return 'verify-ca'
  if (mode === 'verify-ca' && sslrootcert === undefined) return 'verify-full'
  return mode
}
