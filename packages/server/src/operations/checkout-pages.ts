import { existsSync, readFileSync } from 'node:fs'
import type { WindowOpening } from '@naru/contract'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Found, findByToken } from '../checkout/find.ts'
import type { CheckoutParts } from '../checkout/parts.ts'
import { findSession } from '../checkout/sessions/session.ts'
import { asset, readAssets, sendAsset } from '../http/assets.ts'
import { ownOrigin } from '../http/own-origin.ts'
import { built } from './built.ts'

type Parts = { readonly checkout: CheckoutParts; readonly publicUrl: string | undefined }

/** What the builds leave for us to fill in: our own origin. */
const originPlaceholder = '__NARU_PUBLIC_URL__'

/** Serves the script that shops load, and the page that it opens. */
export const serveCheckoutPages = (app: FastifyInstance, parts: Parts): void => {
  const [sdk, page] = [built('browser-sdk'), built('checkout')]
  if (!existsSync(`${sdk}browser-sdk.js`) || !existsSync(`${page}index.html`))
    throw new Error("The checkout's pages are not built. Run: npm run build")
  for (const name of ['browser-sdk.js', 'browser-sdk.esm.js']) serveScript(app, `${sdk}${name}`, name, parts)
  servePage(app, page, parts)
}

/** The script says by itself where its server is: `currentScript` names the vendor's CDN where requests are intercepted. */
const serveScript = (app: FastifyInstance, file: string, name: string, { publicUrl }: Parts): void => {
  const text = readFileSync(file, 'utf8')
  const scriptFor = (origin: string) => asset(name, Buffer.from(text.replaceAll(originPlaceholder, origin)))
  const configured = publicUrl === undefined ? undefined : scriptFor(publicUrl)
  app.get(`/v2/${name}`, (request, reply) => {
    reply
      .header('cache-control', 'public, max-age=300')
      .header('access-control-allow-origin', '*')
      // Shops that isolate themselves (COEP) load it too.
      .header('cross-origin-resource-policy', 'cross-origin')
    return sendAsset(request, reply, configured ?? scriptFor(ownOrigin(request, publicUrl)))
  })
}

const servePage = (app: FastifyInstance, directory: string, { checkout }: Parts): void => {
  const assets = readAssets(`${directory}assets`)
  const html = asset('index.html', readFileSync(`${directory}index.html`))
  const licenses = asset('licenses.txt', readFileSync(`${directory}licenses.txt`))
  app.get('/checkout/licenses.txt', (request, reply) => {
    reply.header('cache-control', 'public, max-age=300')
    return sendAsset(request, reply, licenses)
  })
  app.get<{ Params: { name: string } }>('/checkout/assets/:name', (request, reply) => {
    const found = assets.get(request.params.name)
    if (!found) return reply.callNotFound()
    reply.header('cache-control', 'public, max-age=31536000, immutable')
    return sendAsset(request, reply, found)
  })
  app.get<{ Params: { id: string } }>('/checkout/sessions/:id', async (request, reply) => {
    const session = await findSession(checkout, request.params.id)
    protectPage(reply, undefined, { imageUrl: session?.content.orderImageUrl })
    return sendAsset(request, reply.code(session ? 200 : 404), html)
  })
  app.get<{ Params: { token: string } }>('/checkout/:token', async (request, reply) => {
    const found = await findByToken(checkout, request.params.token)
    protectPage(reply, found)
    return sendAsset(request, reply.code(found ? 200 : 404), html)
  })
  // Shoppers come by links that mail programs break. What scripts ask for is told in JSON.
  for (const path of ['/checkout', '/checkout/*'])
    app.get(path, (request, reply) => {
      if (/^\/checkout\/(v1|assets)\//.test(request.url)) return reply.callNotFound()
      protectPage(reply, undefined)
      return sendAsset(request, reply.code(404), html)
    })
}

/**
 * The page takes card numbers: it runs nothing but its own script, speaks to nobody but us, tells nobody its address, and
 * is shown in no frame but the shop's.
 */
export const protectPage = (reply: FastifyReply, found: Found | undefined, needs: Needs = {}): void => {
  const { imageUrl, sendsAnywhere = false } = needs
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    `img-src 'self' data: ${imageUrl === undefined ? '' : sourceOf(imageUrl)}`.trimEnd(),
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    ...(sendsAnywhere ? ["script-src 'self'"] : pgPolicy(found?.attempt.pgWindow?.opening)),
    `frame-ancestors ${frameAncestors(found)}`,
  ]
  reply
    .header('content-security-policy', policy.join('; '))
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()')
}

/** What a page needs beside what is our own. */
type Needs = {
  readonly imageUrl?: string | undefined
  /**
   * The form that opens a PG's window is all that the page has. Browsers hold `form-action` against every address that the PG sends
   * them on to as well, and those only the PG knows.
   */
  readonly sendsAnywhere?: boolean
}

/**
 * What a PG's own window needs in our page: its script, the frame that this shows and the return that it sends. There is no
 * card form in such a page. Only what our own server prepared names the PG.
 */
const pgPolicy = (opening: WindowOpening | undefined): readonly string[] => {
  const own = ["script-src 'self'", "form-action 'none'"]
  if (!opening) return own
  switch (opening.kind) {
    case 'REDIRECT':
    case 'FORM':
      return own
    case 'SCRIPT': {
      const source = sourceOf(opening.src)
      return [`script-src 'self' ${source}`, `frame-src ${source}`, "form-action 'self'"]
    }
  }
}

/** The sandbox PG's pages are served by us, by a path alone. */
const sourceOf = (address: string): string => URL.parse(address)?.origin ?? "'self'"

/** A page without an origin (a file, a sandboxed frame) cannot be named: only test shops may be such pages. */
const frameAncestors = (found: Found | undefined): string => {
  if (found?.attempt.surroundings.mode !== 'IFRAME') return "'none'"
  const { shopOrigin } = found.attempt.surroundings
  return shopOrigin ?? (found.store.mode === 'SANDBOX' ? '*' : "'none'")
}
