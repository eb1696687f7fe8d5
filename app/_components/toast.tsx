'use client'

import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import X from 'lucide-react/icons/x'
import { Toast as Radix } from 'radix-ui'
import { createContext, useCallback, useContext, useState, type ReactNode } from 'react'

interface Message {
  id: number
  tone: 'success' | 'error'
  text: string
}

type ShowToast = (text: string, tone?: Message['tone']) => void

const ToastContext = createContext<ShowToast>(() => undefined)

/** Shows a short message that goes by itself; it is announced to screen readers. */
export function useToast(): ShowToast {
  return useContext(ToastContext)
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [messages, setMessages] = useState<readonly Message[]>([])
  const show = useCallback<ShowToast>((text, tone = 'success') => {
    setMessages((shown) => [...shown.slice(-2), { id: (shown.at(-1)?.id ?? 0) + 1, tone, text }])
  }, [])

  return (
    <ToastContext.Provider value={show}>
      <Radix.Provider duration={5000} swipeDirection="down">
        {children}
        {messages.map((message) => (
          <Radix.Root
            key={message.id}
            type={message.tone === 'error' ? 'foreground' : 'background'}
            onOpenChange={(open) => {
              if (!open) setMessages((shown) => shown.filter((other) => other.id !== message.id))
            }}
            className="flex animate-rise items-start gap-3 rounded-xl border border-line bg-raised p-3.5 shadow-float"
          >
            {message.tone === 'error' ? (
              <CircleAlert aria-hidden className="mt-0.5 size-4.5 shrink-0 text-danger" />
            ) : (
              <CircleCheck aria-hidden className="mt-0.5 size-4.5 shrink-0 text-accent-ink" />
            )}
            <Radix.Description className="flex-1 text-[0.93rem]">{message.text}</Radix.Description>
            <Radix.Close aria-label="Dismiss" className="rounded p-0.5 text-muted hover:text-ink">
              <X aria-hidden className="size-4" />
            </Radix.Close>
          </Radix.Root>
        ))}
        <Radix.Viewport className="fixed right-4 bottom-20 left-4 z-60 flex flex-col gap-2 outline-none md:bottom-4 md:left-auto md:w-88" />
      </Radix.Provider>
    </ToastContext.Provider>
  )
}
