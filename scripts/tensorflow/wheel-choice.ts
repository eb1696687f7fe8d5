import path from 'node:path'

export const TENSORFLOW_VERSION = '2.21.0'

/** sha256 of wheels that were checked by hand; any other is held against the hashes in its own RECORD. */
const KNOWN_WHEELS: ReadonlyMap<string, string> = new Map([
  ['tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl', '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c'],
])

export interface Machine {
  platform: string
  arch: string
  /** null where the C library is not glibc, which the wheels are linked against. */
  glibc: string | null
  /** An NVIDIA card answers. */
  gpu: boolean
}

export interface WheelChoice {
  /** Where the wheel comes from: pip, by name and version, or one file or address. */
  source: { kind: 'pip'; package: string; version: string; platformTag: string } | { kind: 'file'; location: string }
  /** Names the wheel in the cache. */
  id: string
  /** The wheel computes on a GPU and needs NVIDIA's libraries. */
  gpu: boolean
}

const WHEEL_NAME = /^(tensorflow(?:_cpu)?)-(\d+\.\d+\.\d+)-[\w.]+-[\w.]+-(\w+)\.whl$/
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' }

/**
 * The wheels that may serve this machine, best first; or the reason why none can.
 * @param override PARLEY_TENSORFLOW_WHEEL: a path or an https address
 */
export function chooseWheels(machine: Machine, override: string | undefined): WheelChoice[] | { reason: string } {
  const architecture = ARCHITECTURES[machine.arch]
  if (machine.platform !== 'linux' || architecture === undefined) {
    return { reason: `TensorFlow's library is taken for Linux on x86-64 and arm64; this is ${machine.platform} on ${machine.arch}` }
  }
  if (machine.glibc === null) return { reason: "TensorFlow's library needs glibc, and this system's C library is another one" }
  if (override !== undefined) {
    const name = wheelFileName(override)
    const [, packageName, , platformTag] = WHEEL_NAME.exec(name) ?? []
    if (packageName === undefined || platformTag === undefined) {
      return { reason: `PARLEY_TENSORFLOW_WHEEL names no TensorFlow wheel (tensorflow_cpu-VERSION-…-${architecture}.whl): ${override}` }
    }
    if (!platformTag.endsWith(architecture)) return { reason: `PARLEY_TENSORFLOW_WHEEL is for ${platformTag}; this machine is ${architecture}` }
    return [{ source: { kind: 'file', location: override }, id: name.replace(/\.whl$/, ''), gpu: machine.gpu && packageName === 'tensorflow' }]
  }
  const fromPip = (name: string, gpu: boolean): WheelChoice => {
    const platformTag = `manylinux_2_27_${architecture}`
    return {
      source: { kind: 'pip', package: name, version: TENSORFLOW_VERSION, platformTag },
      id: `${name.replace('-', '_')}-${TENSORFLOW_VERSION}-${platformTag}`,
      gpu,
    }
  }
  if (machine.gpu && machine.arch === 'x64') return [fromPip('tensorflow', true), fromPip('tensorflow-cpu', false)]
  // On arm64 the plain package is without CUDA, and not every version has the other name.
  return machine.arch === 'arm64' ? [fromPip('tensorflow-cpu', false), fromPip('tensorflow', false)] : [fromPip('tensorflow-cpu', false)]
}

export function wheelFileName(location: string): string {
  return /^https?:/.test(location) ? decodeURIComponent(path.posix.basename(new URL(location).pathname)) : path.basename(location)
}

/** The sha256 that a wheel of this name must have; null where none is known. */
export function knownSha256(fileName: string): string | null {
  return KNOWN_WHEELS.get(fileName) ?? null
}
