/** The page speaks Korean unless it is asked for English; other languages are ignored, as PortOne documents. */
export const languageOf = ({ locale = '' }: { readonly locale?: string | undefined }): 'ko' | 'en' =>
  /^en/i.test(locale) ? 'en' : 'ko'
