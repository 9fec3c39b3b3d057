import { isIP } from 'node:net'

/**
 * Whether a request's Host names this server, for what can be read without a credential. A page on the internet can have
 * a browser read from a server in its user's network, by giving its own name the server's address (DNS rebinding); but
 * the browser then says the page's name. An address is never such a name, and one without a dot is nobody's on the
 * internet: `localhost`, and the names by which containers find each other.
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
