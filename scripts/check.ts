import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { StepPrinter } from './step-printer'
import { runFastStages } from './test/fast-stages'
import { tallyLine } from './test/tally'

/** `npm run check`: everything that proves the project without a browser. */
const tally = await runFastStages(path.dirname(path.dirname(fileURLToPath(import.meta.url))), new StepPrinter(process.stdout))
process.stdout.write(`\n${tallyLine(tally)}\n`)
process.exit(tally.failed === 0 ? 0 : 1)
