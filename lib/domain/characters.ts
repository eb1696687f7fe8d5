/** The length of a text in Unicode code points, by which translation is counted and billed. */
export function countCharacters(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const leads = code >= 0xd800 && code <= 0xdbff
    const next = leads ? text.charCodeAt(index + 1) : 0
    if (next >= 0xdc00 && next <= 0xdfff) index++
    count++
  }
  return count
}
