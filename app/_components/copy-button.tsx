'use client'

import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import { useEffect, useState } from 'react'

import { IconButton } from './icon-button'
import { useToast } from './toast'

interface CopyButtonProps {
  text: string
  label?: string
  /** Words beside the icon. */
  withText?: boolean
}

export function CopyButton({ text, label = 'Copy', withText = false }: CopyButtonProps) {
  const [copied, setCopied] = useState(false)
  const toast = useToast()

  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
    } catch {
      // Without HTTPS or permission a browser has no clipboard; the text can still be selected.
      toast('The browser did not allow copying. Select the text and copy it by hand.', 'error')
    }
  }

  return (
    <>
      <IconButton
        label={copied ? 'Copied' : label}
        text={withText ? (copied ? 'Copied' : label) : undefined}
        icon={copied ? <Check aria-hidden className="text-accent-ink" /> : <Copy aria-hidden />}
        disabled={text === ''}
        onClick={() => void copy()}
      />
      <span role="status" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </>
  )
}
