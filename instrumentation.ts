/** Called by Next once, when the server starts. */
export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return
  const [{ notePeerAddresses }, { countRequestsInFlight }, { startUpkeep }] = await Promise.all([
    import('./lib/http/client-address'),
    import('./lib/http/process-status'),
    import('./app/_server/upkeep'),
  ])
  notePeerAddresses()
  countRequestsInFlight()
  startUpkeep()
}
