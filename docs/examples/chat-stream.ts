import OpenAI from 'openai'

const { PARLEY_URL = 'http://localhost:3000', PARLEY_KEY } = process.env
const client = new OpenAI({ baseURL: `${PARLEY_URL}/v1`, apiKey: PARLEY_KEY })

const stream = await client.chat.completions.create({
  model: 'parley-mini-0',
  messages: [{ role: 'user', content: 'Tell me about your day.' }],
  max_completion_tokens: 32,
  stream: true,
  stream_options: { include_usage: true },
})
for await (const { choices, usage } of stream) {
  process.stdout.write(choices[0]?.delta.content ?? '')
  if (usage) console.log(`\n${usage.total_tokens} tokens`)
}
