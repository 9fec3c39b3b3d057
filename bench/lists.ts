import { copyModels, makeModels } from './list-data.ts'
import { lists } from './list-filters.ts'
import {
  headers,
  median,
  medianRatio,
  milliseconds,
  print,
  printRow,
  printTarget,
  ratio,
  runLoad,
  type Server,
  withDatabase,
  withServer,
} from './support.ts'

const few = 1_000
const rounds = 3

/**
 * The slowest one in a hundred requests of every filter and order that a list has, with few rows and with very many: of two
 * servers in turns, because machines are noisy. Right after the rows were written, before anything is vacuumed.
 */
export const benchLists = (large: number, seconds: number): Promise<void> =>
  withServer((small) =>
    withServer(async (big) => {
      print(`Lists (p99, ${few.toLocaleString('en')} and ${large.toLocaleString('en')} rows of each, just written)`)
      await fill(small, few)
      await fill(big, large)
      for (const [path, filters] of Object.entries(lists)) {
        print(`GET ${path}`)
        for (const [name, body] of Object.entries(filters)) await compare(small, big, { name, path, body }, seconds)
      }
    }),
  )

const fill = async (server: Server, rows: number): Promise<void> => {
  await makeModels(server)
  await withDatabase(server.directory, async (sql) => {
    await copyModels(sql, rows)
    await sql`analyze`
  })
}

type List = { readonly name: string; readonly path: string; readonly body: object }

const compare = async (small: Server, big: Server, { name, path, body }: List, seconds: number): Promise<void> => {
  const list = async ({ port }: Server, length: number): Promise<number> => {
    const asked = `${path}?requestBody=${encodeURIComponent(JSON.stringify(body))}`
    const load = { port, connections: 1, seconds: length, method: 'GET', path: asked, headers }
    const { p99, failures } = await runLoad(load)
    if (failures > 0) printRow(name, `${failures} requests FAILED`)
    return p99
  }
  for (const server of [small, big]) await list(server, seconds / 20)
  const [ofFew, ofMany]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    ofFew.push(await list(small, seconds / 10))
    ofMany.push(await list(big, seconds / 10))
  }
  const both = `${milliseconds(median(ofFew))} and ${milliseconds(median(ofMany))}`
  printTarget(`${name}, ${both}`, medianRatio(ofMany, ofFew), { bound: 'at most', limit: 1.5, show: ratio })
}
