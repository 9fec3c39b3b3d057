import { type Logger, pino } from 'pino'
import type { LogLevel } from '../configuration.ts'
import { redactDeep } from '../kernel/redact.ts'

/** Secrets are never written, and of a card number, wherever it stands, only what may be kept of it. */
export const logOptions = (level: LogLevel) => ({
  level,
  base: null,
  redact: ['req.headers.authorization', '*.apiSecret', '*.credential'],
  serializers: { err: (error: Error) => redactDeep({ ...pino.stdSerializers.err(error) }) },
  formatters: { log: redactFields },
})

const redactFields = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redactDeep(value)]))

/** Lines for people in a terminal, JSON for machines elsewhere. */
export const createLog = async (level: LogLevel): Promise<Logger> => {
  const options = logOptions(level)
  if (!process.stdout.isTTY) return pino(options)
  const { default: pretty } = await import('pino-pretty')
  return pino(options, pretty({ translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname', singleLine: true, sync: true }))
}
