import { defineConfig } from 'vite'

export default defineConfig({
  base: '/checkout/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    modulePreload: false,
    // Data URLs would need an exception in the page's Content-Security-Policy.
    assetsInlineLimit: 0,
    // The notices of what is bundled, which its licences (MIT) ask for. Served at /checkout/licenses.txt.
    license: { fileName: 'licenses.txt' },
  },
})
