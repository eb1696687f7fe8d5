import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'

import { Providers } from './_components/providers'
import { ThemeScript } from './_components/theme-script'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Parley', template: '%s · Parley' },
  description: 'A self-hosted workspace for chat, translation and writing with a language model on your own machine.',
  applicationName: 'Parley',
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  // The composer stays above the on-screen keyboard.
  interactiveWidget: 'resizes-content',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f7f7f4' },
    { media: '(prefers-color-scheme: dark)', color: '#111413' },
  ],
}

export default function RootLayout({ children }: { children: ReactNode }) {
  // The theme script changes <html> before React sees it.
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <ThemeScript />
      </head>
      <body className="font-sans leading-normal">
        <Providers>{children}</Providers>
      </body>
    </html>
  )
}
