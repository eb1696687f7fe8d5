'use client'

import ArrowDown from 'lucide-react/icons/arrow-down'
import { useState } from 'react'

import { useStickToBottom } from '@/app/_browser/use-stick-to-bottom'
import { LogoMark } from '@/app/_components/logo'
import { Notice } from '@/app/_components/notice'
import type { ModelChoice } from '@/app/_server/text-models'
import type { ChatMessage } from '@/lib/contract/browser'

import { Composer } from './composer'
import { AnswerPlaceholder, Message, Question } from './message'
import { useConversation } from './use-conversation'

interface ChatViewProps {
  conversation: { id: string; title: string; model: string; messages: readonly ChatMessage[] } | null
  models: readonly ModelChoice[]
}

const SUGGESTIONS = ['How are you?', 'What can you do?', 'Tell me a joke', 'Are you a robot?'] as const

export function ChatView({ conversation, models }: ChatViewProps) {
  const { messages, sending, error, busy, send, regenerate, stop } = useConversation(conversation?.id ?? null, conversation?.messages ?? [])
  const [model, setModel] = useState(conversation?.model ?? models[0]?.name ?? '')
  const { container, atBottom, scrollToBottom } = useStickToBottom()
  const language = models.find(({ name }) => name === model)?.language ?? undefined
  const last = messages.at(-1)
  const empty = messages.length === 0 && sending === null

  const submit = async (content: string): Promise<boolean> => {
    scrollToBottom()
    return send(content, model)
  }

  return (
    <>
      <div className="relative min-h-0 flex-1">
        <div ref={container} className="h-full overflow-y-auto" tabIndex={-1}>
          <div className="mx-auto flex min-h-full w-full max-w-3xl flex-col px-4 py-6 md:px-6">
            {empty ? (
              <Welcome onChoose={(suggestion) => void submit(suggestion)} />
            ) : (
              <>
                <h1 className="sr-only">{conversation?.title ?? 'New chat'}</h1>
                <div role="log" aria-live="off" aria-label="Messages" className="space-y-6">
                  {messages.map((message) => (
                    <Message
                      key={message.id}
                      message={message}
                      language={language}
                      onAgain={message === last && !busy ? () => void regenerate(model) : undefined}
                    />
                  ))}
                  {sending !== null && (
                    <>
                      <Question content={sending} />
                      <AnswerPlaceholder />
                    </>
                  )}
                </div>
              </>
            )}
          </div>
        </div>
        {!atBottom && !empty && (
          <button
            type="button"
            onClick={scrollToBottom}
            aria-label="To the newest message"
            className="absolute bottom-3 left-1/2 grid size-9 -translate-x-1/2 place-items-center rounded-full border border-line bg-raised text-muted shadow-float hover:text-ink"
          >
            <ArrowDown aria-hidden className="size-4.5" />
          </button>
        )}
      </div>
      <div className="mx-auto w-full max-w-3xl px-3 pb-2 md:px-6 md:pb-3">
        {error !== null && (
          <div className="mb-2">
            <Notice tone="error">{error}</Notice>
          </div>
        )}
        <Composer busy={busy} models={models} model={model} onModel={setModel} onSend={submit} onStop={() => void stop()} />
        <p className="mt-1.5 text-center text-[0.8rem] text-muted">Written by a small language model. It may be wrong.</p>
      </div>
      <p role="status" className="sr-only">
        {busy ? 'The answer is being written.' : last?.generation ? `Answer: ${last.content}` : ''}
      </p>
    </>
  )
}

function Welcome({ onChoose }: { onChoose: (suggestion: string) => void }) {
  return (
    <div className="my-auto py-6 text-center">
      <LogoMark className="mx-auto size-11" />
      <h1 className="mt-5 text-2xl font-semibold tracking-tight">What is on your mind?</h1>
      <p className="mt-1.5 text-muted">The bundled model is good for a little small talk in English.</p>
      <ul aria-label="Suggestions" className="mx-auto mt-7 flex max-w-lg flex-wrap justify-center gap-2">
        {SUGGESTIONS.map((suggestion) => (
          <li key={suggestion}>
            <button
              type="button"
              onClick={() => onChoose(suggestion)}
              className="min-h-10 rounded-full border border-line bg-surface px-4 text-[0.95rem] shadow-card transition-colors hover:bg-hover"
            >
              {suggestion}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
