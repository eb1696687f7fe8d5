import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'

/** How far from the end still counts as being at it. */
const SLACK_PX = 60

interface StickToBottom {
  container: RefObject<HTMLDivElement | null>
  /** Whether the newest line is in view. */
  atBottom: boolean
  scrollToBottom: () => void
}

/** Keeps a scrolled column at its end while it grows, until the reader scrolls up; the end is taken up again when they return to it. */
export function useStickToBottom(): StickToBottom {
  const container = useRef<HTMLDivElement>(null)
  const sticking = useRef(true)
  const [atBottom, setAtBottom] = useState(true)

  const scrollToBottom = useCallback(() => {
    sticking.current = true
    const element = container.current
    element?.scrollTo({ top: element.scrollHeight })
  }, [])

  useEffect(() => {
    const element = container.current
    const content = element?.firstElementChild
    if (!element || !content) return
    const settle = (): void => {
      if (sticking.current) element.scrollTo({ top: element.scrollHeight })
    }
    const look = (): void => {
      const near = element.scrollHeight - element.scrollTop - element.clientHeight < SLACK_PX
      sticking.current = near
      setAtBottom(near)
    }
    const observer = new ResizeObserver(settle)
    observer.observe(content)
    observer.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    settle()
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [])

  return { container, atBottom, scrollToBottom }
}
