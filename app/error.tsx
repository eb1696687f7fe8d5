'use client'

import { Button } from './_components/button'

/** What a person sees when a page could not be made; the cause is in the server's log under the digest. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="grid min-h-[70dvh] place-items-center px-6 text-center">
      <div role="alert">
        <h1 className="text-2xl font-semibold tracking-tight">This page could not be shown</h1>
        <p className="mt-2 text-muted">Something failed on the server. Trying again may help.</p>
        {error.digest !== undefined && <p className="mt-1 font-mono text-[0.8rem] text-faint">Reference {error.digest}</p>}
        <Button className="mt-6" onClick={reset}>
          Try again
        </Button>
      </div>
    </main>
  )
}
