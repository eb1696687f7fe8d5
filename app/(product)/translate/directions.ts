import { isLanguage, LANGUAGES } from '@/lib/contract/languages'

export type Directions = readonly (readonly [string, string])[]

/** The source language is to be detected. */
export const DETECT = 'detect'

export function languageName(code: string): string {
  return isLanguage(code) ? LANGUAGES[code].name : code.toUpperCase()
}

function byName(codes: Iterable<string>): string[] {
  return [...new Set(codes)].sort((a, b) => languageName(a).localeCompare(languageName(b), 'en'))
}

export function sourcesOf(directions: Directions): string[] {
  return byName(directions.map(([source]) => source))
}

/** What a source can be translated into; for a source that is to be detected, every target. */
export function targetsOf(directions: Directions, source: string): string[] {
  return byName(directions.filter(([from]) => source === DETECT || from === source).map(([, target]) => target))
}

/** A target that the source reaches: the wanted one if it can be had. */
export function reachableTarget(directions: Directions, source: string, wanted: string): string {
  const targets = targetsOf(directions, source)
  return targets.includes(wanted) ? wanted : (targets[0] ?? wanted)
}

export function isDeclared(directions: Directions, source: string, target: string): boolean {
  return directions.some(([from, to]) => from === source && to === target)
}
