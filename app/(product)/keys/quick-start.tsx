'use client'

import { Tabs } from 'radix-ui'

import { CopyButton } from '@/app/_components/copy-button'

interface QuickStartProps {
  baseUrl: string
  model: string
}

function examples(baseUrl: string, model: string): { name: string; code: string }[] {
  return [
    {
      name: 'curl',
      code: `curl ${baseUrl}/v1/chat/completions \\
  -H "authorization: Bearer $PARLEY_KEY" \\
  -H "content-type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "How are you?"}]}'`,
    },
    {
      name: 'openai',
      code: `import OpenAI from 'openai'

const client = new OpenAI({ baseURL: '${baseUrl}/v1', apiKey: process.env.PARLEY_KEY })
const answer = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'How are you?' }],
})
console.log(answer.choices[0].message.content)`,
    },
    {
      name: 'deepl-node',
      code: `import { DeepLClient } from 'deepl-node'

const client = new DeepLClient(process.env.PARLEY_KEY, { serverUrl: '${baseUrl}' })
const { text } = await client.translateText('She is my sister.', null, 'fr')
console.log(text)`,
    },
  ]
}

export function QuickStart({ baseUrl, model }: QuickStartProps) {
  return (
    <Tabs.Root defaultValue="curl">
      <Tabs.List aria-label="Client" className="mb-3 flex gap-1 border-b border-line">
        {examples(baseUrl, model).map(({ name }) => (
          <Tabs.Trigger
            key={name}
            value={name}
            className="-mb-px border-b-2 border-transparent px-3 py-2 font-medium text-muted transition-colors hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {name}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {examples(baseUrl, model).map(({ name, code }) => (
        <Tabs.Content key={name} value={name} className="relative">
          <pre tabIndex={0} aria-label={`Example for ${name}`} className="overflow-x-auto rounded-lg bg-sunken py-3.5 pr-12 pl-4 font-mono text-[0.83rem] leading-relaxed">
            {code}
          </pre>
          <div className="absolute top-2 right-2 rounded-md bg-sunken">
            <CopyButton text={code} label="Copy example" />
          </div>
        </Tabs.Content>
      ))}
    </Tabs.Root>
  )
}
