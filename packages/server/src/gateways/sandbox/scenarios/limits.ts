/**
 * What the emulated PGs accept as an order name, as their documentation says, so that a merchant meets a name that is
 * too long in the sandbox and not in production. Korean PGs count bytes of EUC-KR, where Hangul takes two. PGs that cut
 * a long name off instead of refusing it are not listed. Limits on amounts and currencies are left to real contracts:
 * in the sandbox every amount works on every channel.
 */
const limits: Readonly<Record<string, Limit>> = {
  TOSSPAYMENTS: { characters: 100 },
  NICE_V2: { bytes: 40, without: /[%&|$\-+=[\]]/ },
  KCP_V2: { bytes: 100 },
  KSNET: { bytes: 50 },
  SMARTRO_V2: { bytes: 40 },
  KPN: { bytes: 256 },
  KAKAOPAY: { characters: 100 },
  NAVERPAY: { characters: 128 },
  TOSSPAY_V2: { characters: 255, without: /[\\,]/ },
  HYPHEN: { bytes: 1000 },
  PAYPAL_V2: { characters: 127 },
  HECTO_GLOBAL: { bytes: 128 },
}

type Limit = { readonly characters?: number; readonly bytes?: number; readonly without?: RegExp }

/** Whether the PG that this channel stands for would refuse the order name. */
export const breaksLimits = (pgProvider: string, orderName: string): boolean =>
  orderNameProblem(pgProvider, orderName) !== undefined

/** Why the PG that this channel stands for would refuse the order name, as a sentence that begins with the PG. */
export const orderNameProblem = (pgProvider: string, orderName: string): string | undefined => {
  const { characters = Infinity, bytes = Infinity, without } = limits[pgProvider] ?? {}
  const [length, size] = [[...orderName].length, bytesInEucKr(orderName)]
  if (length > characters) return `${pgProvider} takes ${characters} characters at most, and these are ${length}.`
  if (size > bytes)
    return `${pgProvider} takes ${bytes} bytes at most, of which a Korean letter takes two, and these are ${size}.`
  const [unwanted] = without?.exec(orderName) ?? []
  return unwanted === undefined ? undefined : `${pgProvider} takes no ${unwanted} in it.`
}

const bytesInEucKr = (text: string): number => [...text].reduce((sum, each) => sum + (each < '\u0080' ? 1 : 2), 0)
