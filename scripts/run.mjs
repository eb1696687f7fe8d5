/**
 * Runs one of the project's programs: `node scripts/run.mjs NAME [arguments]` runs scripts/NAME.ts.
 * It is plain JavaScript without packages, because it is what installs them. It prints to stderr alone:
 * stdout belongs to the program.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import path from 'node:path'
import { clearInterval, setInterval, setTimeout } from 'node:timers'
import { fileURLToPath } from 'node:url'

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const PROGRAMS = ['up', 'test', 'check', 'bench', 'parley']
const SIGNALS = ['SIGINT', 'SIGTERM']

const [name, ...args] = process.argv.slice(2)

if (!PROGRAMS.includes(name)) fail(`Usage: node scripts/run.mjs ${PROGRAMS.join('|')} [arguments]`)
assertNodeVersion()
if (existsSync(path.join(ROOT, '.env'))) process.loadEnvFile(path.join(ROOT, '.env'))
await oneAtATime(async () => {
  await installPackages()
  await generatePrismaClient()
})
runProgram()

function assertNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  fail(`Parley needs Node 20.19 or later; this is ${process.versions.node}. Install it from nodejs.org or with a version manager, then run the command again.`)
}

/** Two commands started at once in a fresh clone must not install into the same folder. */
async function oneAtATime(work) {
  const lock = path.join(tmpdir(), `parley-install-${createHash('sha256').update(ROOT).digest('hex').slice(0, 16)}`)
  for (let told = false; !takeLock(lock); ) {
    if (!told) say('Another command is installing here; waiting for it.')
    told = true
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  try {
    await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function takeLock(file) {
  try {
    const handle = openSync(file, 'wx')
    writeSync(handle, String(process.pid))
    closeSync(handle)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0)
  } catch (error) {
    // Its holder is dead, or was between making the file and writing into it.
    if (error.code === 'ESRCH') rmSync(file, { force: true })
  }
  return false
}

async function installPackages() {
  if (isInstalled()) return
  const npm = process.env.npm_execpath
  // NODE_ENV=production must not leave out what the build and the tests need.
  const install = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const command = npm?.endsWith('.js') ? [process.execPath, npm, ...install] : ['npm', ...install]
  await runStep('Installing packages (npm ci)', command, process.env, 'check the network and the npm registry that this machine uses, then run the command again')
  if (!isInstalled()) fail('npm ci ended well, yet node_modules is not what package-lock.json asks for. Delete node_modules and run the command again.')
}

/** Compares npm's record of what it installed with the lock; what is only for other platforms may be missing. */
function isInstalled() {
  const record = path.join(ROOT, 'node_modules/.package-lock.json')
  if (!existsSync(record)) return false
  const wanted = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')).packages
  const present = JSON.parse(readFileSync(record, 'utf8')).packages
  const same = (a, b) => a.version === b.version && a.integrity === b.integrity
  const complete = Object.entries(wanted).every(([key, entry]) => key === '' || (present[key] === undefined ? entry.optional === true : same(entry, present[key])))
  return complete && Object.keys(present).every((key) => wanted[key] !== undefined)
}

/** The client is generated code, so it is made here whenever the schema changed. */
async function generatePrismaClient() {
  const schema = path.join(ROOT, 'prisma/schema.prisma')
  const stamp = path.join(ROOT, 'lib/db/generated/.stamp')
  const hash = createHash('sha256')
  for (const file of [schema, path.join(ROOT, 'prisma.config.ts'), path.join(ROOT, 'node_modules/prisma/package.json')]) hash.update(readFileSync(file))
  const wanted = hash.digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  // Prisma insists on an engine binary that `generate` never starts; any executable will do.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' }
  const command = [process.execPath, path.join(ROOT, 'node_modules/prisma/build/index.js'), 'generate']
  await runStep('Generating the database client', command, env, 'correct prisma/schema.prisma')
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

/** Runs a command to its end; its output is shown where it fails. */
async function runStep(title, [program, ...programArgs], env, advice) {
  const started = Date.now()
  const seconds = () => ((Date.now() - started) / 1000).toFixed(1)
  const tick = setInterval(() => say(`… ${title} (${seconds()} s)`), 5000)
  const child = spawn(program, programArgs, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output += error.message
      resolve(-1)
    })
    child.on('close', resolve)
  })
  clearInterval(tick)
  if (code !== 0) fail(`${title} failed:\n${output.trim().split('\n').slice(-25).join('\n')}\nWhat to do: ${advice}.`)
  say(`✓ ${title}  ${seconds()} s`)
}

/** Hands over to the program; signals go to it and its exit code comes back. */
function runProgram() {
  const child = spawn(process.execPath, ['--import', 'tsx', `scripts/${name}.ts`, ...args], { cwd: ROOT, stdio: 'inherit' })
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal))
  // npm passes signals to a shell between; if that dies of one, the program must still learn of it.
  const parent = process.ppid
  if (process.env.npm_lifecycle_event !== undefined) {
    setInterval(() => {
      if (process.ppid !== parent) child.kill('SIGTERM')
    }, 500)
  }
  child.on('error', (error) => fail(error.message))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

function say(text) {
  process.stderr.write(`${text}\n`)
}

function fail(text) {
  say(text)
  process.exit(1)
}
