import { env } from 'node:process'

const { PARLEY_URL = 'http://localhost:3000', PARLEY_KEY } = env
const headers = { authorization: `DeepL-Auth-Key ${PARLEY_KEY ?? ''}`, 'content-type': 'application/json' }

const response = await fetch(`${PARLEY_URL}/v2/feedback`, {
  method: 'POST',
  headers,
  body: JSON.stringify({ source: 'She is my sister.', source_lang: 'EN', target_lang: 'FR', correction: 'C’est ma sœur.', rating: 3 }),
})
if (!response.ok) throw new Error(await response.text())
console.log(await response.json())

const list = await fetch(`${PARLEY_URL}/v2/feedback?limit=10`, { headers })
console.log(await list.json())
