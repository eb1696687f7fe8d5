import { LANGUAGE_CLUES } from './language-clues'

export interface Detection {
  language: string
  /** 0 to 1: how far the winner is ahead of the next candidate. */
  confidence: number
}

const WORD = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*/gu
/** An elided article or pronoun is a word of its own in French and Italian: l'homme, c'est. */
const ELISION = /^(?:[cdjlmnst]|qu|dell|nell|all|un)'/u
const HAN = /\p{Script=Han}/gu
const LATIN = /\p{Script=Latin}/gu
/** The part of a long text that is looked at, in UTF-16 units. */
const SAMPLE = 4000

const WORD_WEIGHT = 3
const LETTER_WEIGHT = 2
const GROUP_WEIGHT = 0.6

/**
 * The language of a text among `candidates` (ISO 639-1, in order of preference where nothing else
 * decides; at least one). Deterministic.
 */
export function detectLanguage(text: string, candidates: readonly string[]): Detection {
  const ranked = rankLanguages(text, candidates)
  const [first, second] = ranked
  if (first === undefined) throw new RangeError('A language can only be detected among at least one candidate.')
  const ahead = first[1] - (second?.[1] ?? 0)
  return { language: first[0], confidence: second === undefined ? 1 : ahead / Math.max(1, first[1] + second[1]) }
}

/** How much a point of difference is worth: five of them, two sure words, make 12 to 1. */
const SHARPNESS = 0.5

/**
 * What languages a text may be in, likeliest first, with confidences that add up to 1: nearly equal
 * where nothing tells them apart.
 */
export function languageGuesses(text: string, candidates: readonly string[]): Detection[] {
  const ranked = rankLanguages(text, candidates)
  const best = ranked[0]?.[1] ?? 0
  const weights = ranked.map(([, score]) => Math.exp((score - best) * SHARPNESS))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return ranked.map(([language], index) => ({ language, confidence: (weights[index] ?? 0) / sum }))
}

function rankLanguages(text: string, candidates: readonly string[]): [string, number][] {
  const sample = text.slice(0, SAMPLE).toLowerCase().normalize('NFC')
  const scores = new Map(candidates.map((language) => [language, 0]))
  scoreScripts(sample, scores)
  for (const [word] of sample.matchAll(WORD)) scoreWord(word.replaceAll('’', "'"), scores)
  return [...scores].sort((a, b) => b[1] - a[1])
}

/** Chinese is told by its script. */
function scoreScripts(sample: string, scores: Map<string, number>): void {
  const han = sample.match(HAN)?.length ?? 0
  const latin = sample.match(LATIN)?.length ?? 0
  // A Chinese character says about as much as three letters.
  if (scores.has('zh') && han * 3 > latin) scores.set('zh', han * WORD_WEIGHT)
}

function scoreWord(word: string, scores: Map<string, number>): void {
  const parts = ELISION.test(word) ? [word, ...word.split("'")] : [word]
  for (const part of parts) award(scores, WORD_WEIGHT, (language) => LANGUAGE_CLUES[language]?.words.has(part) === true)
  for (const letter of new Set(word)) award(scores, LETTER_WEIGHT, (language) => LANGUAGE_CLUES[language]?.letters.includes(letter) === true)
  const framed = `^${word}$`
  for (const language of scores.keys()) {
    for (const group of LANGUAGE_CLUES[language]?.groups ?? []) {
      if (framed.includes(group)) add(scores, language, GROUP_WEIGHT)
    }
  }
}

/** A clue counts in full where one candidate has it, and for nothing where all have. */
function award(scores: Map<string, number>, weight: number, has: (language: string) => boolean): void {
  const sharing = [...scores.keys()].filter(has)
  for (const language of sharing) add(scores, language, weight * (1 - (sharing.length - 1) / Math.max(1, scores.size - 1)))
}

function add(scores: Map<string, number>, language: string, points: number): void {
  scores.set(language, (scores.get(language) ?? 0) + points)
}
