import { randomUUID } from 'node:crypto'
import OpenAI from 'openai'

const { PARLEY_URL = 'http://localhost:3000', PARLEY_KEY } = process.env
const client = new OpenAI({ baseURL: `${PARLEY_URL}/v1`, apiKey: PARLEY_KEY })

const answer = await client.completions.create(
  { model: 'parley-mini-0', prompt: '<|en|>I went to the station, but', max_tokens: 16, n: 2, seed: 7 },
  // Sent again with the same key, the request is answered again and done once.
  { idempotencyKey: randomUUID() },
)
for (const { text } of answer.choices) console.log(text)
