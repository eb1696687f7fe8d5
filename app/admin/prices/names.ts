import type { PriceDirection } from '@/lib/domain/pricing'

export const DIRECTION_NAMES: Record<PriceDirection, string> = {
  prompt: 'Prompt tokens',
  completion: 'Completion tokens',
  characters: 'Characters',
  training: 'Training tokens',
}

export const PRICED_FEATURES: Record<string, string> = {
  chat: 'Chat',
  write: 'Writing',
  completion: 'Completions (API)',
  translate: 'Translation',
  training: 'Training',
}

export function featureName(feature: string): string {
  return PRICED_FEATURES[feature] ?? feature
}

export function modelName(model: string): string {
  return model === '*' ? 'Every model' : model
}

/** Micro-units as a price in currency units: two places, or as many as it needs. */
export function price(micros: bigint): string {
  const places = String(micros % 1_000_000n).padStart(6, '0').replace(/0{1,4}$/u, '')
  return `${(micros / 1_000_000n).toLocaleString('en')}.${places}`
}
