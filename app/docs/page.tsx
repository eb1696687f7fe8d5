import type { Metadata } from 'next'

import packageJson from '@/package.json'
import { openApiDocument } from '@/lib/http/openapi/document'
import { API_OPERATIONS } from '@/lib/http/openapi/operations'

import { DocsHeader } from './docs-header'
import { DocsNavigation, type DocsEntry } from './docs-navigation'
import { ExampleLanguage } from './example-language'
import { GuideSection } from './guide-section'
import { GUIDE } from './guide'
import { Operation } from './operation'
import { readExamples } from './read-examples'

export const metadata: Metadata = { title: 'The API', description: 'Chat, completions and translation over HTTP, for the official OpenAI and DeepL clients and for everything else.' }

/** The same for everybody, and made once: from the OpenAPI document, the guide and the examples as they are tested. */
export const dynamic = 'force-static'

export default async function DocsPage() {
  const document = openApiDocument(packageJson.version)
  const examples = await readExamples()
  const groups = [...new Set(API_OPERATIONS.map(({ group }) => group))]
  const entries: DocsEntry[] = [
    ...GUIDE.map(({ id, title, words }) => ({ id, title, group: 'Guide', words })),
    ...API_OPERATIONS.map(({ id, summary, group, method, path, description }) => ({ id, title: summary, group, words: `${method} ${path} ${id} ${description}` })),
  ]
  return (
    <div className="min-h-dvh">
      <DocsHeader />
      <div className="mx-auto w-full max-w-7xl gap-10 px-4 pb-24 md:px-8 lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
        <DocsNavigation entries={entries} />
        <main className="min-w-0">
          <ExampleLanguage>
            <h1 className="pt-8 text-3xl font-semibold tracking-tight">The API</h1>
            <p className="mt-2 max-w-3xl text-lg text-muted">
              Chat, completions and translation over HTTP. What stands under <code>/v1</code> speaks as OpenAI’s API does, and what stands under <code>/v2</code> as DeepL’s:
              their official clients work when they are given this address.
            </p>
            {GUIDE.map((section) => (
              <GuideSection key={section.id} section={section} />
            ))}
            {groups.map((group) => (
              <div key={group}>
                <h2 className="mt-16 border-b border-line pb-2 text-2xl font-semibold tracking-tight">{group}</h2>
                {API_OPERATIONS.filter((operation) => operation.group === group).map((operation) => (
                  <Operation key={operation.id} operation={operation} document={document} examples={examples} />
                ))}
              </div>
            ))}
          </ExampleLanguage>
        </main>
      </div>
    </div>
  )
}
