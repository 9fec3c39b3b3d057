import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { median, print, printRow, printTarget, startServer, temporaryDirectory, withServer } from './support.ts'

const execute = promisify(execFile)
const rounds = 3

/** From `npm start` to the first 200, on an empty data directory and on the one that this leaves behind. */
export const benchStart = async (): Promise<void> => {
  print('Start (npm start to the first 200)')
  const fresh: number[] = []
  const known: number[] = []
  for (let round = 0; round < rounds; round++) {
    const directory = await temporaryDirectory()
    for (const times of [fresh, known]) {
      const server = await startServer({ directory, command: ['npm', 'start'] })
      times.push(server.startedIn)
      await server.stop()
    }
    await rm(directory, { recursive: true, force: true })
  }
  const show = (value: number): string => `${(value / 1_000).toFixed(2)} s`
  printTarget('new data directory', median(fresh), { bound: 'at most', limit: 3_000, show })
  printRow('existing data directory', show(median(known)))
}

/** Resident memory of the server's process once nothing happens any more. */
export const benchMemory = (): Promise<void> =>
  withServer(async (server) => {
    print('Memory at rest, without PostgreSQL')
    await delay(5_000)
    const { stdout } = await execute('ps', ['-o', 'rss=', '-p', String(server.pid)])
    const show = (value: number): string => `${value.toFixed(0)} MB`
    printTarget('resident', Number(stdout) / 1024, { bound: 'at most', limit: 150, show })
  })
