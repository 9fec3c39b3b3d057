import { setImmediate } from 'node:timers/promises'

/** After so many characters other requests get a turn: some milliseconds of the server. */
const slice = 256 * 1024

/** More than anybody reads at once, and less than what a server cannot hold. */
const longest = 128 * 1024 * 1024

/** A list as JSON, made in slices. Returns nothing if it is beyond 128 MiB. */
export const listText = async (body: object): Promise<string | undefined> => {
  const fields: string[] = []
  for (const [name, value] of Object.entries(body)) {
    const text: string | undefined = Array.isArray(value) ? await arrayText(value) : JSON.stringify(value)
    if (Array.isArray(value) && text === undefined) return undefined
    if (text !== undefined) fields.push(`${JSON.stringify(name)}:${text}`)
  }
  return `{${fields.join(',')}}`
}

const arrayText = async (items: readonly unknown[]): Promise<string | undefined> => {
  const texts: string[] = []
  let length = 0
  let sliced = 0
  for (const item of items) {
    const text = JSON.stringify(item) ?? 'null'
    texts.push(text)
    length += text.length
    if (length > longest) return undefined
    if (length - sliced < slice) continue
    sliced = length
    await setImmediate()
  }
  return `[${texts.join(',')}]`
}
