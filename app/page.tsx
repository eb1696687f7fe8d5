import ArrowRight from 'lucide-react/icons/arrow-right'
import Code from 'lucide-react/icons/code'
import Languages from 'lucide-react/icons/languages'
import MessageSquare from 'lucide-react/icons/message-square'
import PenLine from 'lucide-react/icons/pen-line'
import Link from 'next/link'
import type { ReactNode } from 'react'

import { currentSession } from '@/lib/auth/session'

import { buttonClasses } from './_components/button'
import { Logo } from './_components/logo'
import { ThemeChoice } from './_components/theme-choice'

const FEATURES = [
  { icon: MessageSquare, title: 'Chat', text: 'Answers appear word by word. Close the page and come back: the whole answer is there.' },
  { icon: Languages, title: 'Translate', text: 'Two panes, the language detected, long texts sentence by sentence with their line breaks kept.' },
  { icon: PenLine, title: 'Write', text: 'Give the opening lines and compare up to five drafts side by side, then go on with the best.' },
  { icon: Code, title: 'Build', text: 'The same models over an API that the official OpenAI and DeepL clients speak unchanged.' },
] as const

export default async function LandingPage() {
  const session = await currentSession()
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="mx-auto flex w-full max-w-6xl items-center justify-between px-5 py-4 md:px-8">
        <Logo />
        <nav aria-label="Account" className="flex items-center gap-2">
          {session === null ? (
            <>
              <Link href="/sign-in" className={buttonClasses('ghost')}>
                Sign in
              </Link>
              <Link href="/sign-up" className={`${buttonClasses('primary')} max-sm:hidden`}>
                Sign up
              </Link>
            </>
          ) : (
            <Link href="/chat" className={buttonClasses('primary')}>
              Open Parley
            </Link>
          )}
        </nav>
      </header>

      <main className="flex-1">
        <section className="mx-auto grid w-full max-w-6xl items-center gap-12 px-5 pt-10 pb-16 md:px-8 md:pt-16 lg:grid-cols-[1.05fr_1fr] lg:gap-16 lg:pb-24">
          <div>
            <h1 className="text-4xl leading-[1.1] font-semibold tracking-tight text-balance md:text-5xl">Talk and translate on a machine of your own.</h1>
            <p className="mt-5 max-w-xl text-lg text-muted">
              Parley is a workspace for chat, translation and writing that your organisation hosts itself. The language model runs beside it; no text goes to
              anyone else.
            </p>
            <div className="mt-8 flex flex-wrap items-center gap-3">
              <Link href={session === null ? '/sign-up' : '/chat'} className={buttonClasses('primary', 'large')}>
                {session === null ? 'Create an account' : 'Open Parley'}
                <ArrowRight aria-hidden className="size-4.5" />
              </Link>
              {session === null && (
                <Link href="/sign-in" className={buttonClasses('secondary', 'large')}>
                  Sign in
                </Link>
              )}
            </div>
          </div>
          <Example />
        </section>

        <section aria-label="What it does" className="border-y border-line bg-surface">
          <ul className="mx-auto grid w-full max-w-6xl gap-x-10 gap-y-8 px-5 py-12 sm:grid-cols-2 md:px-8 lg:grid-cols-4">
            {FEATURES.map(({ icon: Icon, title, text }) => (
              <li key={title}>
                <Icon aria-hidden className="size-5.5 text-accent-ink" />
                <h2 className="mt-3 font-semibold">{title}</h2>
                <p className="mt-1 text-muted">{text}</p>
              </li>
            ))}
          </ul>
        </section>

        <section className="mx-auto w-full max-w-6xl px-5 py-14 md:px-8">
          <h2 className="text-xl font-semibold tracking-tight">What to expect</h2>
          <div className="mt-4 grid gap-6 text-muted md:grid-cols-2 md:gap-12">
            <p>
              The model that comes with Parley has five million parameters, thousands of times fewer than the large ones. It holds English small talk and
              translates short everyday sentences between English and French. It makes mistakes, knows no facts, and invents freely on anything longer or rarer.
            </p>
            <p>
              Any checkpoint of the GPT-2 architecture can take its place. Only what a model declares is offered: a language that it was not trained on is not in
              the list.
            </p>
          </div>
        </section>
      </main>

      <footer className="border-t border-line">
        <div className="mx-auto flex w-full max-w-6xl flex-wrap items-center justify-between gap-4 px-5 py-5 md:px-8">
          <p className="text-[0.87rem] text-muted">Parley is free software under the Apache License 2.0.</p>
          <ThemeChoice compact />
        </div>
      </footer>
    </div>
  )
}

/** Sentences that the bundled model has really translated, set like the page that does it. */
function Example() {
  return (
    <figure aria-label="Example of a translation" className="overflow-hidden rounded-2xl border border-line bg-surface shadow-float">
      <div className="grid grid-cols-2 border-b border-line text-[0.87rem] font-medium text-muted">
        <span className="border-r border-line px-5 py-3">English, detected</span>
        <span className="px-5 py-3">French</span>
      </div>
      <div className="grid grid-cols-2 text-[1.05rem]">
        <Pane>
          <p>She is my sister.</p>
          <p>I do not have time.</p>
          <p>We’re late.</p>
        </Pane>
        <Pane lang="fr">
          <p>C’est ma sœur.</p>
          <p>Je n’ai pas le temps.</p>
          <p>Nous sommes en retard.</p>
        </Pane>
      </div>
      <figcaption className="border-t border-line px-5 py-3 text-[0.8rem] text-muted">Translated by the bundled model.</figcaption>
    </figure>
  )
}

function Pane({ lang, children }: { lang?: string; children: ReactNode }) {
  return (
    <div lang={lang} className="min-h-44 space-y-3 px-5 py-5 first:border-r first:border-line">
      {children}
    </div>
  )
}
