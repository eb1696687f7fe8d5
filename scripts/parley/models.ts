import path from 'node:path'
import type { Command } from 'commander'
import { EnvHttpProxyAgent } from 'undici'
import { exportCheckpoint } from '@/lib/checkpoints/export-checkpoint'
import { HubClient } from '@/lib/checkpoints/hub-client'
import { PATIENT } from '@/lib/checkpoints/hub-faults'
import { importCheckpoint } from '@/lib/checkpoints/import-checkpoint'
import { pullCheckpoint } from '@/lib/checkpoints/pull-checkpoint'
import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import { CheckpointRegistry } from '@/lib/checkpoints/registry'
import { megabytes } from '../step-printer'
import type { Context } from './context'
import { pullProgress } from './pull-progress'

export function registryOf(context: Context): CheckpointRegistry {
  return new CheckpointRegistry({ dataDir: context.dataDir, bundledDir: context.bundledDir, defaultModel: context.env.PARLEY_MODEL })
}

function described(checkpoint: Checkpoint): Record<string, unknown> {
  const { config, card } = checkpoint
  return {
    name: checkpoint.name,
    dir: checkpoint.dir,
    bytes: checkpoint.bytes,
    layers: config.layers,
    embedding: config.embedding,
    positions: config.positions,
    vocabulary: config.vocabSize,
    tokenizer: checkpoint.hasTokenizer,
    directions: (card?.translation?.directions ?? []).map(([source, target]) => `${source}-${target}`),
    chat_languages: card?.chat?.languages ?? [],
    license: card?.license ?? null,
  }
}

function inWords(checkpoint: Checkpoint, isDefault: boolean): string {
  const { config, card, hasTokenizer } = checkpoint
  const uses = [
    ...(card?.translation?.directions ?? []).map(([source, target]) => `${source}→${target}`),
    ...(card?.chat === undefined ? [] : [`chat ${card.chat.languages.join(', ')}`.trim()]),
    ...(hasTokenizer ? [] : ['token ids alone, for it has no tokenizer.json']),
  ]
  const shape = `${config.layers} layers, width ${config.embedding}, ${config.positions} positions, ${megabytes(checkpoint.bytes)}`
  return `${checkpoint.name}${isDefault ? '  (default)' : ''}\n    ${shape}${uses.length === 0 ? '' : `; ${uses.join(', ')}`}\n    ${checkpoint.dir}`
}

function placed(checkpoint: Checkpoint, done: string): string {
  const hint = checkpoint.hasTokenizer ? '' : '\nIt has no tokenizer.json, so it takes prompts as token ids alone.'
  return `${checkpoint.name} ${done} (${megabytes(checkpoint.bytes)}, ${checkpoint.dir}).${hint}`
}

export function addModelCommands(program: Command, context: Context): void {
  const model = program.command('model').description('checkpoints: GPT-2-architecture folders in Hugging Face layout')
  const folders = { dataDir: context.dataDir, bundledDir: context.bundledDir }

  model
    .command('list')
    .description('the models that are served, and the folders that cannot be')
    .action(async () => {
      const registry = registryOf(context)
      const [models, problems] = [await registry.list(), await registry.problems()]
      const byDefault = await registry.default().then((checkpoint) => checkpoint.name, () => null)
      const lines = [...models.map((checkpoint) => inWords(checkpoint, checkpoint.name === byDefault)), ...problems.map(({ name, reason, dir }) => `${name}  (not served)\n    ${reason}\n    ${dir}`)]
      await context.answer({ json: { default: byDefault, models: models.map(described), problems }, text: lines.length === 0 ? 'There is no model yet.' : lines.join('\n') })
    })

  model
    .command('pull <repo>')
    .description('fetch a repository from the Hugging Face hub (HF_ENDPOINT, HF_TOKEN); goes on where it was broken off')
    .option('--revision <name>', 'a branch, tag or commit')
    .option('--name <name>', "serve it under another name than the repository's")
    .option('--force', 'replace a model of that name', false)
    .action(async (repo: string, options: { revision?: string; name?: string; force: boolean }) => {
      const hub = new HubClient({
        endpoint: context.env.HF_ENDPOINT,
        token: context.env.HF_TOKEN ?? null,
        retry: PATIENT,
        dispatcher: new EnvHttpProxyAgent({ connect: { timeout: 15_000 }, headersTimeout: 30_000, bodyTimeout: 30_000 }),
      })
      const pulled = await context.steps.step(`Pulling ${repo}`, (show) =>
        pullCheckpoint({ ...folders, hub, repo, revision: options.revision ?? null, name: options.name, force: options.force, onProgress: pullProgress(show) }),
      )
      const { checkpoint, commit, downloaded } = pulled
      await context.answer({
        json: { repo, commit, downloaded, ...described(checkpoint) },
        text: placed(checkpoint, downloaded ? 'was pulled and is served' : 'is up to date'),
      })
    })

  model
    .command('import <dir>')
    .description('copy a checkpoint folder in; it is checked first and served at once')
    .option('--name <name>', "serve it under another name than the folder's")
    .option('--force', 'replace a model of that name', false)
    .action(async (dir: string, options: { name?: string; force: boolean }) => {
      const source = path.resolve(context.workingDir, dir)
      const checkpoint = await context.steps.step(`Importing ${source}`, () => importCheckpoint({ ...folders, source, name: options.name, force: options.force }))
      await context.answer({ json: described(checkpoint), text: placed(checkpoint, 'was imported and is served') })
    })

  model
    .command('export <name> <dir>')
    .description('copy a model to a new folder, for other tools')
    .action(async (name: string, dir: string) => {
      const exported = await exportCheckpoint(registryOf(context), name, path.resolve(context.workingDir, dir))
      await context.answer({ json: { name, ...exported }, text: `${name} was exported to ${exported.dir} (${exported.files.length} files).` })
    })
}
