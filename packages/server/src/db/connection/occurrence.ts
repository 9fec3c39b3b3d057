import type { Socket } from 'node:net'

/** Resolves with what the event brings. Rejects when the socket fails or closes before, which `once` waits out. */
export const occurrence = (
  socket: Socket,
  event: 'connect' | 'data' | 'secureConnect',
  server: string,
): Promise<unknown> => {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const closed = (): void => {
    const error = new Error(`The database server ${server} closed the connection while it was being opened.`)
    reject(Object.assign(error, { code: 'ECONNRESET' }))
  }
  socket.once(event, resolve).once('error', reject).once('end', closed).once('close', closed)
  const forget = () => socket.off(event, resolve).off('error', reject).off('end', closed).off('close', closed)
  return promise.finally(forget)
}
