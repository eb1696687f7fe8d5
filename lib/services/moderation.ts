import { setImmediate } from 'node:timers/promises'
import { AppError } from '@/lib/contract/errors'
import type { ModerationPolicy } from '@/lib/contract/privacy'
import type { WorkerCompletionEvent } from '@/lib/contract/worker'
import { addModerationFlags, type NewModerationFlag } from '@/lib/db/moderation-flags'
import { readModerationPolicy } from '@/lib/db/privacy-settings'
import { excerptOf, Matcher, StreamGuard, type Match } from '@/lib/domain/moderation'
import type { Caller } from './caller'

type Actor = Pick<Caller, 'requestId' | 'orgId' | 'userId' | 'keyId'>

export interface ModerationVerdict {
  /** What applies to the answer too, so that it need not be looked up again. */
  policy: ModerationPolicy
  /** Whether something was found, and let through. */
  flagged: boolean
}

/** Of one request so many flags are kept: they are to be looked at by people. */
const MOST_FLAGS = 5

/** What was found in one direction of one request; the same word once. */
class Findings {
  #flags: NewModerationFlag[] = []
  readonly #known = new Set<string>()

  constructor(
    private readonly actor: Actor,
    private readonly direction: NewModerationFlag['direction'],
    private readonly mode: ModerationPolicy['input'],
  ) {}

  add({ term }: Match, excerpt: string): void {
    const key = `${term.category} ${term.name}`
    if (this.#known.has(key) || this.#known.size === MOST_FLAGS) return
    this.#known.add(key)
    const { requestId, userId, keyId } = this.actor
    const action = this.mode === 'block' ? 'blocked' : 'flagged'
    this.#flags.push({ requestId, userId, keyId, direction: this.direction, action, language: term.language, category: term.category, word: term.name, excerpt })
  }

  async write(): Promise<void> {
    const flags = this.#flags
    this.#flags = []
    await addModerationFlags(this.actor.orgId, flags)
  }
}

const NAMES: Record<Match['term']['category'], string> = {
  hate: 'hate',
  sexual: 'sexual content',
  violence: 'violence',
  self_harm: 'self-harm',
  profanity: 'profanity',
  own: "the organisation's own words",
}

function refusal(match: Match, what: string, param?: string): AppError {
  return new AppError('content_policy_violation', `${what}: the organisation's moderation policy blocks it (${NAMES[match.term.category]}).`, { param })
}

/**
 * Looks at what a person or a program wrote, before anything is held or computed for it. Throws
 * AppError content_policy_violation where the organisation's policy blocks it; keeps a flag where it
 * flags. `param` is the request's field.
 */
export async function moderateInput(actor: Actor, texts: readonly string[], param?: string): Promise<ModerationVerdict> {
  const policy = await readModerationPolicy(actor.orgId)
  const match = await moderate(actor, policy, 'input', texts)
  if (match !== null && policy.input === 'block') throw refusal(match, 'This was not processed', param)
  return { policy, flagged: match !== null }
}

/** The same for texts that the model wrote and nobody has seen yet. */
export async function moderateWholeOutput(actor: Actor, policy: ModerationPolicy, texts: readonly string[]): Promise<void> {
  const match = await moderate(actor, policy, 'output', texts)
  if (match !== null && policy.output === 'block') throw refusal(match, 'The result is withheld')
}

/** The first thing found. */
async function moderate(actor: Actor, policy: ModerationPolicy, direction: 'input' | 'output', texts: readonly string[]): Promise<Match | null> {
  const mode = policy[direction]
  if (mode === 'off') return null
  const matcher = new Matcher(policy)
  const findings = new Findings(actor, direction, mode)
  let first: Match | null = null
  for (const text of texts) {
    for (const piece of piecesOf(text)) {
      for (const match of matcher.scan(piece).matches) {
        first ??= match
        findings.add(match, excerptOf(piece, match.start, match.end))
      }
      // A whole document takes a while; others are not to wait for it.
      if (piece.length < text.length) await setImmediate()
    }
  }
  if (first !== null) await findings.write()
  return first
}

const PIECE = 32_768

/** A long text in pieces that end with a line, since no phrase goes beyond one, or else with a word. */
function* piecesOf(text: string): Generator<string> {
  let start = 0
  while (text.length - start > PIECE) {
    const line = text.lastIndexOf('\n', start + PIECE)
    const word = line > start ? line : text.lastIndexOf(' ', start + PIECE)
    const end = word > start ? word + 1 : start + PIECE
    yield text.slice(start, end)
    start = end
  }
  yield text.slice(start)
}

type WorkerChoice = WorkerCompletionEvent['choices'][number]

/** A choice that the policy cut short ends with `content_filter`. */
export type ModeratedChoice = Omit<WorkerChoice, 'finish_reason'> & { finish_reason: WorkerChoice['finish_reason'] | 'content_filter' }
export type ModeratedEvent = Omit<WorkerCompletionEvent, 'choices'> & { choices: ModeratedChoice[] }

/**
 * A completion's events under the organisation's policy. Where it flags, they pass as they come. Where
 * it blocks, what may become a blocked word waits until that is decided, so that none is ever sent in
 * part; a choice in which one stands ends before it, and with the last choice the worker is left.
 * What the worker delivered is counted by whoever meters `events`, shown or not.
 */
export async function* moderateOutput(
  actor: Actor,
  policy: ModerationPolicy,
  events: AsyncGenerator<WorkerCompletionEvent, void>,
  count: number,
): AsyncGenerator<ModeratedEvent, void> {
  if (policy.output === 'off') {
    yield* events
    return
  }
  const findings = new Findings(actor, 'output', policy.output)
  const matcher = new Matcher(policy)
  const choices = Array.from({ length: count }, () => new GuardedChoice(new StreamGuard(matcher), policy.output === 'block', findings))
  try {
    for await (const event of events) {
      const shown = event.choices.flatMap((choice) => choices[choice.index]?.take(choice) ?? [])
      if (choices.some(({ blocked }) => blocked)) await findings.write()
      if (shown.length > 0 || event.prompt_logprobs !== undefined) yield { ...event, choices: shown }
      if (choices.some(({ blocked }) => blocked) && choices.every(({ ended }) => ended)) return
    }
  } finally {
    await findings.write()
  }
}

class GuardedChoice {
  ended = false
  blocked = false
  #waiting: { choice: WorkerChoice; end: number }[] = []
  #length = 0

  constructor(
    private readonly guard: StreamGuard,
    private readonly blocks: boolean,
    private readonly findings: Findings,
  ) {}

  /** What may be shown now. Tokens are shown with their text, or not at all. */
  take(choice: WorkerChoice): ModeratedChoice[] {
    if (this.ended) return []
    this.ended = choice.finish_reason !== null
    const { matches, safe, excerpt } = this.guard.push(choice.text, this.ended)
    for (const match of matches) this.findings.add(match, excerpt(match))
    if (!this.blocks) return [choice]
    this.#length += choice.text.length
    this.#waiting.push({ choice, end: this.#length })
    const [match] = matches
    const limit = match === undefined ? safe : Math.min(safe, match.start)
    const shown = this.#waiting.filter(({ end }) => end <= limit).map((one) => one.choice)
    this.#waiting = this.#waiting.slice(shown.length)
    if (match === undefined) return shown
    this.ended = true
    this.blocked = true
    return [...shown.map((one) => ({ ...one, finish_reason: null })), this.#lastWords(choice.index, limit)]
  }

  /** The text that stands before a blocked word, in a piece with it. */
  #lastWords(index: number, limit: number): ModeratedChoice {
    const [first] = this.#waiting
    const text = first === undefined ? '' : first.choice.text.slice(0, Math.max(0, first.choice.text.length - (first.end - limit)))
    const logprobs = (first?.choice.logprobs ?? null) === null ? null : []
    return { index, token_ids: [], text, logprobs, finish_reason: 'content_filter' }
  }
}
