export type Succeeded = (path: string, method: string, answer: unknown) => void

/** The same client, which tells of each of its functions, and of those of the clients inside it, that succeeded. */
export const recording = <Client extends object>(client: Client, name: string, succeeded: Succeeded): Client =>
  new Proxy(client, {
    get: (target, key, receiver) => {
      const member: unknown = Reflect.get(target, key, receiver)
      const path = `${name}.${String(key)}`
      if (typeof member === 'function')
        return async (...given: readonly unknown[]) => {
          const answer: unknown = await Reflect.apply(member, target, given)
          succeeded(path, String(key), answer)
          return answer
        }
      return typeof member === 'object' && member !== null ? recording(member, path, succeeded) : member
    },
  })

/** Where each method of a client, and of the clients inside it, is found. */
export const pathsOf = (client: object, name: string): readonly string[] =>
  Object.entries(client).flatMap(([key, member]) => {
    if (typeof member === 'function') return [`${name}.${key}`]
    return typeof member === 'object' && member !== null ? pathsOf(member, `${name}.${key}`) : []
  })
