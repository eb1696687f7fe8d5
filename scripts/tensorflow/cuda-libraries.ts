import path from 'node:path'
import type { Progress } from '../step-printer'
import { extractWheel, readWheelText, type ExtractedFile } from './wheel-archive'
import { pipDownload } from './wheel-download'

export interface Requirement {
  package: string
  /** pip's version specifiers, such as `>=12.5.3.2,<13.0`. */
  specifiers: string
}

/** NVIDIA's packages in the `and-cuda` extra of a wheel's METADATA. */
export function cudaRequirements(metadata: string): Requirement[] {
  return metadata.split(/\r?\n/).flatMap((line) => {
    const match = /^Requires-Dist: (nvidia-[\w-]+?) ?\(?([<>=!~][\w.,<>=!~ ]*?)\)? ?; ?extra == ["']and-cuda["']$/.exec(line)
    return match?.[1] === undefined || match[2] === undefined ? [] : [{ package: match[1], specifiers: match[2].replaceAll(' ', '') }]
  })
}

/** Where a CUDA wheel's shared library goes: all of them into one folder, which becomes the worker's LD_LIBRARY_PATH. */
export function cudaLibrary(member: string): string | null {
  return /^nvidia\/[^/]+\/lib\/([^/]+\.so(?:\.[\d.]+)?)$/.exec(member)?.[1] ?? null
}

/** Fetches the libraries that the GPU build of TensorFlow loads into `folder`. */
export async function fetchCudaLibraries(options: {
  tensorflowWheel: string
  platformTag: string
  downloads: string
  folder: string
  progress: Progress
}): Promise<ExtractedFile[]> {
  const metadata = await readWheelText(options.tensorflowWheel, /^[^/]+\.dist-info\/METADATA$/)
  const requirements = cudaRequirements(metadata ?? '')
  const extracted: ExtractedFile[] = []
  for (const [index, requirement] of requirements.entries()) {
    const label = `${requirement.package} (${(index + 1).toString()} of ${requirements.length.toString()})`
    const report: Progress = (text, part) => {
      options.progress(`${label}: ${text}`, part)
    }
    report('downloading')
    const request = { package: requirement.package, version: requirement.specifiers, platformTag: options.platformTag }
    const wheel = await pipDownload(request, path.join(options.downloads, requirement.package), report)
    const place = (member: string) => {
      const name = cudaLibrary(member)
      return name === null ? null : path.join(options.folder, name)
    }
    extracted.push(...(await extractWheel(wheel, place, report)))
  }
  return extracted
}
