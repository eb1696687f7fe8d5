import { LANGUAGES, isLanguage } from '@/lib/contract/languages'

/** A language or a variant of it as a client names it, to the language the models know: `EN-US` to `en`. */
export function baseLanguage(tag: string): string {
  return tag.split('-', 1)[0]?.toLowerCase() ?? ''
}

/** Whether a tag is a language, or one of its variants that Parley knows: `en`, `EN-GB`, not `EN-XX`. */
export function isKnownTarget(tag: string): boolean {
  const language = baseLanguage(tag)
  if (!tag.includes('-') || !isLanguage(language)) return !tag.includes('-')
  return LANGUAGES[language].targets.some((target) => target === tag.toUpperCase())
}

export interface OfferedLanguage {
  /** Upper case. */
  code: string
  name: string
}

/** The source languages of some directions, each once. */
export function offeredSources(directions: readonly (readonly [string, string])[]): OfferedLanguage[] {
  return unique(directions.map(([source]) => source)).map((code) => ({ code: code.toUpperCase(), name: nameOf(code) }))
}

/** The target languages of some directions, in the variants in which they are asked for. */
export function offeredTargets(directions: readonly (readonly [string, string])[]): OfferedLanguage[] {
  return unique(directions.map(([, target]) => target)).flatMap((code) => {
    if (!isLanguage(code)) return [{ code: code.toUpperCase(), name: nameOf(code) }]
    const { targets } = LANGUAGES[code]
    return targets.map((target) => ({ code: target, name: targets.length === 1 ? nameOf(code) : regionalName(target) }))
  })
}

function unique(codes: readonly string[]): string[] {
  return [...new Set(codes)].sort()
}

function nameOf(code: string): string {
  return isLanguage(code) ? LANGUAGES[code].name : code.toUpperCase()
}

function regionalName(target: string): string {
  const names = new Intl.DisplayNames('en', { type: 'language', languageDisplay: 'standard' })
  return names.of(target) ?? target
}
