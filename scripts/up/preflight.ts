import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Env } from '@/lib/contract/env'
import { messageOf, SetupError } from '../setup-error'

/** Whether only this machine can reach what listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** The address by which this machine reaches what listens on `host`. */
export function localAddress(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${port.toString()}`
}

/**
 * Refuses settings that would open a door, and returns a warning for each that may be meant.
 * @throws SetupError
 */
export function checkSafety(env: Env): string[] {
  if (env.WORKER_URL === undefined && !isLoopback(env.WORKER_HOST) && env.WORKER_TOKEN === undefined) {
    throw new SetupError(`WORKER_HOST is ${env.WORKER_HOST}, so that others can reach the worker, and WORKER_TOKEN is not set`, 'set WORKER_TOKEN to a long random text, or leave WORKER_HOST on 127.0.0.1')
  }
  if (env.NEXTAUTH_SECRET !== undefined && env.NEXTAUTH_SECRET.length < 32) {
    throw new SetupError('NEXTAUTH_SECRET is shorter than 32 characters, so that sessions could be forged', 'set it to 32 random characters or more (openssl rand -base64 32), or unset it: one is made and kept in PARLEY_DATA')
  }
  if (env.NEXTAUTH_URL !== undefined && !/^https?:\/\/[^/]+/.test(env.NEXTAUTH_URL)) {
    throw new SetupError('NEXTAUTH_URL is not an http or https address', 'set it to the address that people open, such as https://parley.example.com')
  }
  if (env.WORKER_URL !== undefined && !/^https?:\/\/[^/]+/.test(env.WORKER_URL)) {
    throw new SetupError('WORKER_URL is not an http or https address', 'set it to the address of a running worker, such as http://10.0.0.5:8000, or unset it')
  }
  const warnings: string[] = []
  if (!isLoopback(env.HOST)) {
    if (env.NEXTAUTH_URL === undefined) warnings.push(`HOST is ${env.HOST} and NEXTAUTH_URL is not set: sign-in trusts the Host header; set NEXTAUTH_URL to the address that people open`)
    else if (env.NEXTAUTH_URL.startsWith('http:')) warnings.push('NEXTAUTH_URL is http: passwords and sessions cross the network in the clear; put Parley behind a proxy that speaks https')
  }
  if (env.WORKER_URL?.startsWith('http:') === true && !isLoopback(new URL(env.WORKER_URL).hostname) && env.WORKER_TOKEN === undefined) {
    warnings.push('WORKER_URL leads to another machine and WORKER_TOKEN is not set: whoever reaches that worker can use it')
  }
  return warnings
}

/**
 * Makes the data folder where it is missing, and a file in it.
 * @throws SetupError when this user cannot
 */
export async function assertWritable(folder: string): Promise<void> {
  const probe = path.join(folder, `.probe-${process.pid.toString()}`)
  try {
    await makeFolder(path.resolve(folder))
    await writeFile(probe, '')
    await rm(probe)
  } catch (error) {
    throw new SetupError(`The data folder ${folder} cannot be written: ${messageOf(error)}`, 'set PARLEY_DATA to a folder that this user may write', { cause: error })
  }
}

/** Step by step: mkdir's own recursion never returns where a file system takes no new folders, as under /proc. */
async function makeFolder(folder: string): Promise<void> {
  const present = await access(folder).then(() => true, () => false)
  if (present) return
  await makeFolder(path.dirname(folder))
  await mkdir(folder)
}
