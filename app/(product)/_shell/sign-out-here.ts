import { signOut } from 'next-auth/react'

/** Ends this browser's session and leaves the workspace by a whole new page, so that nothing of it stays in memory. */
export async function signOutHere(): Promise<void> {
  await signOut({ redirect: false })
  window.location.assign('/sign-in')
}
