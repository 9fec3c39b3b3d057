/**
 * `npm run crash`: kills the server and PostgreSQL again and again, at random moments under load and at every point
 * between a commit and a gateway's call, and holds what is left against what was acknowledged and against the PG's
 * books. Ends with code 1 where anything is wrong.
 *
 *   npm run crash -- --seed 7     repeats a run's chances
 */
import { parseArgs } from 'node:util'
import { runPayoutKills } from './payouts.ts'
import { runScheduleKills } from './schedules.ts'
import { runCrashes, type Summary } from './suite.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string' }, kills: { type: 'string', default: '30' } },
})
const seed = Number(values.seed ?? Math.floor(performance.timeOrigin) % 1_000_000)
const kills = Number(values.kills)
if (!Number.isInteger(seed) || !Number.isInteger(kills)) {
  process.stderr.write('Give whole numbers: npm run crash -- --seed 7 --kills 30\n')
  process.exit(2)
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`)

const table = (summary: Summary, minutes: number): string => {
  const seconds = (times: readonly number[], share: number): string => {
    const sorted = [...times].sort((one, other) => one - other)
    return `${((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) / 1_000).toFixed(2)} s`
  }
  const rows: readonly (readonly [string, string])[] = [
    ['server kills at random', String(summary.serverKills)],
    ['PostgreSQL kills at random', String(summary.postgresKills)],
    ['server kills around a gateway call', String(summary.points)],
    ['payments begun', String(summary.payments)],
    ['operations acknowledged', String(summary.acknowledged)],
    ['answers repeated and compared', String(summary.replayed)],
    ['in doubt after a kill, and settled', String(summary.inDoubt)],
    [
      'server back, median / longest',
      `${seconds(summary.serverRecovery, 0.5)} / ${seconds(summary.serverRecovery, 1)}`,
    ],
    [
      'PostgreSQL back, median / longest',
      `${seconds(summary.postgresRecovery, 0.5)} / ${seconds(summary.postgresRecovery, 1)}`,
    ],
    ['findings', String(summary.findings.length)],
    ['time', `${minutes.toFixed(1)} min`],
  ]
  return rows.map(([name, value]) => `  ${name.padEnd(38)} ${value}`).join('\n')
}

print(`seed ${seed}`)
const since = performance.now()
const summary = await runCrashes({
  seed,
  serverKills: kills,
  postgresKills: kills,
  calm: [200, 1_500],
  pointRounds: 2,
  report: print,
})
print(`\n${table(summary, (performance.now() - since) / 60_000)}`)
const scheduled = await runScheduleKills({ schedules: 10_000, workers: 8, kills, seed, report: print })
print(
  `  ${scheduled.schedules} schedules on 8 workers, ${scheduled.kills} kills: ${scheduled.charged} charges in ${scheduled.seconds.toFixed(1)} s`,
)
const payouts = await runPayoutKills({ partners: 400, kills, seed, report: print })
print(`  ${payouts.registered} transfers, ${payouts.paid} payouts, ${payouts.kills} kills`)
for (const { findings } of [scheduled, payouts]) {
  if (findings.length === 0) continue
  print(findings.map((finding) => `  - ${finding}`).join('\n'))
  process.exitCode = 1
}
if (summary.findings.length > 0) {
  print(`\n${summary.findings.map((finding) => `  - ${finding}`).join('\n')}`)
  print(`\nThe database and the server's log are in ${summary.directory}. Repeat with --seed ${seed}.`)
  process.exitCode = 1
}
