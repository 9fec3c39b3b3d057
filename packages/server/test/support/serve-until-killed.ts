/** Starts the embedded database and claims it as a server does, says so, and stays until it is killed. */
import { claimServing, startEmbedded } from '../../src/db/embedded/embedded.ts'

const [dataDirectory = ''] = process.argv.slice(2)
const database = await startEmbedded({ dataDirectory })
await claimServing(database.url, dataDirectory)
process.stdout.write('serving\n')
setInterval(() => {}, 60_000)
