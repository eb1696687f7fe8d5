'use client'

import ArrowUp from 'lucide-react/icons/arrow-up'
import Square from 'lucide-react/icons/square'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'

import { IconButton } from '@/app/_components/icon-button'
import { Select } from '@/app/_components/select'
import type { ModelChoice } from '@/app/_server/text-models'

interface ComposerProps {
  /** An answer is under way: the button stops it. */
  busy: boolean
  models: readonly ModelChoice[]
  model: string
  onModel: (model: string) => void
  /** Resolves false where the text was not taken; it is then put back. */
  onSend: (content: string) => Promise<boolean>
  onStop: () => void
}

const MAX_HEIGHT_PX = 220

export function Composer({ busy, models, model, onModel, onSend, onStop }: ComposerProps) {
  const [text, setText] = useState('')
  const input = useRef<HTMLTextAreaElement>(null)

  // The field grows with its text, up to a limit from which on it scrolls.
  useEffect(() => {
    const element = input.current
    if (element === null) return
    element.style.height = 'auto'
    element.style.height = `${Math.min(element.scrollHeight, MAX_HEIGHT_PX)}px`
  }, [text])

  // Where there is a keyboard, one can write at once.
  useEffect(() => {
    if (window.matchMedia('(pointer: fine)').matches) input.current?.focus()
  }, [])

  const send = async (): Promise<void> => {
    const content = text.trim()
    if (content === '' || busy) return
    setText('')
    if (!(await onSend(content))) setText((typed) => (typed === '' ? content : typed))
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    void send()
  }

  return (
    <div className="rounded-[1.4rem] border border-line bg-surface shadow-float transition-colors focus-within:border-accent">
      <textarea
        ref={input}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        rows={1}
        maxLength={20_000}
        aria-label="Message"
        placeholder="Write a message"
        enterKeyHint="send"
        className="block max-h-56 w-full resize-none bg-transparent px-4 pt-3.5 pb-1 outline-none"
      />
      <div className="flex items-center justify-between gap-2 p-2">
        <Select
          label="Model"
          look="quiet"
          value={model}
          options={models.map(({ name }) => ({ value: name, label: name }))}
          onChange={onModel}
          className="text-muted"
        />
        {busy ? (
          <IconButton label="Stop" icon={<Square aria-hidden className="size-3.5! fill-current" />} tone="accent" size="large" round onClick={onStop} />
        ) : (
          <IconButton
            label="Send"
            icon={<ArrowUp aria-hidden />}
            tone="accent"
            size="large"
            round
            disabled={text.trim() === ''}
            onClick={() => void send()}
          />
        )}
      </div>
    </div>
  )
}
