import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Requests whose answers have not been written in full, by the connection that they came on. */
const owed = new WeakMap<Socket, Set<ServerResponse>>()

/** A request has begun: its connection owes it an answer. */
export const owe = (socket: Socket, response: ServerResponse): void => {
  const all = owed.get(socket) ?? new Set()
  owed.set(socket, all.add(response))
  response.once('close', () => all.delete(response))
}

/**
 * Ends the connection once it has answered what it owes; false where it owes nothing. What is wrong with the bytes behind a
 * request must not be answered in its place: a payment that is being made would read as refused.
 */
export const endWhenAnswered = (socket: Socket): boolean => {
  const all = owed.get(socket)
  if (all === undefined || all.size === 0) return false
  for (const response of all) {
    if (!response.headersSent) response.setHeader('connection', 'close')
    response.once('close', () => {
      if (all.size === 0) socket.destroySoon()
    })
  }
  return true
}
