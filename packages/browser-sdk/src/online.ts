/** Until the browser says that it is connected, or for a moment where it does not know. */
export const online = (): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      removeEventListener('online', done)
      resolve()
    }
    const timer = setTimeout(done, 1_500)
    addEventListener('online', done)
  })
