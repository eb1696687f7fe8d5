import OpenAI from 'openai'

const { PARLEY_URL = 'http://localhost:3000', PARLEY_KEY } = process.env
const client = new OpenAI({ baseURL: `${PARLEY_URL}/v1`, apiKey: PARLEY_KEY })

const model = await client.models.retrieve('parley-mini-0')
console.log(model.id, new Date(model.created * 1000).toISOString())
