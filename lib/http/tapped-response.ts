export interface Tap {
  /** Each piece of the body as it is sent. */
  onChunk?: (chunk: Uint8Array) => void
  /** Once: when the body has been read to its end, or with false when it failed or its reader left. The reader sees the end afterwards. */
  onEnd: (complete: boolean) => Promise<void> | void
}

export function isStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
}

/** The same response, looked at while it is sent. */
export function tappedResponse(response: Response, { onChunk, onEnd }: Tap): Response {
  const reader = response.body?.getReader()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const part = await reader?.read()
        if (part?.done === false) {
          onChunk?.(part.value)
          controller.enqueue(part.value)
          return
        }
      } catch (error) {
        await onEnd(false)
        controller.error(error)
        return
      }
      await onEnd(true)
      controller.close()
    },
    async cancel(reason) {
      await reader?.cancel(reason)
      await onEnd(false)
    },
  })
  return new Response(body, response)
}
