import { mkdir, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { lastLines, runProgram } from '../run-program'
import { SetupError } from '../setup-error'

/** The Node-API level of the package's binding, which also names the folder that it is looked for in. */
export const NAPI_VERSION = 8

export const COMPILE_FLAGS = ['-std=c++17', '-O2', '-fPIC', '-shared', '-pthread', `-DNAPI_VERSION=${NAPI_VERSION.toString()}`, "-Wl,-rpath,$ORIGIN/../../deps/lib"]

/**
 * The headers that the binding includes, directly or through others, out of the wheel's 268 MB of them.
 * Given a wheel's member, returns its path under the include folder, or null where it is not needed.
 */
export function neededHeader(member: string): string | null {
  const header = /^tensorflow\/include\/(.*)$/.exec(member)?.[1]
  if (header === undefined) return null
  const needed = /^(tensorflow\/c\/(eager\/)?[^/]+\.h|xla\/tsl\/c\/[^/]+\.h|(tensorflow\/core|tsl)\/platform\/ctstring(_internal)?\.h)$/
  return needed.test(header) ? header : null
}

/** Finds a C++ compiler: $CXX, then the usual names. */
export async function findCompiler(env: NodeJS.ProcessEnv): Promise<string> {
  const candidates = [env['CXX'], 'c++', 'g++', 'clang++'].filter((name): name is string => name !== undefined && name !== '')
  for (const name of candidates) {
    const { code } = await runProgram(name, ['--version'], { timeoutMs: 20_000 })
    if (code === 0) return name
  }
  throw new SetupError('No C++ compiler was found, and one is needed for the TensorFlow binding', 'install g++ (Debian: apt-get install g++) or clang, or set CXX')
}

/**
 * Compiles the binding of tfjs-node into `output`.
 * The addon speaks pure Node-API, so its headers are all that is needed of Node.
 * @param libraries folder of libtensorflow.so and libtensorflow_framework.so
 */
export async function compileAddon(options: { compiler: string; sources: string; include: string; libraries: string; output: string }): Promise<void> {
  const files = (await readdir(options.sources)).filter((name) => name.endsWith('.cc')).sort()
  const nodeHeaders = path.join(path.dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include')
  await mkdir(path.dirname(options.output), { recursive: true })
  const result = await runProgram(options.compiler, [
    ...COMPILE_FLAGS,
    `-I${options.include}`,
    `-I${nodeHeaders}`,
    ...files.map((name) => path.join(options.sources, name)),
    `-L${options.libraries}`,
    '-ltensorflow',
    '-ltensorflow_framework',
    '-o',
    options.output,
  ])
  if (result.code !== 0) {
    throw new SetupError(
      `The TensorFlow binding does not compile with ${options.compiler}:\n${lastLines(result.stderr, 8)}`,
      'use a C++17 compiler of this machine (g++ 9 or later), by CXX if it is not the default one',
    )
  }
}
