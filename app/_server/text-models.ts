import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import { serverContext } from '@/lib/http/server-context'

/** A model as the pages offer it. */
export interface ModelChoice {
  name: string
  /** The one language that it chats in; null where there are several or none is declared. */
  language: string | null
  /** [source, target] codes of the directions that it declares. */
  directions: readonly (readonly [string, string])[]
}

function choice({ name, card }: Checkpoint): ModelChoice {
  const languages = card?.chat?.languages ?? []
  return { name, language: languages.length === 1 ? (languages[0] ?? null) : null, directions: card?.translation?.directions ?? [] }
}

/** The models that read text, the default one first. AppError model_unavailable or model_not_found where the default model cannot be used. */
export async function textModels(): Promise<readonly ModelChoice[]> {
  const { registry } = serverContext()
  const [standard, all] = await Promise.all([registry.default(), registry.list()])
  const others = all.filter(({ name }) => name !== standard.name)
  return [standard, ...others].filter(({ hasTokenizer }) => hasTokenizer).map(choice)
}
