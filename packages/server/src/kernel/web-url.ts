/** Common servers take 8 KB for the line of a request. */
const longest = 8_000

/**
 * Why a URL cannot be called over HTTP; completes "The URL must …". Never repeats the URL, which may hold a password or
 * a token.
 *
 * The one check for every URL that Naru calls later, made where the URL is accepted and again where it is called:
 * anything that only the second of the two refuses is a delivery that fails long after the mistake.
 */
export const webUrlProblem = (text: string): string | undefined => {
  if (text.length > longest) return `have at most ${longest} characters, as receivers refuse longer ones`
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol))
    return 'be an http or https URL, such as https://shop.example/webhook'
  // Refused rather than sent as Basic authorization: the URL is shown with every payment and in every list of webhooks,
  // so the password would be known to all who may read those. A signature proves the sender without a shared password.
  if (url.username !== '' || url.password !== '')
    return 'not contain a user name or password, which everyone who may read payments would see; verify the signature of the webhook instead'
  if (url.port === '0') return 'not name port 0, which nothing can listen on'
  return url.hostname.length > 253 ? 'have a host name of at most 253 characters' : undefined
}
