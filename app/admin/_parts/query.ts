export type SearchParams = Promise<Record<string, string | string[] | undefined>>

/** The search parameters that are given once. */
export async function singleParams(searchParams: SearchParams): Promise<Record<string, string>> {
  const given = await searchParams
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

/** A path with the parameters that say something. */
export function withQuery(path: string, params: Record<string, string | number | null | undefined>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) if (value !== null && value !== undefined && value !== '') query.set(name, String(value))
  return query.size === 0 ? path : `${path}?${query.toString()}`
}
