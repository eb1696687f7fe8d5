import { env } from 'node:process'

const { PARLEY_URL = 'http://localhost:3000', PARLEY_KEY } = env

const response = await fetch(`${PARLEY_URL}/v1/usage?group_by=model,feature`, {
  headers: { authorization: `Bearer ${PARLEY_KEY ?? ''}` },
})
if (!response.ok) throw new Error(await response.text())
console.log(JSON.stringify(await response.json(), null, 2))
