import { DeepLClient } from 'deepl-node'

const { PARLEY_URL = 'http://localhost:3000', PARLEY_KEY = '' } = process.env
const client = new DeepLClient(PARLEY_KEY, { serverUrl: PARLEY_URL })

const translations = await client.translateText(['She is my sister.', 'Where is the station?'], null, 'fr')
for (const { detectedSourceLang, text } of translations) console.log(`${detectedSourceLang}: ${text}`)
