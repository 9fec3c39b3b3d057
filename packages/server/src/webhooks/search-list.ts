import { cachedFile } from './cached-file.ts'

/** The full names that a name may stand for, the likeliest first. */
export type SearchList = (hostname: string) => readonly string[]

/**
 * What `/etc/resolv.conf` says of short names: Kubernetes gives `shop` and `shop.namespace` their meaning by it.
 * c-ares asks for exactly the name that it is given.
 */
export const readSearchList = (file = '/etc/resolv.conf'): SearchList => {
  const read = cachedFile(file, parseResolvConf)
  return (hostname) => {
    if (hostname.endsWith('.')) return [hostname]
    const { suffixes, ndots } = read() ?? { suffixes: [], ndots: 1 }
    const longer = suffixes.map((suffix) => `${hostname}.${suffix}`)
    const dots = hostname.split('.').length - 1
    return dots >= ndots ? [hostname, ...longer] : [...longer, hostname]
  }
}

/** As resolv.conf(5) has it: the last `search` or `domain` line counts, and `ndots` is 1 unless it is given. */
const parseResolvConf = (text: string): { readonly suffixes: readonly string[]; readonly ndots: number } => {
  let suffixes: readonly string[] = []
  let ndots = 1
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/)
    if (keyword === 'search' || keyword === 'domain') suffixes = values.map((value) => value.replace(/\.$/, ''))
    const given =
      keyword === 'options' ? /^ndots:(\d{1,2})$/.exec(values.find((value) => value.startsWith('ndots:')) ?? '') : null
    if (given) ndots = Number(given[1])
  }
  return { suffixes: suffixes.filter((suffix) => suffix !== ''), ndots }
}
