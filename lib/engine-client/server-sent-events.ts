/**
 * The data of server-sent events as they come (WHATWG HTML, "Server-sent events"). Chunks may cut
 * lines and characters anywhere; comments and other fields are passed over.
 */
export async function* eventData(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  let data: string[] = []
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const ended of lines) {
      const line = ended.endsWith('\r') ? ended.slice(0, -1) : ended
      if (line.startsWith('data:')) {
        data.push(line.slice(line.startsWith('data: ') ? 6 : 5))
      } else if (line === '' && data.length > 0) {
        yield data.join('\n')
        data = []
      }
    }
  }
}
