import OpenAI from 'openai'

const { PARLEY_URL = 'http://localhost:3000', PARLEY_KEY } = process.env
const client = new OpenAI({ baseURL: `${PARLEY_URL}/v1`, apiKey: PARLEY_KEY })

const answer = await client.chat.completions.create({
  model: 'parley-mini-0',
  messages: [{ role: 'user', content: 'How are you?' }],
  max_completion_tokens: 32,
})
console.log(answer.choices[0]?.message.content)
console.log(`${answer.usage?.total_tokens ?? 0} tokens, request ${answer._request_id ?? ''}`)
