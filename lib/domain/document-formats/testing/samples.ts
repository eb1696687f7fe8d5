import { strToU8, zipSync } from 'fflate'
import type { DocumentFormatName } from '../formats'

const NAMESPACES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

/** A Word document of these body elements, with a header and an image. */
export function makeWord(body: string, header = '<w:p><w:r><w:t>My house</w:t></w:r></w:p>'): Uint8Array {
  const xml = (name: string, content: string) => strToU8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:${name} ${NAMESPACES}>${content}</w:${name}>`)
  return zipSync({
    '[Content_Types].xml': strToU8('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
    'word/document.xml': xml('document', `<w:body>${body}</w:body>`),
    'word/header1.xml': xml('hdr', header),
    'word/media/image1.png': new Uint8Array([137, 80, 78, 71]),
  })
}

const BODY = [
  '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Good morning</w:t></w:r></w:p>',
  '<w:p><w:r><w:t xml:space="preserve">I am </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>very</w:t></w:r><w:r><w:t xml:space="preserve"> happy &amp; well, </w:t></w:r>',
  '<w:hyperlink r:id="rId4"><w:r><w:rPr><w:u/></w:rPr><w:t>Tom</w:t></w:r></w:hyperlink><w:r><w:t>.</w:t></w:r><w:r><w:br/><w:t>Where are you?</w:t></w:r></w:p>',
  '<w:tbl><w:tr><w:tc><w:p><w:r><w:t>A cell</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>42</w:t></w:r></w:p></w:tc></w:tr></w:tbl>',
].join('')

/** A document in each format, with something of everything that the format has. */
export const SAMPLES: Record<DocumentFormatName, string | Uint8Array> = {
  txt: '\ufeffGood morning.\r\n\r\n  - How are you?\r\n  - I am happy. It is 12:30.\r\n\r\n42\r\n',
  md: [
    '---\ntitle: Hello there\n---\n\n# The *red* house\n\nI am **very happy** with `my code` and [my house](https://example.com "title"), see <https://example.com>.',
    '\nA line\nand another; a break  \nhere. A \\* star &amp; more.\n\n> A quotation that\n> goes on.\n\n1. One thing\n2. Another ![image](a.png)\n   - [x] done',
    '\n| Name | Value |\n| --- | ---: |\n| A \\| bar | 12 |\n\n```js\nconst x = "do not translate"\n```\n\n<div>raw html</div>\n\nA [name] and ~~gone~~.[^1]\n\n[^1]: A note.\n\n[name]: /url\n',
  ].join('\n'),
  html: '<!doctype html>\n<html><head><title>My house</title><style>p { color: red }</style></head><body>\n<p class="a">I am <b>very</b> happy &amp; well.<br>Caf&eacute;</p><pre>keep me</pre><p translate="no">keep me</p></body></html>\n',
  srt: '1\r\n00:00:01,000 --> 00:00:04,000\r\n<i>Good morning, my friend,</i>\r\nhow are you today?\r\n\r\n2\r\n00:00:05,500 --> 00:00:08,000 X1:10\r\n- Where is Tom?\r\n- {\\an8}He is here.\r\n\r\n3\r\n00:00:09,000 --> 00:00:10,000\r\n12:30\r\n',
  docx: makeWord(BODY),
  po: [
    '# A comment\nmsgid ""\nmsgstr ""\n"Language: fr\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n',
    '#: app.c:12\n#, c-format\nmsgctxt "menu"\nmsgid "Hello %s, you have %1$d \\"new\\" messages.\\n"\nmsgstr ""\n',
    '#, c-format\nmsgid "%d house"\nmsgid_plural "%d houses"\nmsgstr[0] ""\nmsgstr[1] ""\n',
    'msgid "Done"\nmsgstr "Fait"\n',
    '#, fuzzy\nmsgid ""\n"A long "\n"text."\nmsgstr "Vieux"\n',
    '#~ msgid "Old"\n#~ msgstr "Vieux"\n',
  ].join('\n'),
  xliff: [
    '<?xml version="1.0" encoding="UTF-8"?>\n<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">\n<file original="a" source-language="en" datatype="plaintext"><body>',
    '  <trans-unit id="1">\n    <source>Hello <g id="1">dear</g> friend<x id="2"/> &amp; brother {name}.</source>\n    <note>keep me</note>\n  </trans-unit>',
    '  <trans-unit id="2"><source>Done</source><target state="final">Fait</target></trans-unit>',
    '  <trans-unit id="3"><source>A house</source><target state="new"/></trans-unit>',
    '  <trans-unit id="4" translate="no"><source>keep me</source></trans-unit>',
    '  <trans-unit id="5"><source>A <bpt id="1">&lt;b&gt;</bpt>house<ept id="1">&lt;/b&gt;</ept></source></trans-unit>\n</body></file>\n</xliff>\n',
  ].join('\n'),
  json: '{\n\t"greeting": "Hello {{ name }}, you have {count, plural, one {# message} other {# messages}}.",\n\t"url": "https://example.com/house", "n": 1.50, "list": ["A \\"red\\" house\\n\\u00e9", "%s of <b>%d</b> houses", null],\n\t"nested": {"key": "Good morning"}\n}\n',
}

export const XLIFF_2 = [
  '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en">\n<file id="f1"><unit id="1">',
  '  <segment>\n    <source>Hello <pc id="1">dear</pc> friend<ph id="2"/>.</source>\n  </segment>',
  '  <segment state="final"><source>Done</source><target>Fait</target></segment>\n</unit></file></xliff>\n',
].join('\n')
