import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DeepLClient } from 'deepl-node'

const { PARLEY_URL = 'http://localhost:3000', PARLEY_KEY = '' } = process.env
const client = new DeepLClient(PARLEY_KEY, { serverUrl: PARLEY_URL })

const folder = await mkdtemp(path.join(tmpdir(), 'letters-'))
const letter = path.join(folder, 'letter.txt')
const translated = path.join(folder, 'letter.fr.txt')
await writeFile(letter, 'She is my sister.\n\nWhere is the station?\n')

// Uploads, waits and downloads.
const status = await client.translateDocument(letter, translated, null, 'fr')
console.log(`${status.billedCharacters ?? 0} characters`)
console.log(await readFile(translated, 'utf8'))
