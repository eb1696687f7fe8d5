'use client'

import Square from 'lucide-react/icons/square'
import Volume2 from 'lucide-react/icons/volume-2'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'

import { IconButton } from './icon-button'

interface ReadAloudButtonProps {
  text: string
  /** A language code, such as "fr"; undefined where it is not known. */
  language?: string | undefined
  label?: string
}

const unchanging = (): (() => void) => () => undefined

function sentences(text: string, language: string | undefined): string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' })
  return Array.from(segmenter.segment(text), ({ segment }) => segment.trim()).filter((sentence) => sentence !== '')
}

/** Reads a text with the browser's own voice; absent where the browser has none. */
export function ReadAloudButton({ text, language, label = 'Read aloud' }: ReadAloudButtonProps) {
  const supported = useSyncExternalStore(
    unchanging,
    () => 'speechSynthesis' in window,
    () => false,
  )
  const [speaking, setSpeaking] = useState(false)
  // The utterance whose end means that this button's text is over; another button's start replaces it.
  const last = useRef<SpeechSynthesisUtterance | null>(null)

  useEffect(() => {
    return () => {
      if (last.current !== null) window.speechSynthesis.cancel()
    }
  }, [])

  if (!supported) return null

  const stop = (): void => {
    last.current = null
    window.speechSynthesis.cancel()
    setSpeaking(false)
  }

  const start = (): void => {
    window.speechSynthesis.cancel()
    const voice = language === undefined ? undefined : window.speechSynthesis.getVoices().find(({ lang }) => lang.toLowerCase().startsWith(language))
    // Sentence by sentence: some browsers break off an utterance after about 15 seconds.
    for (const sentence of sentences(text, language)) {
      const utterance = new SpeechSynthesisUtterance(sentence)
      if (language !== undefined) utterance.lang = language
      if (voice !== undefined) utterance.voice = voice
      const over = (): void => {
        if (last.current !== utterance) return
        last.current = null
        setSpeaking(false)
      }
      utterance.onend = over
      // A cancel arrives here, also one by another button: nothing more of this text will be said.
      utterance.onerror = () => {
        last.current = null
        setSpeaking(false)
      }
      last.current = utterance
      window.speechSynthesis.speak(utterance)
    }
    setSpeaking(last.current !== null)
  }

  return (
    <IconButton
      label={speaking ? 'Stop reading' : label}
      aria-pressed={speaking}
      icon={speaking ? <Square aria-hidden className="fill-current" /> : <Volume2 aria-hidden />}
      disabled={text.trim() === ''}
      onClick={speaking ? stop : start}
    />
  )
}
