import { type Logger, pino } from 'pino'
import type { LogLevel } from '../configuration.ts'

/** Lines for people in a terminal, JSON for machines elsewhere. What could be a secret is never written. */
export const createLog = async (level: LogLevel): Promise<Logger> => {
  const options = { level, base: null, redact: ['req.headers.authorization', '*.apiSecret', '*.credential'] }
  if (!process.stdout.isTTY) return pino(options)
  const { default: pretty } = await import('pino-pretty')
  return pino(options, pretty({ translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname', singleLine: true, sync: true }))
}
