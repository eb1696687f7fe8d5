import { AppError } from '@/lib/contract/errors'
import type { FeatureSwitch } from '@/lib/contract/feature-switch'
import { featureEnabled } from '@/lib/db/feature-switches'

const TURNED_OFF: Record<FeatureSwitch, string> = {
  sign_up: 'New accounts cannot be made at the moment. Ask whoever runs this installation for an invitation.',
  chat: 'Chat is turned off on this installation at the moment.',
  translate: 'Translation is turned off on this installation at the moment.',
  write: 'Writing is turned off on this installation at the moment.',
  documents: 'The translation of documents is turned off on this installation at the moment.',
  public_api: 'The API is turned off on this installation at the moment. The web pages go on working.',
}

/** Throws AppError feature_disabled where the operator has turned it off. */
export async function requireFeature(name: FeatureSwitch): Promise<void> {
  if (!(await featureEnabled(name))) throw new AppError('feature_disabled', TURNED_OFF[name])
}
