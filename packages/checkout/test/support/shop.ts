import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'

/** A merchant's site: one page with the npm package as it is published, also with the headers of helmet, and a page to return to. */
export type Shop = AsyncDisposable & { readonly url: string }

const require = createRequire(import.meta.url)
const npmPackage = readFileSync(join(dirname(require.resolve('@portone/browser-sdk/v2')), 'v2.js'))

export const startShop = async (naruUrl: string): Promise<Shop> => {
  const server = createServer((request, response) => {
    const [path] = (request.url ?? '').split('?')
    if (path === '/portone.js') return void response.setHeader('content-type', 'text/javascript').end(npmPackage)
    response.setHeader('content-type', 'text/html; charset=utf-8')
    if (path === '/isolated') response.setHeader('cross-origin-opener-policy', 'same-origin')
    // Kept by the browser for its back button, as most pages are.
    response.end(
      path === '/done' ? donePage : path === '/other' ? '<title>Other</title>' : shopPage(pointed(path, naruUrl)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

type Pointed = { readonly head?: string; readonly imports?: string; readonly setUp?: string }

/** How a page finds Naru. Usually by its script before the shop's own, which leaves the shop unchanged. */
const pointed = (path: string | undefined, naruUrl: string): Pointed => {
  const [script, module] = [`${naruUrl}/v2/browser-sdk.js`, `${naruUrl}/v2/browser-sdk.esm.js`]
  const vendor = 'https://cdn.portone.io/v2/browser-sdk.esm.js'
  switch (path) {
    case '/module':
      return { imports: `import '${module}'; import * as PortOne from '/portone.js'` }
    case '/import-map':
      return {
        head: `<script type="importmap">${JSON.stringify({ imports: { [vendor]: module } })}</script>`,
        imports: `import * as Module from '${vendor}'; import * as Guards from '/portone.js'; const PortOne = { ...Guards, ...Module }`,
      }
    case '/set-url':
      return { setUp: `PortOne.__INTERNAL__setPortOneSdkUrl('${script}')` }
    case '/untouched':
      return {}
    default:
      return { head: `<script src="${script}"></script>` }
  }
}

const shopPage = ({
  head = '',
  imports = "import * as PortOne from '/portone.js'",
  setUp = '',
}: Pointed): string => `<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><title>Shop</title><meta name="viewport" content="width=device-width, initial-scale=1">
${head}</head>
<body style="font-family: sans-serif; padding: 40px"><h1>나루 상점</h1><p>맛있는 귤 한 상자 50,000원</p>
<button id="pay">주문하기</button> <a href="/other">Other</a>
<div class="portone-ui-container"></div>
<script type="module">
  ${imports}
  ${setUp}
  window.shop = { PortOne, asked: undefined, results: [] }
  const settle = (promise) =>
    promise.then((value) => ({ value }), (error) => ({
      error: { ...error },
      isTyped: PortOne.isPortOneError(error),
      isPaymentError: PortOne.isPaymentError(error) && error instanceof PortOne.PaymentError,
    })).then((outcome) => (shop.results.push(outcome), outcome))
  shop.settle = settle
  document.getElementById('pay').addEventListener('click', () => {
    const [name, request] = shop.asked
    shop.outcome = settle(PortOne[name](request))
  })
</script></body></html>`

const donePage = '<!doctype html><title>Done</title><h1>Done</h1>'
