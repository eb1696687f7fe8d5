import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = path.join(import.meta.dirname, '../..')

/** What `startBackend` answers in a process of its own: the backend, or the error's message. */
async function startIn(wanted: readonly string[], flags: readonly string[]): Promise<unknown> {
  const program = `import('./workers/model/backend.ts').then(async ({ startBackend }) => {
    const answers = []
    for (const wanted of ${JSON.stringify(wanted)}) answers.push(await startBackend(wanted).catch((error) => error.message))
    console.log(JSON.stringify(answers))
  })`
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--import', 'tsx', '--eval', program], { cwd: root })
  return JSON.parse(stdout)
}

test('where the native library does not load, TensorFlow fails by name, and auto takes wasm and says why', async () => {
  // With this flag Node loads no native library at all.
  expect(await startIn(['tensorflow', 'auto'], ['--no-addons'])).toEqual([
    expect.stringMatching(/^TensorFlow did not start: .*addon/),
    { name: 'wasm', tensorflow: null, gpu: false, fallbackReason: expect.stringMatching(/addon/) as string },
  ])
}, 120_000)
