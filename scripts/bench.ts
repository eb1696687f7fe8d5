import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { benchDecode } from './bench/decode'
import { benchGateway } from './bench/gateway'
import { benchLedger } from './bench/ledger'
import { printTable, writeResult, type BenchResult } from './bench/result'
import { benchStartup } from './bench/startup'
import { benchUsage } from './bench/usage'
import { describeFailure, SetupError } from './setup-error'
import { StepPrinter } from './step-printer'

/** `npm run bench -- [name]`: prints a table for each benchmark and writes bench/results/NAME.json. */

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

const BENCHES: Record<string, (root: string, steps: StepPrinter) => Promise<BenchResult>> = {
  decode: benchDecode,
  gateway: benchGateway,
  ledger: benchLedger,
  startup: benchStartup,
  usage: benchUsage,
}

async function main(names: readonly string[]): Promise<void> {
  const steps = new StepPrinter(process.stderr)
  for (const name of names.length === 0 ? Object.keys(BENCHES) : names) {
    const bench = BENCHES[name]
    if (bench === undefined) throw new SetupError(`There is no benchmark called ${name}`, `name one of ${Object.keys(BENCHES).join(', ')}`)
    const result = await bench(ROOT, steps)
    printTable(result, process.stdout)
    process.stdout.write(`\nWritten to ${await writeResult(ROOT, name, result)}\n`)
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${describeFailure(error)}\n`)
    process.exit(1)
  },
)
