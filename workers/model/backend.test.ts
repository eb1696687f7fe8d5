import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const root = path.join(import.meta.dirname, '../..')

/** What a process of its own answers; `--no-addons` keeps every native library from loading. */
async function startIn(wanted: string, flags: readonly string[]): Promise<string> {
  const program = `import('./workers/model/backend.ts')
    .then(({ startBackend }) => startBackend('${wanted}'))
    .then((backend) => console.log(JSON.stringify(backend)), (error) => console.log(error.message))`
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--import', 'tsx', '--eval', program], { cwd: root })
  return stdout.trim()
}

describe('the backend', () => {
  test('auto takes TensorFlow and tells its version', async () => {
    const backend: unknown = JSON.parse(await startIn('auto', []))
    expect(backend).toMatchObject({ name: 'tensorflow', tensorflow: expect.stringMatching(/^2\.\d+\.\d+/) as string, fallbackReason: null })
  })

  test('auto falls back to wasm where the native library does not load, and says why', async () => {
    const backend: unknown = JSON.parse(await startIn('auto', ['--no-addons']))
    expect(backend).toEqual({ name: 'wasm', tensorflow: null, gpu: false, fallbackReason: expect.stringMatching(/addon/) as string })
  })

  test('tensorflow, asked for by name, fails where the native library does not load', async () => {
    expect(await startIn('tensorflow', ['--no-addons'])).toMatch(/^TensorFlow did not start: .*addon/)
  })
})
