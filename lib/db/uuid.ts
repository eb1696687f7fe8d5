const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether PostgreSQL would take it for an id: anything else names nothing and never reaches a query. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}
