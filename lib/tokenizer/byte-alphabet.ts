/**
 * Byte-level BPE writes each byte as one printable character: the printable Latin-1 characters
 * stand for themselves, the other 68 bytes for U+0100 onwards in rising order (GPT-2, encoder.py).
 */
function isPrintable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
}

function byteAlphabet(): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>()
  let shifted = 0x100
  for (let byte = 0; byte < 256; byte++) bytes.set(String.fromCharCode(isPrintable(byte) ? byte : shifted++), byte)
  return bytes
}

const BYTE_OF_CHARACTER = byteAlphabet()

const utf8 = new TextEncoder()

/** The bytes behind a vocabulary entry. One that is not written in the alphabet stands for its own UTF-8. */
export function bytesOfToken(token: string): Uint8Array {
  const bytes: number[] = []
  for (const character of token) {
    const byte = BYTE_OF_CHARACTER.get(character)
    if (byte === undefined) return utf8.encode(token)
    bytes.push(byte)
  }
  return Uint8Array.from(bytes)
}
