'use client'

import { createContext, use, useState, type ReactNode } from 'react'

/** The languages of the examples, in the order of their tabs. */
export const LANGUAGES = ['curl', 'TypeScript', 'Python'] as const
export type Language = (typeof LANGUAGES)[number]

const Chosen = createContext<{ language: Language; choose: (language: Language) => void }>({ language: 'curl', choose: () => undefined })

/** What is chosen at one example holds for all of the page. */
export function ExampleLanguage({ children }: { children: ReactNode }) {
  const [language, choose] = useState<Language>('curl')
  return <Chosen value={{ language, choose }}>{children}</Chosen>
}

export function useExampleLanguage() {
  return use(Chosen)
}
