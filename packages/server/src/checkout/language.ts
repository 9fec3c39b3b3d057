export type Language = 'ko' | 'en'

/** The page speaks Korean unless it is asked for English; other languages are ignored, as PortOne documents. */
export const languageOf = ({ locale = '' }: { readonly locale?: string | undefined }): Language =>
  /^en/i.test(locale) ? 'en' : 'ko'
