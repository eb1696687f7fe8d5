import type { ModerationCategory } from '@/lib/contract/privacy'

export const CATEGORY_NAMES: Record<ModerationCategory, string> = {
  hate: 'Hate',
  sexual: 'Sexual content',
  violence: 'Violence',
  self_harm: 'Self-harm',
  profanity: 'Profanity',
}

/** Of a flag: a list's category, or `own`. */
export function categoryName(category: string): string {
  const known: Readonly<Record<string, string>> = CATEGORY_NAMES
  return known[category] ?? 'Own word'
}
