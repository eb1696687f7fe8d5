/** The text as PostgreSQL can store it: NUL and lone surrogates become U+FFFD, as a browser shows them. */
export function storableText(text: string): string {
  return Buffer.from(text.replaceAll('\0', '\ufffd'), 'utf8').toString('utf8')
}

/** JSON for a jsonb parameter, with every string in it storable. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storableText(part) : part))
}
