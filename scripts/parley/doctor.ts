import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { checkDatabase, shownAddress } from '../database/check-database'
import { runProgram } from '../run-program'
import { readRuntime } from '../runtime-file'
import type { Runtime } from '../runtime-file'
import { metricsTokenOf } from '../secrets'
import { describeFailure } from '../setup-error'
import type { Context, Outcome } from './context'
import { examineBackend, examineWorker } from './doctor-engine'
import type { Finding } from './doctor-engine'
import { registryOf } from './models'

interface DatabaseFinding extends Finding {
  kind: 'embedded' | 'external'
  address: string
}

/** Looks without starting or changing anything. */
async function examineDatabase(context: Context, running: Runtime | null): Promise<DatabaseFinding> {
  const external = context.env.DATABASE_URL
  const kind = external === undefined ? 'embedded' : 'external'
  const url = external ?? running?.ownerUrl
  if (url === undefined) {
    const folder = path.join(context.dataDir, 'postgres')
    return { kind, address: folder, status: 'stopped', error: existsSync(folder) ? null : 'There is none yet; the first `npm run up` makes it.' }
  }
  const address = URL.canParse(url) ? shownAddress(url) : 'DATABASE_URL'
  return checkDatabase(url).then(
    (): DatabaseFinding => ({ kind, address, status: 'ok', error: null }),
    (error: unknown): DatabaseFinding => ({ kind, address, status: 'failed', error: describeFailure(error) }),
  )
}

async function examineModel(context: Context): Promise<Finding & { name: string; served: string[]; problems: { name: string; reason: string }[] }> {
  const registry = registryOf(context)
  const served = (await registry.list()).map((checkpoint) => checkpoint.name)
  const problems = (await registry.problems()).map(({ name, reason }) => ({ name, reason }))
  const chosen = await registry.default().then(
    (checkpoint) => ({ name: checkpoint.name, status: 'ok' as const, error: null }),
    (error: unknown) => ({ name: context.env.PARLEY_MODEL, status: 'failed' as const, error: describeFailure(error) }),
  )
  return { ...chosen, served, problems }
}

async function graphicsCards(): Promise<string[]> {
  const answer = await runProgram('nvidia-smi', ['--query-gpu=name,memory.total', '--format=csv,noheader'], { timeoutMs: 20_000 })
  return answer.code === 0 ? answer.stdout.trim().split('\n').filter(Boolean) : []
}

function line(title: string, finding: Finding, detail: string): string {
  const mark = { ok: '✓', stopped: '-', failed: '✗' }[finding.status]
  const error = finding.error === null ? '' : `\n    ${finding.error.replaceAll('\n', '\n    ')}`
  return `${mark} ${title.padEnd(9)} ${detail}${error}`
}

async function examine(context: Context): Promise<Outcome> {
  const running = await readRuntime(context.dataDir)
  const [database, model, worker, cards] = await Promise.all([examineDatabase(context, running), examineModel(context), examineWorker(context, running), graphicsCards()])
  const engine = worker.computes ?? (await context.steps.step('Starting the backend to see', () => examineBackend(context)))
  const failed = [database, model, worker, engine].some((finding) => finding.status === 'failed')

  const computes = engine.backend === 'tensorflow' ? `TensorFlow ${engine.tensorflow ?? ''} on the ${engine.gpu ? 'GPU' : 'CPU'}` : (engine.backend ?? 'none')
  const problems = model.problems.map(({ name, reason }) => `\n    ${name} is not served: ${reason}`).join('')
  const metricsToken = context.env.METRICS_TOKEN ?? (await metricsTokenOf(context.dataDir))
  const metrics = metricsToken === null ? 'the token is made by the first `npm run up`' : `GET /api/metrics with the bearer token ${metricsToken}`
  const text = [
    running === null ? '- app       not running over this data folder' : `✓ app       ${running.appUrl} (process ${running.pid})`,
    line('backend', engine, computes),
    `  GPU       ${cards.length === 0 ? 'no NVIDIA card answers' : cards.join('; ')}`,
    line('database', database, `${database.kind}, ${database.address}`),
    line('model', model, `${model.name}; served: ${model.served.join(', ')}${problems}`),
    line('worker', worker, worker.address ?? 'not running'),
    `  metrics   ${metrics}`,
    `  data      ${context.dataDir}`,
    `  Node      ${process.versions.node} on ${process.platform} ${process.arch}`,
  ]
  return {
    json: {
      status: failed ? 'failed' : 'ok',
      app: running === null ? null : { url: running.appUrl, pid: running.pid },
      backend: engine.backend,
      tensorflow: engine.tensorflow,
      gpu: engine.gpu,
      gpu_cards: cards,
      fallback_reason: engine.fallbackReason,
      backend_error: engine.error,
      database,
      model,
      worker: { status: worker.status, address: worker.address, error: worker.error },
      metrics_token: metricsToken,
      data_dir: context.dataDir,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
    },
    text: text.join('\n'),
    failed,
  }
}

export function addDoctorCommand(program: Command, context: Context): void {
  program
    .command('doctor')
    .description('what runs on what: backend, TensorFlow, GPU, database, model, worker; changes nothing, exit code 1 where something fails')
    .action(async () => context.answer(await examine(context)))
}
