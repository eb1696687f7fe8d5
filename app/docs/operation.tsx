import { errorsByStatus, parametersOf, type OpenApiDocument } from '@/lib/http/openapi/document'
import type { ApiOperation, NamedSchema } from '@/lib/http/openapi/operation'
import { fieldRows, typeText } from '@/lib/http/openapi/type-text'

import { ExampleTabs } from './example-tabs'
import { Prose } from './prose'
import type { Examples } from './read-examples'
import { Table } from './table'

interface OperationProps {
  operation: ApiOperation
  document: OpenApiDocument
  examples: Examples
}

const BODY_KINDS = { json: 'JSON', 'form or json': 'JSON or form', multipart: 'Form with a file (multipart)' } as const

export function Operation({ operation, document, examples }: OperationProps) {
  const { id, method, path, summary, description, scopes, body, response } = operation
  const parameters = parametersOf(operation)
  return (
    <section aria-labelledby={id} className="mt-10">
      <h3 id={id} className="scroll-mt-6 text-xl font-semibold tracking-tight">
        {summary}
      </h3>
      <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <code className="rounded-md bg-sunken px-2 py-1 font-mono text-[0.87rem] break-all">
          <span className="font-semibold text-accent-ink">{method}</span> {path}
        </code>
        <span className="text-[0.87rem] text-muted">{scopes.length === 0 ? 'Any key' : `Scope ${scopes.join(' or ')}`}</span>
      </p>
      {description.split('\n\n').map((paragraph) => (
        <p key={paragraph} className="mt-3 max-w-3xl leading-relaxed">
          <Prose text={paragraph} />
        </p>
      ))}
      {operation.examples.map((name) => {
        const code = examples.get(name)
        return code === undefined ? null : <ExampleTabs key={name} code={code} />
      })}
      {parameters.length > 0 && (
        <>
          <h4 className="mt-6 font-semibold">Parameters</h4>
          <Table
            label={`Parameters: ${summary}`}
            head={['Name', 'In', 'Type', 'Meaning']}
            rows={parameters.map(({ name, in: place, required, schema, description: text }) => [
              `\`${name}\`${required ? ' (required)' : ''}`,
              place,
              // The many ways to write a time are one type.
              schema.anyOf !== undefined && schema.anyOf.length > 2 ? 'text' : typeText(schema),
              text,
            ])}
          />
        </>
      )}
      {body !== undefined && <Fields title={`Body: ${BODY_KINDS[body.as]}`} summary={summary} named={body} document={document} request />}
      {response.body !== undefined && <Fields title={`Answer ${response.status}`} summary={summary} named={response.body} document={document} />}
      {response.events !== undefined && <Fields title="Events of a stream" summary={summary} named={response.events} document={document} />}
      {response.body === undefined && (
        <p className="mt-4">
          <span className="font-semibold">Answer {response.status}.</span> {response.description}
        </p>
      )}
      <p className="mt-4 max-w-3xl text-[0.93rem] text-muted">
        Errors:{' '}
        <Prose text={[...errorsByStatus(operation)].map(([status, codes]) => `${status} ${codes.map((code) => `\`${code}\``).join(' ')}`).join(', ')} />. See{' '}
        <a href="#errors" className="font-medium text-accent-ink underline underline-offset-3">
          Errors
        </a>
        .
      </p>
    </section>
  )
}

interface FieldsProps {
  title: string
  summary: string
  named: NamedSchema
  document: OpenApiDocument
  request?: boolean
}

function Fields({ title, summary, named, document, request = false }: FieldsProps) {
  const rows = fieldRows(document.components.schemas[named.name] ?? {})
  return (
    <details open={request || rows.length <= 8} className="group mt-6">
      <summary className="cursor-pointer font-semibold">
        <h4 className="inline">{title}</h4>
      </summary>
      <Table
        label={`${title}: ${summary}`}
        head={['Field', 'Type', 'Meaning']}
        rows={rows.map(({ name, type, required, description }) => [`\`${name}\`${request && required ? ' (required)' : ''}`, type, description])}
      />
    </details>
  )
}
