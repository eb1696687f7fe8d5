/** The languages Parley can name; which of them a model translates stands in its card. */
export const LANGUAGES = {
  en: { name: 'English', targets: ['EN-US', 'EN-GB'] },
  fr: { name: 'French', targets: ['FR'] },
  de: { name: 'German', targets: ['DE'] },
  es: { name: 'Spanish', targets: ['ES'] },
  zh: { name: 'Chinese', targets: ['ZH'] },
  pt: { name: 'Portuguese', targets: ['PT-BR', 'PT-PT'] },
  it: { name: 'Italian', targets: ['IT'] },
  nl: { name: 'Dutch', targets: ['NL'] },
} as const

export type Language = keyof typeof LANGUAGES

export function isLanguage(code: string): code is Language {
  return Object.hasOwn(LANGUAGES, code)
}
