'use client'

import { Tabs } from 'radix-ui'

import { CopyButton } from '@/app/_components/copy-button'

import { LANGUAGES, useExampleLanguage, type Language } from './example-language'

/** One example in each language, as it is run by the tests. */
export function ExampleTabs({ code }: { code: Readonly<Record<Language, string>> }) {
  const { language, choose } = useExampleLanguage()
  return (
    <Tabs.Root
      value={language}
      onValueChange={(chosen) => {
        const known = LANGUAGES.find((one) => one === chosen)
        if (known !== undefined) choose(known)
      }}
      className="mt-4"
    >
      <div className="flex items-center justify-between border-b border-line">
        <Tabs.List aria-label="Language of the example" className="flex gap-1">
          {LANGUAGES.map((one) => (
            <Tabs.Trigger
              key={one}
              value={one}
              className="-mb-px border-b-2 border-transparent px-3 py-1.5 text-[0.93rem] font-medium text-muted transition-colors hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
            >
              {one}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <CopyButton text={code[language]} label="Copy example" />
      </div>
      {LANGUAGES.map((one) => (
        <Tabs.Content key={one} value={one} className="mt-2">
          <pre tabIndex={0} aria-label={`Example for ${one}`} role="group" className="max-h-112 overflow-auto rounded-lg bg-sunken px-4 py-3.5 font-mono text-[0.83rem] leading-relaxed">
            {code[one]}
          </pre>
        </Tabs.Content>
      ))}
    </Tabs.Root>
  )
}
