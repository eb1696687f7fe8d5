import type { ApiKeyScope } from '@/lib/contract/browser'

/** What a key made here may be used for, in the order in which it is offered. */
export const SCOPE_CHOICES: readonly { scope: ApiKeyScope; name: string; explanation: string }[] = [
  { scope: 'chat', name: 'Chat and completions', explanation: 'Everything under /v1 that generates text' },
  { scope: 'translate', name: 'Translation', explanation: 'Everything under /v2' },
  { scope: 'usage', name: 'Usage', explanation: 'Reading what was used' },
]

export function scopeName(scope: string): string {
  return SCOPE_CHOICES.find((choice) => choice.scope === scope)?.name ?? scope
}
