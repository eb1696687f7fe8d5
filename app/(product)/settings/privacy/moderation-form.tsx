'use client'

import { useId, useState } from 'react'

import { Button } from '@/app/_components/button'
import { ChoiceGroup } from '@/app/_components/choice-group'
import { INPUT_CLASSES } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { MAX_OWN_WORDS, MODERATION_CATEGORIES, moderationMode, type ModerationCategory, type ModerationPolicy } from '@/lib/contract/privacy'

import { CATEGORY_NAMES } from './category-names'
import { usePrivacyChange } from './use-privacy-change'

const MODES = [
  { value: 'off', label: 'Off' },
  { value: 'flag', label: 'Flag' },
  { value: 'block', label: 'Block' },
] as const

export function ModerationForm({ policy }: { policy: ModerationPolicy }) {
  const id = useId()
  const { busy, error, send } = usePrivacyChange()
  const [input, setInput] = useState(policy.input)
  const [output, setOutput] = useState(policy.output)
  const [categories, setCategories] = useState<readonly ModerationCategory[]>(policy.categories)
  const [words, setWords] = useState(policy.words.join('\n'))

  const toggle = (category: ModerationCategory, on: boolean): void =>
    setCategories(MODERATION_CATEGORIES.filter((name) => (name === category ? on : categories.includes(name))))

  const wanted: ModerationPolicy = {
    input,
    output,
    categories: [...categories],
    words: words
      .split('\n')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send({ moderation: wanted }, 'Moderation is set. It holds from the next request on.')
      }}
      className="space-y-5"
    >
      <div className="flex flex-wrap gap-x-8 gap-y-4">
        <ChoiceGroup label="What people and programs write" value={input} options={MODES} onChange={(mode) => setInput(moderationMode.parse(mode))} />
        <ChoiceGroup label="What the models write" value={output} options={MODES} onChange={(mode) => setOutput(moderationMode.parse(mode))} />
      </div>
      <p className="text-[0.87rem] text-muted">
        Flag lets everything through and lists it below. Block refuses a text before it is worked on, and ends an answer before the word; what was written until then is billed.
      </p>
      <fieldset>
        <legend className="mb-2 text-[0.93rem] font-medium">Lists</legend>
        <div className="flex flex-wrap gap-x-6 gap-y-2">
          {MODERATION_CATEGORIES.map((category) => (
            <label key={category} className="flex items-center gap-2.5">
              <input type="checkbox" checked={categories.includes(category)} onChange={(event) => toggle(category, event.target.checked)} className="size-4 accent-accent" />
              {CATEGORY_NAMES[category]}
            </label>
          ))}
        </div>
      </fieldset>
      <div>
        <label htmlFor={id} className="mb-1.5 block text-[0.93rem] font-medium">
          Your own words
        </label>
        <textarea
          id={id}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          rows={4}
          aria-describedby={`${id}-hint`}
          placeholder={'Project Falcon\nfalcon*'}
          className={`${INPUT_CLASSES} resize-y py-2.5`}
        />
        <p id={`${id}-hint`} className="mt-1.5 text-[0.87rem] text-muted">
          A word or phrase a line, up to {MAX_OWN_WORDS}. Letter case and accents do not matter; an asterisk at the end matches every word that begins so.
        </p>
      </div>
      {error !== null && <Notice tone="error">{error}</Notice>}
      <Button type="submit" look="secondary" busy={busy} disabled={JSON.stringify(wanted) === JSON.stringify(policy)}>
        Save
      </Button>
    </form>
  )
}
