/**
 * What `npm test` runs: one PostgreSQL for the whole run, then Node's test runner.
 *
 *   node scripts/test.ts                                    everything
 *   node scripts/test.ts packages/server/src/a/b.test.ts    these files
 *   node scripts/test.ts --test-name-pattern refund         any option of `node --test`
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { listenForStop } from '../packages/server/src/cli/stop-signals.ts'
import { startTestCluster } from '../packages/server/test/support/cluster.ts'
import { checkAsked } from '../packages/server/test/support/statements/asked.ts'
import { filesOfGroup } from './test-groups.ts'
import { limits } from './test-limits.ts'
import { builtCrashServer, compileCache, writeGroups } from './write-test-groups.ts'

const given = process.argv.slice(2)
const namesFiles = given.some((argument) => existsSync(argument) || /\.test\.m?[jt]s$/.test(argument))

const choosesByName = given.some((word) => /^--test-(name|skip)-pattern/.test(word))

/**
 * Node runs no `after` for suites in which a pattern leaves no test, so that servers which these had started would keep the
 * process alive. Without a pattern, one that does not end is a finding.
 */
const ending = choosesByName ? ['--test-force-exit'] : []

// Whoever reads the output may leave, as in `npm test | head`: what was started is stopped all the same.
process.stdout.on('error', () => undefined)

// First of all: a run that is stopped leaves no PostgreSQL behind, from its first moment on.
const { stop } = listenForStop()
const cluster = await startTestCluster(stop)
try {
  // Three more than there are cores: with two more a run took 375 s instead of 354, and an eighth of two cores' time was idle.
  const processes = availableParallelism() + 3
  const limited = `--test-timeout=${limits.test}`
  const options = ['--test', `--test-concurrency=${processes}`, limited, '--test-reporter=spec', ...ending, ...given]
  // A process that is ended with its first suite is given no second one.
  const groups = namesFiles ? [] : await writeGroups(choosesByName ? 1 : filesOfGroup)
  const followed = namesFiles ? [] : ['--import', import.meta.resolve('./follow-tests.mjs')]
  const runner = spawn(process.execPath, [...followed, ...options, ...groups], {
    stdio: 'inherit',
    env: {
      ...process.env,
      NARU_TEST_DATABASE_URL: cluster.url,
      NARU_TEST_NEW_CLUSTER: cluster.newCluster,
      NODE_COMPILE_CACHE: compileCache,
      ...(namesFiles ? {} : { NARU_TEST_CRASH_SERVER: builtCrashServer }),
    },
  })
  // Ctrl+C reaches the runner by itself, which then prints its summary. We only stay alive to stop PostgreSQL.
  stop.addEventListener('abort', () => stop.reason.message === 'SIGINT' || runner.kill('SIGTERM'))
  const [code] = await once(runner, 'exit')
  process.exitCode = typeof code === 'number' ? code : 1
  if (code !== 0 && !namesFiles && !stop.aborted)
    console.log('For the lines of a source: npm test -- <the file that failed>')
  // Last, what servers have asked PostgreSQL in all these tests.
  if (!stop.aborted && !(await checkAsked(cluster.url, namesFiles || choosesByName ? 'some' : 'all')))
    process.exitCode = 1
} finally {
  await cluster.stop()
}
