import { DeepLClient } from 'deepl-node'

const { PARLEY_URL = 'http://localhost:3000', PARLEY_KEY = '' } = process.env
const client = new DeepLClient(PARLEY_KEY, { serverUrl: PARLEY_URL })

for (const { code, name } of await client.getTargetLanguages()) console.log(code, name)
