import { AppError } from '@/lib/contract/errors'
import type { WorkerCompletionRequest } from '@/lib/contract/worker'
import type { LoadedModel, SequenceCache } from './language-model'

function invalid(message: string, param: string): AppError {
  return new AppError('invalid_request', message, { param })
}

/** What only the model can tell of a request. Throws AppError invalid_request or context_length_exceeded. */
export function checkRequest<Cache extends SequenceCache<Cache>>(request: WorkerCompletionRequest, { model, tokenizer, name }: LoadedModel<Cache>): void {
  const { prompt, resume, n } = request
  if (prompt.length > model.positions) {
    throw new AppError('context_length_exceeded', `The prompt has ${prompt.length} tokens; ${name} takes ${model.positions}.`, { param: 'prompt' })
  }
  const outside = [...prompt, ...(resume ?? []).flat()].find((id) => id >= model.vocabSize)
  if (outside !== undefined) throw invalid(`Token id ${outside} is outside ${name}'s vocabulary of ${model.vocabSize}.`, 'prompt')
  const biased = Object.keys(request.logit_bias).find((id) => Number(id) >= model.vocabSize)
  if (biased !== undefined) throw invalid(`logit_bias names token ${biased}, outside ${name}'s vocabulary of ${model.vocabSize}.`, 'logit_bias')
  if (request.stop.length > 0 && tokenizer === null) {
    throw invalid(`${name} has no tokenizer, so stop sequences of text cannot be found; stop_token_ids can.`, 'stop')
  }
  if (resume === undefined) return
  if (resume.length !== n) throw invalid(`resume has tokens for ${resume.length} choices of ${n}.`, 'resume')
  for (const tokens of resume) {
    if (tokens.length > request.max_tokens) throw invalid(`resume has ${tokens.length} tokens, more than max_tokens, ${request.max_tokens}.`, 'resume')
    if (prompt.length + tokens.length > model.positions) throw invalid(`prompt and resume have more tokens than ${name} takes, ${model.positions}.`, 'resume')
  }
}
