/** What Windows-1252 has in place of Latin-1's control characters. */
const EXTRA = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ')

/** Letters that do not come apart into a base and a mark. */
const NEAREST: Readonly<Record<string, string>> = { ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ı: 'i', ħ: 'h', Ħ: 'H', ŧ: 't', Ŧ: 'T', ə: 'e', '−': '-', '‐': '-', '‑': '-' }

function isWestern(char: string): boolean {
  const code = char.codePointAt(0) ?? 0
  return (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff) || EXTRA.has(char)
}

/**
 * The text in the letters of Windows-1252, the only ones that a PDF's built-in fonts have: others
 * lose their marks where that makes them western, and are a question mark otherwise.
 */
export function westernText(text: string): string {
  return Array.from(text.normalize('NFC'), (char) => {
    if (isWestern(char)) return char
    const nearest = NEAREST[char] ?? char.normalize('NFKD').replace(/\p{M}/gu, '')
    return nearest !== '' && Array.from(nearest).every(isWestern) ? nearest : '?'
  }).join('')
}
