import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { StepPrinter } from './step-printer'
import { runEndToEnd } from './test/end-to-end'
import { runFastStages } from './test/fast-stages'
import { sum, tallyLine } from './test/tally'

/** `npm test`: everything that proves the project, in a real browser too. */
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const steps = new StepPrinter(process.stdout)
const tally = sum([await runFastStages(root, steps), await runEndToEnd(root, steps)])
process.stdout.write(`\n${tallyLine(tally)}\n`)
process.exit(tally.failed === 0 ? 0 : 1)
