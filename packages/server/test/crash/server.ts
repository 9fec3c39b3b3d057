/**
 * The server that the crash tests kill: the real one, but for a gateway and a bank that can be told to end the process
 * right before one of their calls, or right after. Its parent speaks to it over the process channel.
 */
import { readFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { pino } from 'pino'
import { readConfiguration } from '../../src/configuration.ts'
import type { Gateway } from '../../src/gateways/port/gateway.ts'
import type { PayoutBank } from '../../src/gateways/port/payout.ts'
import type { EffectContext } from '../../src/gateways/port/terms.ts'
import { startServer } from '../../src/server.ts'
import type { CrashPoint, Ready, Trap } from './naru.ts'

let armed: Trap | undefined

/** SIGKILL: nothing is flushed, closed or said, as when the power fails. Once only. */
const reach = (point: CrashPoint): void => {
  if (armed?.point !== point) return
  const { victim } = armed
  armed = undefined
  process.kill(victim === 'server' ? process.pid : postmaster(), 'SIGKILL')
  process.send?.('reached')
}

const postmaster = (): number =>
  Number(readFileSync(join(place.clusterDirectory, 'postmaster.pid'), 'utf8').split('\n')[0])

type Call<Rest extends readonly unknown[], Result> = (context: EffectContext, ...rest: Rest) => Promise<Result>

/** The PG does what it is asked to as often as it is asked: a call that is repeated and should not be shows in its books. */
const forgetful = ({ channel, ...context }: EffectContext): EffectContext => ({
  ...context,
  channel: { ...channel, credentials: { idempotency: 'none' } },
})

const deadly =
  <Rest extends readonly unknown[], Result>(name: keyof Gateway, call: Call<Rest, Result>): Call<Rest, Result> =>
  async (context, ...rest) => {
    reach(`before ${name}`)
    const result = await call(forgetful(context), ...rest)
    reach(`after ${name}`)
    return result
  }

const aroundGateway = (gateway: Gateway): Gateway => ({
  ...gateway,
  authorize: deadly('authorize', gateway.authorize),
  approve: deadly('approve', gateway.approve),
  issueVirtualAccount: deadly('issueVirtualAccount', gateway.issueVirtualAccount),
  closeVirtualAccount: deadly('closeVirtualAccount', gateway.closeVirtualAccount),
  capture: deadly('capture', gateway.capture),
  cancel: deadly('cancel', gateway.cancel),
  stopCancellation: deadly('stopCancellation', gateway.stopCancellation),
  issueBillingKey: deadly('issueBillingKey', gateway.issueBillingKey),
  chargeBillingKey: deadly('chargeBillingKey', gateway.chargeBillingKey),
  deleteBillingKey: deadly('deleteBillingKey', gateway.deleteBillingKey),
  issueCashReceipt: deadly('issueCashReceipt', gateway.issueCashReceipt),
  cancelCashReceipt: deadly('cancelCashReceipt', gateway.cancelCashReceipt),
})

/** The sandbox bank knows no idempotency as it is. */
const aroundBank = (bank: PayoutBank): PayoutBank => ({
  ...bank,
  transfer: async (context, wanted) => {
    reach('before transfer')
    const result = await bank.transfer(context, wanted)
    reach('after transfer')
    return result
  },
  inquireTransfer: async (context) => {
    reach('before inquireTransfer')
    const result = await bank.inquireTransfer(context)
    reach('after inquireTransfer')
    return result
  },
})

const server = await startServer(readConfiguration(process.env), {
  log: pino({ level: 'warn' }),
  aroundGateway,
  aroundBank,
})

process.on('message', (trap: Trap | 'disarm') => {
  armed = trap === 'disarm' ? undefined : trap
  process.send?.('armed')
})
process.once('SIGTERM', async () => {
  await server.close()
  process.exit(0)
})
// A test run that is gone must not leave servers behind.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))

const [place] = await server.sql<[Pick<Ready, 'clusterDirectory' | 'socketDirectory'>]>`
  select current_setting('data_directory') as "clusterDirectory",
         current_setting('unix_socket_directories') as "socketDirectory"`
flushCompileCache()
process.send?.({ url: server.url, ...place } satisfies Ready)
