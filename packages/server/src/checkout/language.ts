export type Language = 'ko' | 'en'

/** In each language of the page. */
export type Words = Readonly<Record<Language, string>>

/**
 * The page speaks Korean where no language is asked for, as PortOne documents. English stands for those that it has not got: who
 * asked for Chinese is more likely to read it than Korean.
 */
export const languageOf = ({ locale = 'KO_KR' }: { readonly locale?: string | undefined }): Language =>
  /^ko/i.test(locale) ? 'ko' : 'en'
