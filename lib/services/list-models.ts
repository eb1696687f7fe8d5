import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import type { CheckpointRegistry } from '@/lib/checkpoints/registry'
import { AppError } from '@/lib/contract/errors'
import type { ModelObject } from '@/lib/contract/openai'

/** A checkpoint as the OpenAI-shaped API lists it; the owner is the first part of a name that has two. */
export function modelObject({ name, createdAt }: Checkpoint): ModelObject {
  const [owner, rest] = name.split('/', 2)
  return { id: name, object: 'model', created: Math.floor(createdAt.getTime() / 1000), owned_by: rest === undefined || owner === undefined ? 'parley' : owner }
}

export async function listModels(registry: CheckpointRegistry): Promise<ModelObject[]> {
  return (await registry.list()).map(modelObject)
}

/** The model of that name. Throws AppError model_not_found, or model_unavailable where its files are broken. */
export async function findModel(registry: CheckpointRegistry, name: string): Promise<Checkpoint> {
  const checkpoint = await registry.find(name)
  if (checkpoint === null) throw new AppError('model_not_found', `There is no model '${name}'.`, { param: 'model' })
  return checkpoint
}

/** The model that translates: the default one, if it declares any direction, else the first that does. */
export async function translationModel(registry: CheckpointRegistry): Promise<Checkpoint> {
  const chosen = await registry.default()
  if (chosen.card?.translation !== undefined) return chosen
  const other = (await registry.list()).find(({ card }) => card?.translation !== undefined)
  if (other === undefined) throw new AppError('model_unavailable', 'No installed model declares that it translates.')
  return other
}
