import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

/** What a name is answered: IPv4 addresses, `unknown` for "no such name", or `dead` for nothing at all. */
export type Zone = Readonly<Record<string, readonly string[] | 'unknown' | 'dead'>>

export type DnsServer = AsyncDisposable & { readonly address: string; readonly asked: readonly string[] }

/** A DNS server on a port of 127.0.0.1. Names outside the zone are unknown; for IPv6 it has no addresses. */
export const startDnsServer = async (zone: Zone): Promise<DnsServer> => {
  const asked: string[] = []
  const socket: Socket = createSocket('udp4')
  socket.on('message', (query, { address, port }) => {
    const { name, end, type } = questionOf(query)
    if (type === typeA) asked.push(name)
    const found = zone[name] ?? 'unknown'
    if (found === 'dead') return
    const addresses = found === 'unknown' || type !== typeA ? [] : found
    socket.send(answer(query.subarray(0, end), addresses, found === 'unknown'), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}

const typeA = 1

/** RFC 1035: twelve bytes of header, then labels with their lengths before them, a zero, type and class. */
const questionOf = (query: Buffer): { name: string; end: number; type: number } => {
  const labels: string[] = []
  let place = 12
  for (let length = query.readUInt8(place); length > 0; length = query.readUInt8(place)) {
    labels.push(query.toString('latin1', place + 1, place + 1 + length))
    place += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), end: place + 5, type: query.readUInt16BE(place + 1) }
}

const answer = (question: Buffer, addresses: readonly string[], isUnknown: boolean): Buffer => {
  const header = Buffer.from(question)
  header.writeUInt16BE(isUnknown ? 0x8183 : 0x8180, 2)
  header.writeUInt16BE(addresses.length, 6)
  header.writeUInt32BE(0, 8)
  const records = addresses.map((address) =>
    Buffer.from([0xc0, 12, 0, typeA, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)]),
  )
  return Buffer.concat([header, ...records])
}
