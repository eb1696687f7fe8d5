/** An Idempotency-Key. `crypto.randomUUID` is there on https and localhost alone. */
export function requestKey(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('-')
}
