import { execFile, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  freePort,
  headers,
  installed,
  medianRatio,
  pay,
  print,
  printRates,
  printTarget,
  ratio,
  root,
  runLoad,
  started,
  stop,
  untilAnswers,
  withServer,
} from './support.ts'

const execute = promisify(execFile)
const rounds = 3
/** Of the document's two schemes, the one that prism understands. It takes any token. */
const mockHeaders = { ...headers, authorization: 'Bearer any' }

/** Reading one payment, beside a mock server that makes its answer up from the same document. */
export const benchReads = (seconds: number): Promise<void> =>
  withServer(async (server) => {
    const prism = await installed('prism')
    print('Reading (GET /payments/{paymentId}, 16 connections)')
    await pay(server, 'bench-read')
    const document = join(server.directory, 'openapi.json')
    const naru = join(root, 'packages/server/bin/naru.js')
    await writeFile(document, (await execute(process.execPath, [naru, 'openapi'], { maxBuffer: 2 ** 26 })).stdout)
    const port = await freePort()
    const mock = started(
      spawn(process.execPath, [prism, 'mock', document, '-p', String(port), '-v', 'error'], {
        stdio: ['ignore', 'ignore', 'inherit'],
        detached: true,
      }),
    )
    try {
      await untilAnswers(mock, `http://127.0.0.1:${port}/payments/bench-read`, { headers: mockHeaders })
      const reading = async (at: number, sent: Record<string, string>): Promise<number> => {
        const request = { method: 'GET', path: '/payments/bench-read', headers: sent }
        return (await runLoad({ port: at, connections: 16, seconds, ...request })).perSecond
      }
      const ours: number[] = []
      const theirs: number[] = []
      for (let round = 0; round <= rounds; round++) {
        ours.push(await reading(server.port, headers))
        theirs.push(await reading(port, mockHeaders))
      }
      // The first round warmed both up.
      const [warm, mocked] = [ours.slice(1), theirs.slice(1)]
      printRates('Naru', warm)
      printRates('prism mock', mocked)
      printTarget('ratio', medianRatio(warm, mocked), { bound: 'at least', limit: 6, show: ratio })
    } finally {
      await stop(mock)
    }
  })
