import { Template } from '@huggingface/jinja'
import { AppError } from '@/lib/contract/errors'
import type { TextTokenizer } from './tokenizer'

export interface ChatMessage {
  role: string
  content: string
}

export interface ChatTemplateOptions {
  addGenerationPrompt: boolean
  bosToken: string
  eosToken: string
}

function parseTemplate(template: string): Template {
  try {
    return new Template(template)
  } catch (error) {
    throw new AppError('model_unavailable', "The model's chat template cannot be parsed.", { cause: error })
  }
}

/**
 * Renders as transformers' `apply_chat_template` does: blocks trimmed, the template's last newline
 * dropped, `tools` and `documents` none. What the template raises (a role that it does not know,
 * roles that do not alternate) is the sender's to mend: AppError `invalid_request` on `messages`.
 */
export function renderChatTemplate(template: string, messages: readonly ChatMessage[], options: ChatTemplateOptions): string {
  const parsed = parseTemplate(template)
  try {
    return parsed.render({
      messages: messages.map(({ role, content }) => ({ role, content })),
      add_generation_prompt: options.addGenerationPrompt,
      bos_token: options.bosToken,
      eos_token: options.eosToken,
      tools: null,
      documents: null,
    })
  } catch (error) {
    const message = error instanceof Error ? error.message : "The model's chat template refused the messages."
    throw new AppError('invalid_request', message, { param: 'messages', cause: error })
  }
}

/** Unicode's noncharacters U+FDD0 to U+FDEF are reserved for a program's own use. */
function unusedMark(messages: readonly ChatMessage[]): string {
  for (let code = 0xfdd0; code <= 0xfdef; code++) {
    const mark = String.fromCharCode(code)
    if (!messages.some(({ role, content }) => role.includes(mark) || content.includes(mark))) return mark
  }
  throw new AppError('invalid_request', 'The messages use every noncharacter of U+FDD0 to U+FDEF.', { param: 'messages' })
}

function longestFirst(tokens: Iterable<string>): string[] {
  return [...tokens].sort((a, b) => b.length - a.length)
}

function alternation(tokens: readonly string[]): RegExp {
  return new RegExp(`(${tokens.map((token) => token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')})`, 'gu')
}

/**
 * The token ids of a rendered conversation in which only the template's own special tokens count.
 * Their spellings inside a message are taken out for the time of rendering and put back as ordinary
 * text, so that a message cannot open a turn of its own.
 */
export function encodeChat(
  tokenizer: TextTokenizer,
  template: string,
  messages: readonly ChatMessage[],
  options: { addGenerationPrompt: boolean },
): number[] {
  const frame = { ...options, bosToken: tokenizer.bosToken ?? '', eosToken: tokenizer.eosToken ?? '' }
  const special = longestFirst(tokenizer.specialTokens.keys())
  if (special.length === 0) return tokenizer.encode(renderChatTemplate(template, messages, frame))
  const mark = unusedMark(messages)
  const spelling = alternation(special)
  const placeholder = new RegExp(`${mark}(\\d+)${mark}`, 'gu')
  const withPlaceholders = messages.map(({ role, content }) => ({
    role,
    content: content.replace(spelling, (token) => `${mark}${special.indexOf(token)}${mark}`),
  }))
  return renderChatTemplate(template, withPlaceholders, frame)
    .split(spelling)
    .flatMap((piece) => {
      const id = tokenizer.specialTokens.get(piece)
      if (id !== undefined) return [id]
      return tokenizer.encode(piece.replace(placeholder, (_, index: string) => special[Number(index)] ?? ''), { special: false })
    })
}
