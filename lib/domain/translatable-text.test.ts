import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseMarkup, textOf, type MarkupOptions } from './markup'
import { tokenizeMarkup, type MarkupKind } from './markup-tokens'
import { segmentText } from './sentence-segmentation'
import { plainParts, translatable } from './translatable-text'

const options = (kind: MarkupKind, more: Partial<MarkupOptions> = {}): MarkupOptions => ({
  kind,
  ignoreTags: [],
  splittingTags: [],
  nonSplittingTags: [],
  outlineDetection: true,
  ...more,
})

function translateWith(source: string, translate: (sentence: string) => string, kind: MarkupKind = 'html', more: Partial<MarkupOptions> = {}): string {
  const text = translatable(parseMarkup(source, options(kind, more)), (block) => segmentText(block, 'en', kind === 'html' ? 'nonewlines' : '1'), true)
  return text.assemble(text.sentences.map(translate))
}

const sentencesOf = (source: string, kind: MarkupKind = 'html', more: Partial<MarkupOptions> = {}) =>
  translatable(parseMarkup(source, options(kind, more)), (block) => segmentText(block, 'en', 'nonewlines'), true).sentences

const tagsOf = (source: string, kind: MarkupKind) => tokenizeMarkup(source, kind).flatMap((token) => (token.kind === 'text' ? [] : [token.raw])).join('')
const same = (sentence: string) => sentence

const fragments = fc.array(
  fc.oneof(
    fc.constantFrom('<p>', '</p>', '<b>', '</b>', '<i class="x>y">', '</i>', '<br>', '<br/>', '<img alt="a">', '<!-- c -->', '<code>x &lt; y</code>', '<div translate="no">keep me</div>'),
    fc.constantFrom('Hello world. ', 'How are you', '? ', 'Tom', ' 42 ', '\n\n', ' &amp; ', '&eacute;t&eacute;', ' < ', ' ', 'H<sub>2</sub>O', '</wrong>', '<x'),
  ),
)

describe.each<MarkupKind>(['html', 'xml'])('%s', (kind) => {
  test('the tokens of any source joined are the source', () => {
    fc.assert(
      fc.property(fragments, (parts) => {
        expect(tokenizeMarkup(parts.join(''), kind).map(({ raw }) => raw).join('')).toBe(parts.join(''))
      }),
    )
  })

  test('whatever a translation says, tags are neither lost nor reordered', () => {
    fc.assert(
      fc.property(fragments, fc.constantFrom('', 'Un.', 'Tom et moi, 42 fois de suite, dans la belle maison.', '你好世界'), (parts, answer) => {
        const source = parts.join('')
        expect(tagsOf(translateWith(source, () => answer, kind), kind)).toBe(tagsOf(source, kind))
      }),
    )
  })
})

test('a sentence with its own words back keeps its tags where they were', () => {
  for (const source of [
    '<p>Hello <b>world</b>.</p>\n<ul>\n  <li>One &amp; two</li>\n</ul>',
    'I <i>really <b>love</b></i> you, <a href="/x?a=1&b=2">Tom</a>!',
    '<b>Bold.</b> Plain.',
    'H<sub>2</sub>O is water.',
  ]) {
    expect(translateWith(source, same)).toBe(source)
  }
})

test.each([
  ['I love <b>Tom</b> very much.', "J'aime beaucoup Tom.", "J'aime beaucoup <b>Tom</b>."],
  ['<p>The <b>red</b> house.</p>', 'La maison rouge.', '<p>La <b>maison</b> rouge.</p>'],
  ['<i>The house.</i>', 'La maison.', '<i>La maison.</i>'],
  ['One <b>two</b>', 'Un', '<b>Un</b>'],
  ['<b>Tom</b> is “here”.', '« Ici » est Tom.', '« Ici » est <b>Tom</b>.'],
  ['“<b>One</b> more <i>word.</i>”', '« Encore un mot. »', '« <b>Encore</b> un <i>mot.</i> »'],
  ['a < b &amp; c', 'x < y & "z"', 'x &lt; y &amp; "z"'],
])('%s, translated as %s', (source, answer, expected) => {
  expect(translateWith(source, () => answer)).toBe(expected)
})

test('blocks split sentences, inline tags do not', () => {
  expect(sentencesOf('<p>Hello <b>my</b> friend</p><p>Bye<br>now</p>')).toEqual(['Hello my friend', 'Bye', 'now'])
})

test('scripts, code and what must not be translated stand as they were', () => {
  const source = '<script>if (a<b) go("now")</script><pre>Leave it.</pre><p class="x notranslate">Name</p><p>Run <code>npm test</code> now.</p>'
  expect(sentencesOf(source)).toEqual(['Run  now.'])
  expect(translateWith(source, () => 'Lancez maintenant.')).toBe(
    '<script>if (a<b) go("now")</script><pre>Leave it.</pre><p class="x notranslate">Name</p><p>Lancez <code>npm test</code>maintenant.</p>',
  )
})

test('xml: elements beside text stand inside its sentence, the others split', () => {
  const source = '<doc><title>A title</title><par>Some <em>more</em> text</par></doc>'
  expect(sentencesOf(source, 'xml')).toEqual(['A title', 'Some more text'])
  expect(sentencesOf(source, 'xml', { splittingTags: ['em'] })).toEqual(['A title', 'Some', 'more', 'text'])
  expect(sentencesOf(source, 'xml', { ignoreTags: ['title'] })).toEqual(['Some more text'])
  expect(sentencesOf('<a><b>One</b><c>two</c></a>', 'xml', { outlineDetection: false })).toEqual(['Onetwo'])
  expect(sentencesOf('<a><b>One</b> <c>two</c></a>', 'xml', { nonSplittingTags: ['b', 'c'] })).toEqual(['One two'])
})

test("a document's language is told from its text alone", () => {
  expect(textOf(parseMarkup('<p lang="en">Bonjour &agrave; tous</p><script>the and of</script>', options('html')))).toBe('Bonjour à tous')
})

test('plain text passes any character through', () => {
  const text = translatable(plainParts(' a < b & c.\n\n<b>Hi</b> \n'), (block) => segmentText(block, 'en', '1'), false)
  expect(text.assemble(text.sentences)).toBe(' a < b & c.\n\n<b>Hi</b> \n')
})
