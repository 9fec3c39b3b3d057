#!/usr/bin/env -S node --max-semi-space-size=16
// Plain JavaScript, so that a Node too old to run TypeScript can still say so. Modules are imported whole: a name that an
// old Node's module lacks, such as enableCompileCache before 22.8, is a syntax error that comes before any line runs.
import module from 'node:module'
import process from 'node:process'
import v8 from 'node:v8'
import * as program from './program.js'

if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(`naru needs Node 24 or newer; this is ${process.version}. \`npm start\` brings its own.\n`)
  process.exit(1)
}
// What has grown old may double before it is collected. V8 would let it grow to the fourfold, and keeps what it has
// freed for as long as the server is busy. Here rather than in the lines that start a server: V8 reads it with each collection.
v8.setFlagsFromString('--heap-growing-percent=100')
// Keeps what was compiled between starts.
module.enableCompileCache()
await import(program.programUnder(new URL('../../', import.meta.url)).href)
