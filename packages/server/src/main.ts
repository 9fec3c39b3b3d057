import { Command, Option } from 'commander'
import { addCheckout } from './cli/checkout.ts'
import { addInspection } from './cli/inspection.ts'
import { addPayout } from './cli/payout.ts'
import { addPlatform } from './cli/platform.ts'
import { addPromotions } from './cli/promotions.ts'
import { addPrune } from './cli/prune.ts'
import { addReconciliation } from './cli/reconciliation.ts'
import { addSetup } from './cli/setup.ts'
import { listenForStop } from './cli/stop-signals.ts'
import { explainUsage, helpFormat } from './cli/usage.ts'
import { ConfigurationError, readConfiguration } from './configuration.ts'
import { textWithReason, troubleOf } from './db/trouble.ts'
import { codeOf } from './kernel/error-code.ts'
import { SetupError } from './merchants/setup-error.ts'
import { version } from './version.ts'

/** `serve` takes no options: what it can be told is the same in a container, in CI and in a terminal. */
const serverSettings = `
It is set up by environment variables, such as:
  PORT            the port; 8686 without it
  HOST            the address to listen on; 127.0.0.1 without it
  NARU_DATA_DIR   where data lies; .naru here without it
  DATABASE_URL    a PostgreSQL of your own instead of the embedded one
The README has all of them.`

const program = new Command('naru')
  .description('A self-hosted payment server that speaks the PortOne V2 REST API.')
  .version(version)
  .configureHelp(helpFormat)

program
  .command('serve')
  .description('start the server; so does no command at all')
  .addHelpText('after', serverSettings)
  .action(async () => {
    const configuration = readConfiguration(process.env)
    // First of all: a signal during the start must not leave a half-started PostgreSQL behind.
    const signals = listenForStop()
    const [{ createLog }, { serve }] = await Promise.all([import('./cli/log.ts'), import('./cli/serve.ts')])
    await serve(configuration, await createLog(configuration.logLevel), signals)
  })

program
  .command('openapi')
  .description('print the OpenAPI document')
  .addOption(new Option('--server <url>', 'the server URL to name in it'))
  .action(async ({ server }: { server?: string }) => {
    const { openApiDocument } = await import('@naru/contract')
    const document = openApiDocument(server === undefined ? {} : { serverUrl: server })
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
  })

addInspection(program)
addPrune(program)
addSetup(program)
addCheckout(program)
addPromotions(program)
addPlatform(program)
addPayout(program)
addReconciliation(program)
explainUsage(program)

/** What whoever runs the command can mend is said in a sentence; the rest is a bug and shows where it is. */
const explain = (error: unknown): string => {
  if (error instanceof ConfigurationError || error instanceof SetupError) return error.message
  if (!(error instanceof Error)) return String(error)
  if (process.env.NARU_LOG_LEVEL === 'debug') return error.stack ?? ''
  const trouble = troubleOf(error)
  return trouble === undefined ? error.message : textWithReason(trouble, error)
}

// Whoever read along is gone (`| head`, a closed terminal); what there is to do is done all the same. But a secret that was
// meant for a full disk is lost, and whoever wants it must hear of that.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => {
    if (['EPIPE', 'EIO'].includes(codeOf(error) ?? '')) return
    process.exitCode = 1
    if (stream === process.stdout)
      process.stderr.write(`\nnaru: The output could not be written: ${error.message}. What was done stays done.\n`)
  })

/** Without a command the server is started: it is what almost everybody wants of `npx naru`. */
const words = process.argv.slice(2)

try {
  await program.parseAsync(words.length === 0 ? ['serve'] : words, { from: 'user' })
} catch (error) {
  process.stderr.write(`\nnaru: ${explain(error)}\n`)
  process.exitCode = 1
}
// Whatever may still be open must not keep the process alive: it has said its last word.
// Errors of the last output are told a moment after it.
process.stdout.write('', () => setImmediate(() => process.exit()))
