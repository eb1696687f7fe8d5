import { env } from 'node:process'

const { PARLEY_URL = 'http://localhost:3000', PARLEY_KEY } = env

const response = await fetch(`${PARLEY_URL}/v2/detect-language`, {
  method: 'POST',
  headers: { authorization: `DeepL-Auth-Key ${PARLEY_KEY ?? ''}`, 'content-type': 'application/json' },
  body: JSON.stringify({ text: ['Guten Morgen, wie geht es dir?'] }),
})
if (!response.ok) throw new Error(await response.text())
console.log(JSON.stringify(await response.json(), null, 2))
