import type { SessionPage } from '@naru/contract'

/** The browser's language, if it is one of ours. */
export const preferredLanguage = (): SessionPage['language'] | undefined => {
  const [preferred = ''] = navigator.language.toLowerCase().split('-')
  return preferred === 'ko' || preferred === 'en' ? preferred : undefined
}
