import OpenAI from 'openai'

const { PARLEY_URL = 'http://localhost:3000', PARLEY_KEY } = process.env
const client = new OpenAI({ baseURL: `${PARLEY_URL}/v1`, apiKey: PARLEY_KEY })

for await (const model of client.models.list()) console.log(model.id)
