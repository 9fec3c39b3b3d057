/**
 * Loaded before Node's test runner in a run of all tests. The runner has Node report every promise and every handle to it, so that
 * it knows to which test belongs what happens later, for an eighth of the CPU time of all tests. `AsyncLocalStorage` knows the
 * same for next to nothing: here it is where the runner finds the test that is running, and the reports are not asked for.
 * follow-tests.test.ts compares both. A Node whose runner does without them is left as it is.
 */
import hooks, { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'

const running = new AsyncLocalStorage()
const { createHook, executionAsyncId } = hooks
const { runInAsyncScope } = AsyncResource.prototype

/** The runner's own: it keeps a test under its number. */
let keep

/** The class is not exported: `Test`, and what is derived from it. */
const isTest = (resource) => {
  for (let of = Object.getPrototypeOf(resource); of !== null; of = Object.getPrototypeOf(of))
    if (of.constructor.name === 'Test') return true
  return false
}

// The first hook is the runner's.
hooks.createHook = ({ init }) => {
  keep = init
  hooks.createHook = createHook
  const hook = { enable: () => hook, disable: () => hook }
  return hook
}

AsyncResource.prototype.runInAsyncScope = function (work, itself, ...given) {
  if (keep === undefined || !isTest(this)) return runInAsyncScope.call(this, work, itself, ...given)
  keep(this.asyncId(), 'Test', 0, this)
  // Stored inside of it: a resource brings along what was stored when it was made.
  return runInAsyncScope.call(this, () => running.run(this.asyncId(), () => work.apply(itself, given)))
}

hooks.executionAsyncId = () => running.getStore() ?? executionAsyncId()
