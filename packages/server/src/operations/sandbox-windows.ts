import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Challenge } from '../gateways/port/window.ts'
import type { SandboxWindow } from '../gateways/sandbox/books/windows.ts'
import type { SandboxParts } from '../gateways/sandbox/parts.ts'
import { stepInWindow, windowOfId, windowPath, windowScriptPath } from '../gateways/sandbox/pg-window.ts'
import { stepOf, type Typed } from '../gateways/sandbox/window-fields.ts'
import { goingBack, windowPage } from '../gateways/sandbox/window-page.ts'
import { formFields } from '../http/form.ts'
import { type StoreClock, storeTime } from '../kernel/clock.ts'
import { randomToken } from '../kernel/ids.ts'

type Parts = {
  readonly sandbox: SandboxParts
  readonly clockOf: (storeId: string) => Promise<StoreClock>
}

const script = readFileSync(new URL('../gateways/sandbox/window-script.js', import.meta.url))

/**
 * Serves the window that the sandbox PG brings itself. Its pages are of another origin than ours, as a real PG's are: their
 * security policy takes ours away from them.
 */
export const serveSandboxWindows = (app: FastifyInstance, { sandbox, clockOf }: Parts): void => {
  app.get(windowScriptPath, (_request, reply) => reply.type('text/javascript; charset=utf-8').send(script))

  app.get<{ Params: { id: string } }>(`${windowPath}:id`, async ({ params }, reply) => {
    const window = await windowOfId(sandbox, params.id)
    return window ? show(reply, window) : reply.callNotFound()
  })

  app.post<{ Params: { id: string } }>(`${windowPath}:id`, async (request, reply) => {
    const window = await windowOfId(sandbox, request.params.id)
    if (!window) return reply.callNotFound()
    const fields = formFields(request)
    // Our page opens it by a form.
    if (fields.step === 'open') return show(reply, window)
    const clock = await clockOf(window.storeId)
    const step = stepOf(window.contents.order, fields, storeTime(clock))
    const stepped = await stepInWindow(sandbox, window, step, clock)
    return show(reply, stepped.window, stepped.challenge, fields)
  })
}

/** The form, or once the shopper is through the way back. */
const show = (reply: FastifyReply, window: SandboxWindow, challenge?: Challenge, typed: Typed = {}) => {
  const nonce = randomToken(16)
  reply
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
  reply.header(
    'content-security-policy',
    [
      'sandbox allow-forms allow-scripts',
      "default-src 'none'",
      `style-src 'nonce-${nonce}'`,
      `script-src 'nonce-${nonce}'`,
      `frame-ancestors ${window.contents.order.framedBy?.join(' ') ?? '*'}`,
    ].join('; '),
  )
  reply.type('text/html; charset=utf-8')
  if (window.state === 'OPEN') return reply.send(windowPage(window, challenge, nonce, typed))
  const back = goingBack(window, nonce)
  return back.kind === 'location' ? reply.code(303).header('location', back.url).send() : reply.send(back.html)
}
