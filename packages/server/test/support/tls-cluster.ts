import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accountFor, giveTo } from '../../src/db/embedded/account.ts'
import { startEmbedded } from '../../src/db/embedded/embedded.ts'
import { type Authority, makeAuthority } from './certificates.ts'
import { withConnection } from './cluster.ts'
import { freePort } from './listen.ts'
import { fillDataDirectory } from './new-cluster.ts'

/** A PostgreSQL that is reached over TCP and speaks TLS, with a certificate for `localhost`. */
export type TlsCluster = AsyncDisposable & {
  /** For the user `naru`, who is let in with or without TLS; the parameters are left to the test. */
  readonly url: string
  /** The user `certified` is let in by a certificate of this authority. */
  readonly authority: Authority
  /** Files: the authority's certificate, and any other text. */
  readonly authorityFile: string
  file(name: string, content: string): Promise<string>
}

export const startTlsCluster = async (): Promise<TlsCluster> => {
  const directory = await mkdtemp(join(tmpdir(), 'naru-tls-'))
  const account = await accountFor(directory)
  await giveTo(account, directory)
  const file = async (name: string, content: string): Promise<string> => {
    const path = join(directory, name)
    await writeFile(path, content, { mode: 0o600 })
    await giveTo(account, path)
    return path
  }
  const authority = makeAuthority('Naru tests')
  const { certificate, key } = authority.sign(['localhost'])
  const authorityFile = await file('authority.crt', authority.certificate)
  const port = await freePort()
  const dataDirectory = join(directory, 'data')
  await mkdir(dataDirectory)
  await fillDataDirectory(dataDirectory)
  const database = await startEmbedded({
    dataDirectory,
    settings: {
      fsync: 'off',
      listen_addresses: '127.0.0.1',
      port,
      ssl: 'on',
      ssl_cert_file: await file('server.crt', certificate),
      ssl_key_file: await file('server.key', key),
      ssl_ca_file: authorityFile,
      hba_file: await file('hba.conf', 'hostssl all certified all cert\nhost all naru all trust\n'),
    },
  })
  const url = `postgres://naru@localhost:${port}/postgres`
  await withConnection(url, (sql) => sql`create role certified login`)
  return {
    url,
    authority,
    authorityFile,
    file,
    [Symbol.asyncDispose]: async () => {
      await database.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
