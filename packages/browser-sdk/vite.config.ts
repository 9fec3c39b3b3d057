import { defineConfig } from 'vite'

/**
 * Two files of one source: a classic script that defines `window.PortOne` while it is evaluated, which is what the npm
 * package waits for, and a module. Built one after the other, since a classic script can have one entry only.
 */
export default defineConfig(({ mode }) => ({
  publicDir: false,
  build: {
    target: 'es2020',
    emptyOutDir: false,
    // Vite leaves the spaces in a module, for whoever bundles it; this one is loaded as it is.
    rolldownOptions: { output: { minify: true } },
    lib:
      mode === 'esm'
        ? { entry: 'src/module.ts', formats: ['es'], fileName: () => 'browser-sdk.esm.js' }
        : { entry: 'src/script.ts', formats: ['iife'], name: 'NaruBrowserSdk', fileName: () => 'browser-sdk.js' },
  },
}))
