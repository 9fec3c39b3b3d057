/** Common servers take 8 KB for the line of a request. */
const longest = 8_000

/**
 * Whether a web address says by itself where it leads. `https:shop.example` and `https:\\shop.example` are read as a host by browsers
 * and as a path by others; and browsers skip tabs and line breaks, which others do not.
 */
export const isWrittenInFull = (text: string): boolean =>
  /^https?:\/\/[^/?#\\\s\p{Cc}]+([/?#][^\p{Cc}]*)?$/iu.test(text)

/**
 * Why a URL cannot be a web address that is given to us; completes "The URL must …". Never repeats the URL, which may hold a
 * password or a token. The one check for every URL that Naru calls or shows later, made where it is accepted.
 */
export const webUrlProblem = (text: string, example = webhookExample): string | undefined =>
  callProblem(text, example) ?? (isWrittenInFull(text) ? undefined : `${beWebUrl(example)}, written in full`)

const webhookExample = 'https://shop.example/webhook'

const beWebUrl = (example: string): string => `be an http or https URL, such as ${example}`

/**
 * As `webUrlProblem`, where the URL is called: whatever only this refuses is a delivery that fails long after the mistake. URLs that
 * were accepted before they had to be written in full are called as ever.
 */
export const callProblem = (text: string, example = webhookExample): string | undefined => {
  if (text.length > longest) return `have at most ${longest} characters, as receivers refuse longer ones`
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return beWebUrl(example)
  // Refused rather than sent as Basic authorization: the URL is shown with every payment and in every list of webhooks,
  // so the password would be known to all who may read those. A signature proves the sender without a shared password.
  if (url.username !== '' || url.password !== '')
    return 'not contain a user name or password, which everyone who may read payments would see; verify the signature of the webhook instead'
  if (url.port === '0') return 'not name port 0, which nothing can listen on'
  return url.hostname.length > 253 ? 'have a host name of at most 253 characters' : undefined
}
