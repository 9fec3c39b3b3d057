#!/usr/bin/env -S node --max-semi-space-size=16
// What `npx naru` runs, under whatever Node there is: the server, under one that is new enough.
import { spawn } from 'node:child_process'
import process from 'node:process'
import { nodeForServer, serverProgram, youngGeneration } from './node.ts'

/** As a child with a channel, whose end tells the server that we are gone, even where we were killed. */
const runUnder = (node: string): void => {
  const child = spawn(node, [youngGeneration, serverProgram, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}

try {
  const node = nodeForServer()
  if (node === process.execPath) await import(serverProgram)
  else runUnder(node)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
