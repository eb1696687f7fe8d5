import { expect, test } from 'vitest'
import { StepPrinter } from './step-printer'

function printerTo(lines: string[]) {
  let now = 0
  const printer = new StepPrinter({ write: (text: string) => lines.push(text) }, () => now)
  return { printer, pass: (ms: number) => (now += ms) }
}

test('a step ends with its title and time, and hands back its result', async () => {
  const lines: string[] = []
  const { printer, pass } = printerTo(lines)
  const result = await printer.step('Building', () => {
    pass(1250)
    return Promise.resolve(42)
  })
  expect(result).toBe(42)
  expect(lines).toEqual(['✓ Building  1.3 s\n'])
})

test('a step that fails says so with its time, and the error goes on', async () => {
  const lines: string[] = []
  const { printer, pass } = printerTo(lines)
  const failing = printer.step('Building', () => {
    pass(400)
    return Promise.reject(new Error('no compiler'))
  })
  await expect(failing).rejects.toThrow('no compiler')
  expect(lines).toEqual(['✗ Building  0.4 s\n'])
})
