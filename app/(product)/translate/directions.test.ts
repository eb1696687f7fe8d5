import { describe, expect, it } from 'vitest'

import { DETECT, isDeclared, languageName, reachableTarget, sourcesOf, targetsOf, type Directions } from './directions'

const DIRECTIONS: Directions = [
  ['en', 'fr'],
  ['fr', 'en'],
  ['en', 'de'],
]

describe('directions', () => {
  it('offers only declared languages, by name', () => {
    expect(sourcesOf(DIRECTIONS)).toEqual(['en', 'fr'])
    expect(targetsOf(DIRECTIONS, 'en')).toEqual(['fr', 'de'])
    expect(targetsOf(DIRECTIONS, 'fr')).toEqual(['en'])
    expect(targetsOf(DIRECTIONS, DETECT)).toEqual(['en', 'fr', 'de'])
  })

  it('keeps the wanted target where the source reaches it, and takes another one where not', () => {
    expect(reachableTarget(DIRECTIONS, 'en', 'de')).toBe('de')
    expect(reachableTarget(DIRECTIONS, 'fr', 'de')).toBe('en')
  })

  it('tells a declared direction from its reverse', () => {
    expect(isDeclared(DIRECTIONS, 'en', 'de')).toBe(true)
    expect(isDeclared(DIRECTIONS, 'de', 'en')).toBe(false)
  })

  it('names a language, and shows the code of one that it has no name for', () => {
    expect(languageName('fr')).toBe('French')
    expect(languageName('gsw')).toBe('GSW')
  })
})
