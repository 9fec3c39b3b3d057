import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { freePort, started, stop, untilAnswers } from './support.ts'

export type Floor = { readonly port: number; stop(): Promise<void> }

/** A process that takes the same requests with Fastify and answers `body`, without reading a table: what HTTP alone costs. */
export const startFloor = async (body: string): Promise<Floor> => {
  const port = await freePort()
  const program = join(import.meta.dirname, 'floor-server.ts')
  const child = started(
    spawn(process.execPath, [program, String(port), body], { stdio: ['ignore', 'ignore', 'inherit'], detached: true }),
  )
  await untilAnswers(child, `http://127.0.0.1:${port}/readyz`)
  return { port, stop: () => stop(child) }
}
