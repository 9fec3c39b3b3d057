import { isIP } from 'node:net'

/**
 * Whether a request's Host is this server's, for what can be read without a credential. By giving its own name the server's
 * address (DNS rebinding), a page on the internet can make a browser read from a server in the user's network, but the Host
 * is then the page's name. An address is never such a name, nor is a name without a dot: `localhost`, and the names by which
 * containers find each other.
 */
export const createKnownHosts = (names: readonly string[]): ((host: string | undefined) => boolean) => {
  const known = new Set(names.map((name) => name.toLowerCase()))
  return (host) => {
    // Only HTTP/1.0 leaves it out, and no browser speaks that.
    if (host === undefined) return true
    const name = URL.parse(`http://${host}`)?.hostname.replace(/^\[|\]$|\.$/g, '')
    if (name === undefined) return false
    return isIP(name) !== 0 || !name.includes('.') || name.endsWith('.localhost') || known.has(name)
  }
}
