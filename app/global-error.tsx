'use client'

/** The last resort, when even the layout failed; it has no styles but its own. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en" style={{ colorScheme: 'light dark', fontFamily: 'system-ui, sans-serif' }}>
      <body style={{ display: 'grid', minHeight: '90vh', placeItems: 'center', textAlign: 'center' }}>
        <main role="alert">
          <h1>Parley could not be shown</h1>
          <p>Something failed on the server.</p>
          <button type="button" onClick={reset}>
            Try again
          </button>
        </main>
      </body>
    </html>
  )
}
