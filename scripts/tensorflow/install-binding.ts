import path from 'node:path'
import { runProgram } from '../run-program'
import { messageOf, SetupError } from '../setup-error'
import type { StepPrinter } from '../step-printer'
import { builtBinding, linkBinding, unlinkBinding, type BuiltBinding } from './build-binding'
import { chooseWheels, type Machine } from './wheel-choice'

export type InstalledBinding =
  | {
      installed: true
      package: string
      version: string
      gpu: boolean
      /** For the worker's LD_LIBRARY_PATH; null where it needs none. */
      libraryPath: string | null
    }
  | { installed: false; reason: string; advice: string }

/**
 * Puts the TensorFlow binding into node_modules, from the cache or newly built. Where that cannot be
 * done, says why; with `backend` 'tensorflow' that is an error, otherwise the worker runs on wasm.
 * @param root the project's folder
 * @param wheel PARLEY_TENSORFLOW_WHEEL
 * @throws SetupError with backend 'tensorflow' alone
 */
export async function installBinding(options: {
  root: string
  backend: 'auto' | 'tensorflow' | 'wasm'
  cache: string
  wheel: string | undefined
  steps: StepPrinter
}): Promise<InstalledBinding> {
  if (options.backend === 'wasm') return { installed: false, reason: 'PARLEY_BACKEND is wasm', advice: 'unset PARLEY_BACKEND to run on TensorFlow' }
  const packageFolder = path.join(options.root, 'node_modules/@tensorflow/tfjs-node-gpu')
  try {
    return await options.steps.step('TensorFlow binding', async (progress) => {
      progress('looking at the machine')
      const choices = chooseWheels(await thisMachine(), options.wheel)
      if (!Array.isArray(choices)) throw new SetupError(choices.reason, 'run on wasm (PARLEY_BACKEND=wasm), or correct PARLEY_TENSORFLOW_WHEEL where it is set')
      const binding = await firstThatBuilds(choices.map((choice) => () => builtBinding({ choice, cache: options.cache, packageFolder, progress })))
      const libraryPath = binding.manifest.gpu ? path.join(binding.folder, 'deps/cuda') : null
      if (await linkBinding(binding, packageFolder)) {
        progress('loading')
        await assertLoads(options.root, libraryPath)
      }
      return { installed: true as const, package: binding.manifest.package, version: binding.manifest.version, gpu: binding.manifest.gpu, libraryPath }
    })
  } catch (error) {
    await unlinkBinding(packageFolder)
    if (options.backend === 'tensorflow') throw error
    return { installed: false, reason: messageOf(error), advice: error instanceof SetupError ? error.advice : 'see the message above' }
  }
}

async function firstThatBuilds(builds: readonly (() => Promise<BuiltBinding>)[]): Promise<BuiltBinding> {
  let failure: unknown = new SetupError('No TensorFlow wheel fits this machine', 'run on wasm (PARLEY_BACKEND=wasm)')
  for (const [index, build] of builds.entries()) {
    try {
      return await build()
    } catch (error) {
      // The first wheel is the one that was wanted, so its failure is the one to tell.
      if (index === 0) failure = error
    }
  }
  throw failure
}

async function thisMachine(): Promise<Machine> {
  const card = await runProgram('nvidia-smi', ['-L'], { timeoutMs: 20_000 })
  return { platform: process.platform, arch: process.arch, glibc: glibcVersion(), gpu: card.code === 0 && card.stdout.includes('GPU') }
}

function glibcVersion(): string | null {
  const report: unknown = process.report.getReport()
  if (typeof report !== 'object' || report === null || !('header' in report)) return null
  const { header } = report
  if (typeof header !== 'object' || header === null || !('glibcVersionRuntime' in header)) return null
  return String(header.glibcVersionRuntime)
}

/** Loads the addon once in a process of its own: a library that the system lacks is found here and named. */
async function assertLoads(root: string, libraryPath: string | null): Promise<void> {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', ...(libraryPath === null ? {} : { LD_LIBRARY_PATH: libraryPath }) }
  const addon = path.join(root, 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node')
  const result = await runProgram(process.execPath, ['-e', `require(${JSON.stringify(addon)})`], { cwd: root, env, timeoutMs: 120_000 })
  if (result.code === 0) return
  const complaint = result.stderr.split('\n').find((line) => line.startsWith('Error:')) ?? result.stderr.trim().split('\n').at(-1) ?? ''
  throw new SetupError(`The TensorFlow binding was built but does not load: ${complaint}`, 'install the library that it names, or run on wasm (PARLEY_BACKEND=wasm)')
}
