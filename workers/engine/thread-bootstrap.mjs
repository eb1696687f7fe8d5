// A thread does not inherit the loader that lets the main one import TypeScript.
import { register } from 'tsx/esm/api'

register()
await import('./thread.ts')
