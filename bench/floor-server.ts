/** Fastify with one answer. Requests are parsed as JSON, as Naru does it. */
import fastify from 'fastify'

const [port = '0', body = '{}'] = process.argv.slice(2)
const app = fastify()
app.get('/readyz', () => ({}))
app.post('/payments/:paymentId/:way', (_request, reply) => reply.type('application/json').send(body))
await app.listen({ port: Number(port), host: '127.0.0.1' })
