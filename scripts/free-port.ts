import { createServer } from 'node:net'
import { SetupError } from './setup-error'

/** A port that is free now on this host's loopback. Another process may take it before it is used. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return listenOnce(0, host)
}

/**
 * Makes sure that the port can be listened on, before anything is built for it.
 * @param variable the environment variable that sets it
 * @throws SetupError naming the variable
 */
export async function assertPortFree(port: number, host: string, variable: string): Promise<void> {
  try {
    await listenOnce(port, host)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'EADDRINUSE') {
      throw new SetupError(`Port ${port.toString()} on ${host} is in use by another program`, `stop that program, or set ${variable} to a free port (${variable}=${(port + 1).toString()} npm run up)`, { cause: error })
    }
    if (code === 'EACCES') throw new SetupError(`Port ${port.toString()} may not be used by this user`, `set ${variable} to a port above 1023`, { cause: error })
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new SetupError(`${host} is not an address of this machine`, 'correct HOST', { cause: error })
    throw error
  }
}

function listenOnce(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  })
}
