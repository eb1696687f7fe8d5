import { DeepLClient } from 'deepl-node'

const { PARLEY_URL = 'http://localhost:3000', PARLEY_KEY = '' } = process.env
const client = new DeepLClient(PARLEY_KEY, { serverUrl: PARLEY_URL })

const { character } = await client.getUsage()
console.log(`${character?.count ?? 0} of ${character?.limit ?? 0} characters`)
