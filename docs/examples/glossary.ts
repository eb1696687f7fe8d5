import { DeepLClient, GlossaryEntries } from 'deepl-node'

const { PARLEY_URL = 'http://localhost:3000', PARLEY_KEY = '' } = process.env
const client = new DeepLClient(PARLEY_KEY, { serverUrl: PARLEY_URL })

const entries = new GlossaryEntries({ entries: { sister: 'frangine' } })
const glossary = await client.createGlossary('Family', 'en', 'fr', entries)

const { text } = await client.translateText('She is my sister.', 'en', 'fr', { glossary })
console.log(text)

for (const { name, entryCount } of await client.listGlossaries()) console.log(name, entryCount)
console.log((await client.getGlossaryEntries(glossary)).toTsv())
await client.deleteGlossary(glossary)
