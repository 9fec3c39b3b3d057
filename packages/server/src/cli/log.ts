import { type LogFn, type Logger, pino } from 'pino'
import type { LogLevel } from '../configuration.ts'
import { redactDeep } from '../kernel/redact.ts'

/** Secrets are never logged, and card numbers only masked. */
export const logOptions = (level: LogLevel) => ({
  level,
  base: null,
  redact: ['req.headers.authorization', '*.apiSecret', '*.credential'],
  serializers: { err: (error: Error) => redactDeep({ ...pino.stdSerializers.err(error) }) },
  formatters: { log: redactFields },
})

const redactFields = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redactDeep(value)]))

/** Readable lines in a terminal, JSON elsewhere. */
export const createLog = async (level: LogLevel): Promise<Logger> => {
  const options = logOptions(level)
  if (!process.stdout.isTTY) return pino(options)
  const { default: pretty } = await import('pino-pretty')
  return pino(
    { ...options, hooks: { logMethod: unlessListening } },
    pretty({ translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname', singleLine: true, sync: true }),
  )
}

/** The banner of a terminal says where the server listens. Fastify cannot be kept from saying it too, once for each address. */
const unlessListening = function (this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [text]: readonly unknown[] = args
  if (typeof text !== 'string' || !text.startsWith('Server listening at ')) method.apply(this, args)
}
