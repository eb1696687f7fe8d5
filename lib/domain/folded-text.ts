/**
 * A text as word lists see it: letter case, accents, width, look-alike letters and invisible
 * characters are folded away, and every place leads back to the text as it was written.
 */
export interface FoldedText {
  text: string
  /** By UTF-16 unit of `text`: where it begins and ends in the original. */
  starts: number[]
  ends: number[]
}

/** A run of letters. */
export interface FoldedWord {
  text: string
  /** In the folded text. */
  start: number
  end: number
  /** Digits and signs that stand for letters are read as those; the same as `text` where there are none. */
  spelled: string
}

/** Letters of other alphabets that look like Latin ones, and letters that Unicode does not take apart. */
const LOOK_ALIKE: Record<string, string> = {
  а: 'a', в: 'b', с: 'c', е: 'e', ё: 'e', н: 'h', і: 'i', ј: 'j', к: 'k', м: 'm', о: 'o', р: 'p', ѕ: 's', т: 't', у: 'y', х: 'x', ԁ: 'd', ɡ: 'g',
  α: 'a', β: 'b', ε: 'e', η: 'n', ι: 'i', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'u', χ: 'x',
  ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i',
}

const SPELLED: Record<string, string> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' }

const INVISIBLE = /[\p{M}\p{Cf}]/u
const INVISIBLES = new RegExp(INVISIBLE, 'gu')

/** Han letters but for rare ones: nothing about them is folded. */
const PLAIN_HAN = /^[\u4e00-\u9fff]$/u

function foldCharacter(character: string): string {
  if (character < '\u007f') return character.toLowerCase()
  if (PLAIN_HAN.test(character)) return character
  if (INVISIBLE.test(character)) return ''
  const plain = character.normalize('NFKD').replace(INVISIBLES, '').toLowerCase()
  return Array.from(plain, (letter) => LOOK_ALIKE[letter] ?? letter).join('')
}

export function foldText(original: string): FoldedText {
  let text = ''
  const starts: number[] = []
  const ends: number[] = []
  let place = 0
  for (const character of original) {
    const next = place + character.length
    const folded = foldCharacter(character)
    for (let unit = 0; unit < folded.length; unit++) {
      starts.push(place)
      ends.push(next)
    }
    text += folded
    place = next
  }
  return { text, starts, ends }
}

/** Han letters stand for themselves: nothing separates their words. */
const HAN = /\p{Script=Han}/u
const TOKEN = /(?:(?!\p{Script=Han})[\p{L}\p{N}@$!])+/gu
const LETTERS = /\p{L}+/gu
const ONLY_LETTERS = /^\p{L}+$/u

/** The words of a folded text. One with digits or signs between its letters comes whole, as it may be meant, and in its letters' runs. */
export function foldedWords(text: string): FoldedWord[] {
  const words: FoldedWord[] = []
  for (const { 0: raw, index } of text.matchAll(TOKEN)) {
    // A sign at the end is one.
    const token = raw.slice(0, raw.length - lengthAtEnd(raw, SIGN))
    if (ONLY_LETTERS.test(token)) words.push({ text: token, start: index, end: index + token.length, spelled: token })
    else words.push(...mixedWords(token, index))
  }
  return words
}

function mixedWords(token: string, at: number): FoldedWord[] {
  const runs = [...token.matchAll(LETTERS)].map(({ 0: run, index }) => ({ text: run, start: at + index, end: at + index + run.length, spelled: run }))
  if (runs.length === 0) return []
  const spelled = Array.from(token, (sign) => SPELLED[sign] ?? sign).join('')
  return [{ text: token, start: at, end: at + token.length, spelled }, ...runs]
}

/** The Han letters of a folded text in order, with their places; what stands between them is left out where it is no letter. */
export function hanLetters(text: string): { letter: string; start: number; end: number; joined: boolean }[] {
  const letters: { letter: string; start: number; end: number; joined: boolean }[] = []
  if (!HAN.test(text)) return letters
  let place = 0
  let joined = false
  for (const character of text) {
    if (HAN.test(character)) {
      letters.push({ letter: character, start: place, end: place + character.length, joined })
      joined = true
    } else if (/[\p{L}\p{N}\n]/u.test(character)) {
      joined = false
    }
    place += character.length
  }
  return letters
}

/** How many UTF-16 units at the end are of such characters. */
function lengthAtEnd(text: string, kind: RegExp): number {
  let length = 0
  for (;;) {
    const character = lastCharacter(text, length)
    if (character === '' || !kind.test(character)) return length
    length += character.length
  }
}

function lastCharacter(text: string, before: number): string {
  const end = text.length - before
  const pair = text.slice(Math.max(0, end - 2), end)
  return pair.length === 2 && /^\p{L}$/u.test(pair) ? pair : text.slice(Math.max(0, end - 1), end)
}

const SIGN = /^[!@$]$/u
const OPEN_SIGN = /^[!@$\p{M}\p{Cf}]$/u
const OPEN_LETTER = /^(?!\p{Script=Han})[\p{L}\p{N}@$!]$/u

/** The length of the signs at a text's end, which the next letter may make part of a word. */
export function openSigns(text: string): number {
  return lengthAtEnd(text, OPEN_SIGN)
}

/** The length of the word at a folded text's end, or of the digits and signs that may become one. */
export function openToken(text: string): number {
  return lengthAtEnd(text, OPEN_LETTER)
}

/** How a word may be meant: as it stands, and with letters that are repeated three times or more said once or twice. */
export function readings(word: FoldedWord): string[] {
  const texts = word.spelled === word.text ? [word.text] : [word.text, word.spelled]
  return [...new Set(texts.flatMap((text) => (/(.)\1\1/u.test(text) ? [text, text.replaceAll(/(.)\1{2,}/gu, '$1'), text.replaceAll(/(.)\1{2,}/gu, '$1$1')] : [text])))]
}

/** The same for a word that goes on: the last of its letters may yet be repeated. */
export function openReadings(word: FoldedWord): string[] {
  const said = readings(word)
  return [...new Set([...said, ...said.map((text) => text.replaceAll(/(.)\1+/gu, '$1'))])]
}
