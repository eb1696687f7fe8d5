import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useRef, useState } from 'react'

import { callApi, messageOf, request } from '@/app/_browser/call-api'
import { useGeneration, type Following } from '@/app/_browser/use-generation'
import { conversationMessages, created, type ChatMessage, type GenerationEvent } from '@/lib/contract/browser'

interface Conversation {
  /** In order; the last one may be under way. */
  messages: readonly ChatMessage[]
  /** The question that is on its way to the server. */
  sending: string | null
  /** Why the last action failed. */
  error: string | null
  /** Whether an answer is under way, or about to be. */
  busy: boolean
  /** Resolves false where the question was not taken, so that its text can be kept. */
  send: (content: string, model: string | undefined) => Promise<boolean>
  regenerate: (model: string | undefined) => Promise<void>
  stop: () => Promise<void>
}

function runningIn(messages: readonly ChatMessage[]): Following | null {
  const generation = messages.at(-1)?.generation
  return generation?.status === 'running' ? { generationId: generation.id, after: generation.after } : null
}

/** The messages after an event of the generation that writes the last one. */
function apply(messages: readonly ChatMessage[], event: GenerationEvent): readonly ChatMessage[] {
  const last = messages.at(-1)
  if (!last?.generation) return messages
  const changed: ChatMessage =
    event.type === 'chunk'
      ? { ...last, content: last.content + event.text }
      : { ...last, content: event.texts[0] ?? last.content, generation: { ...last.generation, status: event.status, error: event.error } }
  return [...messages.slice(0, -1), changed]
}

/** A conversation's state on its page. `id` null: one that its first message will open. */
export function useConversation(id: string | null, initial: readonly ChatMessage[]): Conversation {
  const router = useRouter()
  const [messages, setMessages] = useState(initial)
  const [following, setFollowing] = useState<Following | null>(() => runningIn(initial))
  const [sending, setSending] = useState<string | null>(null)
  const [regenerating, setRegenerating] = useState(false)
  const [error, setError] = useState<string | null>(null)
  // A stop that was asked for before the server had said which answer it started.
  const stopEarly = useRef(false)
  const busy = following !== null || sending !== null || regenerating

  const requestStop = async (answer: Following | null): Promise<void> => {
    stopEarly.current = false
    if (answer === null) return
    try {
      await request(`/api/generations/${answer.generationId}/stop`, { method: 'POST' })
    } catch (thrown) {
      setError(messageOf(thrown))
    }
  }

  const show = (newest: readonly ChatMessage[]): void => {
    setMessages(newest)
    setFollowing(runningIn(newest))
    if (stopEarly.current) void requestStop(runningIn(newest))
  }

  const reload = async (): Promise<void> => {
    if (id === null) return
    try {
      show((await callApi(`/api/conversations/${id}`, conversationMessages)).messages)
    } catch (thrown) {
      setFollowing(null)
      setError(messageOf(thrown))
    }
  }

  useGeneration(
    following,
    (event) => {
      setMessages((current) => apply(current, event))
      if (event.type === 'end') setFollowing(null)
    },
    () => void reload(),
  )

  // Another tab may have gone on with the conversation while this one was out of sight.
  const comeBack = useEffectEvent(() => {
    if (document.visibilityState === 'visible' && !busy) void reload()
  })
  useEffect(() => {
    const listener = (): void => comeBack()
    document.addEventListener('visibilitychange', listener)
    return () => document.removeEventListener('visibilitychange', listener)
  }, [])

  const send = async (content: string, model: string | undefined): Promise<boolean> => {
    setSending(content)
    setError(null)
    try {
      if (id === null) {
        const opened = await callApi('/api/conversations', created, { method: 'POST', body: { content, model } })
        if (stopEarly.current) await requestStop(runningIn((await callApi(`/api/conversations/${opened.id}`, conversationMessages)).messages))
        router.push(`/chat/${opened.id}`)
        router.refresh()
        // The question stays shown until the conversation's own page takes over.
        return true
      }
      const sent = await callApi(`/api/conversations/${id}/messages`, conversationMessages, { method: 'POST', body: { content, model } })
      show(sent.messages)
      setSending(null)
      router.refresh()
      return true
    } catch (thrown) {
      setSending(null)
      setError(messageOf(thrown))
      return false
    }
  }

  const regenerate = async (model: string | undefined): Promise<void> => {
    if (id === null) return
    setRegenerating(true)
    setError(null)
    try {
      show((await callApi(`/api/conversations/${id}/regenerate`, conversationMessages, { method: 'POST', body: { model } })).messages)
    } catch (thrown) {
      setError(messageOf(thrown))
    }
    setRegenerating(false)
  }

  const stop = async (): Promise<void> => {
    if (following === null) stopEarly.current = true
    else await requestStop(following)
  }

  return { messages, sending, error, busy, send, regenerate, stop }
}
