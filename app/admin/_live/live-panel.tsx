'use client'

import { Section } from '@/app/(product)/_shell/page-body'
import { Notice } from '@/app/_components/notice'
import { Progress } from '@/app/_components/progress'
import type { LiveStatus } from '@/lib/contract/admin'

import { Badge } from '../_parts/badges'
import { bytes, count } from '../_parts/formats'
import { SpeedLine } from './speed-line'
import { useLive, type Live } from './use-live'

const STATES = {
  ok: { tone: 'accent', text: 'Running' },
  starting: { tone: 'warning', text: 'Starting' },
  failed: { tone: 'danger', text: 'Failed' },
  unreachable: { tone: 'danger', text: 'Does not answer' },
} as const

/** What runs at this moment; it keeps itself up to date. */
export function LivePanel({ initial }: { initial: LiveStatus }) {
  const live = useLive(initial)
  const { worker, app, database, at } = live.status
  return (
    <div className="grid grid-cols-1 items-start gap-x-6 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <Section title="Worker and queue" action={<Badge tone={STATES[worker.status].tone}>{STATES[worker.status].text}</Badge>}>
        {live.error !== null && (
          <div className="mb-4">
            <Notice tone="warning">These figures are from before: {live.error}</Notice>
          </div>
        )}
        {worker.error !== null && (
          <div className="mb-4">
            <Notice tone="error">{worker.error}</Notice>
          </div>
        )}
        <Worker live={live} />
      </Section>
      <Section title="This app process">
        <dl className="grid grid-cols-2 gap-x-6 gap-y-3">
          <Figure label="Requests in flight" value={count(app.requestsInFlight)} />
          <Figure label="Answers being written" value={count(database.generations)} note="in the browser, over all processes" />
          <Figure label="Holds open" value={count(database.holds)} note={`${count(database.heldTokens)} tokens set aside`} />
          <Figure label="Holds overdue" value={count(database.overdueHolds)} note="the sweeper ends them" />
          <Figure
            label="Sweeper"
            value={app.sweeper === null ? 'not yet' : `${age(at - app.sweeper.at)} ago`}
            note={app.sweeper === null ? undefined : `settled ${count(app.sweeper.settled)}, released ${count(app.sweeper.released)}`}
          />
          <Figure label="Memory" value={bytes(app.memoryBytes)} note={`up for ${age(at - app.startedAt)}`} />
        </dl>
      </Section>
    </div>
  )
}

function Worker({ live: { status, rates, speeds } }: { live: Live }) {
  const { worker, at } = status
  const { activity } = worker
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3">
        <Figure label="Tokens a second" value={rates === null ? '…' : count(Math.round(rates.sampledPerSecond))} note={rates === null ? undefined : `${count(Math.round(rates.promptPerSecond))} of prompts read`} />
        <Figure label="Running" value={count(worker.running)} note={activity === null ? undefined : `of ${count(activity.maxRunning)} sequences`} />
        <Figure label="Waiting" value={count(worker.waiting)} note={activity === null ? undefined : `of ${count(activity.maxWaiting)} requests`} />
        <Figure label="Batch" value={rates === null ? '…' : (rates.batch?.toFixed(1) ?? 'idle')} note="sequences a step, on average" />
        <Figure label="Backend" value={worker.backend ?? 'unknown'} note={worker.backend === null ? undefined : worker.gpu ? 'on a GPU' : 'on the CPU'} />
        <Figure label="Memory" value={activity === null ? 'unknown' : bytes(activity.memoryBytes)} note={activity === null ? undefined : `up for ${age(at - activity.startedAt)}`} />
      </dl>
      {activity !== null && (
        <div className="mt-4 space-y-3">
          <Progress label="Sequences running" share={activity.maxRunning === 0 ? 0 : worker.running / activity.maxRunning} />
          <SpeedLine speeds={speeds} />
        </div>
      )}
      {worker.loaded.length > 0 && (
        <p className="mt-4 text-[0.93rem] text-muted">
          Loaded:{' '}
          {worker.loaded.map(({ name, bytes: size }, index) => (
            <span key={name}>
              {index > 0 && ', '}
              <span className="font-medium text-ink">{name}</span> ({bytes(size)})
            </span>
          ))}
        </p>
      )}
    </>
  )
}

function Figure({ label, value, note }: { label: string; value: string; note?: string | undefined }) {
  return (
    <div className="min-w-0">
      <dt className="text-[0.83rem] text-muted">{label}</dt>
      <dd className="tabular truncate text-lg font-semibold tracking-tight">{value}</dd>
      {note !== undefined && <dd className="tabular text-[0.8rem] text-muted">{note}</dd>}
    </div>
  )
}

function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`
}
