import { expect, test } from 'vitest'
import { chooseWheels, knownSha256, type Machine } from './wheel-choice'

const linux: Machine = { platform: 'linux', arch: 'x64', glibc: '2.36', gpu: false }

function packagesFor(machine: Machine): string[] {
  const choices = chooseWheels(machine, undefined)
  if (!Array.isArray(choices)) return []
  return choices.map(({ source }) => (source.kind === 'pip' ? `${source.package}==${source.version} ${source.platformTag}` : source.location))
}

test('without a card the CPU wheel is taken, with one the GPU wheel first', () => {
  expect(packagesFor(linux)).toEqual(['tensorflow-cpu==2.21.0 manylinux_2_27_x86_64'])
  expect(packagesFor({ ...linux, gpu: true })).toEqual(['tensorflow==2.21.0 manylinux_2_27_x86_64', 'tensorflow-cpu==2.21.0 manylinux_2_27_x86_64'])
})

test('on arm64 the wheels are for aarch64', () => {
  expect(packagesFor({ ...linux, arch: 'arm64' })[0]).toBe('tensorflow-cpu==2.21.0 manylinux_2_27_aarch64')
})

test('a system without such wheels is told why', () => {
  expect(chooseWheels({ ...linux, platform: 'darwin' }, undefined)).toEqual({ reason: expect.stringContaining('darwin') as unknown })
  expect(chooseWheels({ ...linux, glibc: null }, undefined)).toEqual({ reason: expect.stringContaining('glibc') as unknown })
})

test('PARLEY_TENSORFLOW_WHEEL is taken as a path and as an address, and shares its cache entry by name', () => {
  const name = 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl'
  for (const location of [`/wheels/${name}`, `https://files.example.com/${name}?version=1`]) {
    expect(chooseWheels(linux, location)).toEqual([{ source: { kind: 'file', location }, id: name.replace('.whl', ''), gpu: false }])
  }
  expect(knownSha256(name)).toMatch(/^[0-9a-f]{64}$/)
})

test('a file that is no TensorFlow wheel, or one for another machine, is refused by name', () => {
  expect(chooseWheels(linux, '/wheels/numpy-2.0.0-cp311-cp311-manylinux_2_27_x86_64.whl')).toHaveProperty('reason', expect.stringContaining('numpy'))
  expect(chooseWheels(linux, '/wheels/tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl')).toHaveProperty('reason', expect.stringContaining('aarch64'))
})
