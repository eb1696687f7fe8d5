import Download from 'lucide-react/icons/download'
import FileText from 'lucide-react/icons/file-text'
import Square from 'lucide-react/icons/square'
import Trash2 from 'lucide-react/icons/trash-2'

import { buttonClasses } from '@/app/_components/button'
import { EmptyState } from '@/app/_components/empty-state'
import { IconButton } from '@/app/_components/icon-button'
import { Progress } from '@/app/_components/progress'
import { Spinner } from '@/app/_components/spinner'
import { Time } from '@/app/_components/time'
import type { DocumentItem } from '@/lib/contract/browser-translation'

import { languageName } from '../directions'
import { remainingTime } from './remaining-time'

interface DocumentListProps {
  documents: readonly DocumentItem[]
  sending: readonly string[]
  onDelete: (document: DocumentItem) => void
}

export function DocumentList({ documents, sending, onDelete }: DocumentListProps) {
  if (documents.length + sending.length === 0) {
    return (
      <div className="rounded-xl border border-dashed border-line">
        <EmptyState icon={<FileText />} title="No documents yet">
          A translated document stays here for a day, for you alone.
        </EmptyState>
      </div>
    )
  }
  return (
    <ul aria-label="Documents" className="divide-y divide-line rounded-xl border border-line bg-surface">
      {sending.map((name, index) => (
        <li key={`${name}-${String(index)}`} className="flex items-center gap-3 px-5 py-4 text-muted">
          <Spinner />
          <span role="status" className="min-w-0 truncate">
            Sending {name}
          </span>
        </li>
      ))}
      {documents.map((document) => (
        <Row key={document.id} document={document} onDelete={() => onDelete(document)} />
      ))}
    </ul>
  )
}

function Row({ document, onDelete }: { document: DocumentItem; onDelete: () => void }) {
  const { id, filename, source, target, status, characters, createdAt, expiresAt, remarks, error } = document
  const underWay = status === 'queued' || status === 'translating'
  return (
    <li data-status={status} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-4 pr-3 pl-5">
      <div className="min-w-0 flex-1 basis-60">
        <p className="truncate font-medium">{filename}</p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-[0.87rem] text-muted">
          <span>
            {languageName(source)} to {languageName(target.split('-', 1)[0]?.toLowerCase() ?? '')}
          </span>
          <span>{characters.toLocaleString('en')} characters</span>
          {underWay ? (
            <span>
              Sent <Time at={createdAt} style="date-time" />
            </span>
          ) : (
            <span>
              Kept until <Time at={expiresAt} style="date-time" />
            </span>
          )}
        </p>
        {underWay && <UnderWay document={document} />}
        {status === 'error' && <p className="mt-1.5 text-[0.93rem] text-danger">{error ?? 'It could not be translated.'} It was not billed.</p>}
        {remarks.length > 0 && (
          <ul className="mt-1.5 space-y-0.5 text-[0.87rem] text-muted">
            {remarks.map((remark) => (
              <li key={remark} className="break-words">
                {remark}
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="ml-auto flex items-center gap-1">
        {status === 'done' && (
          <a href={`/api/documents/${id}/result`} download className={buttonClasses('secondary', 'small')}>
            <Download aria-hidden className="size-4" />
            Download
            <span className="sr-only"> {filename}</span>
          </a>
        )}
        <IconButton
          label={underWay ? `Stop ${filename}` : `Delete ${filename}`}
          icon={underWay ? <Square aria-hidden /> : <Trash2 aria-hidden />}
          onClick={onDelete}
        />
      </div>
    </li>
  )
}

function UnderWay({ document: { status, sentencesDone, sentencesTotal, secondsRemaining } }: { document: DocumentItem }) {
  const share = status === 'queued' || sentencesTotal === 0 ? null : sentencesDone / sentencesTotal
  const text = status === 'queued' ? 'Waiting for its turn' : `${sentencesDone.toLocaleString('en')} of ${sentencesTotal.toLocaleString('en')} sentences`
  return (
    <div className="mt-2 max-w-md">
      <Progress label={text} share={share} />
      <p role="status" className="tabular mt-1.5 text-[0.87rem] text-muted">
        {text}
        {secondsRemaining !== null && `, ${remainingTime(secondsRemaining)}`}
      </p>
    </div>
  )
}
