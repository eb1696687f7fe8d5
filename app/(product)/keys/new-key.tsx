import { Button } from '@/app/_components/button'
import { CopyButton } from '@/app/_components/copy-button'

/** A key that was just made, which is shown this once. */
export function NewKey({ value, onClose }: { value: string; onClose: () => void }) {
  return (
    <>
      <div className="flex items-center gap-2 rounded-lg border border-line bg-sunken py-2 pr-2 pl-3.5">
        <code data-new-key className="min-w-0 flex-1 font-mono text-[0.87rem] break-all select-all">
          {value}
        </code>
        <CopyButton text={value} label="Copy key" />
      </div>
      <div className="mt-6 flex justify-end">
        <Button onClick={onClose}>I have copied it</Button>
      </div>
    </>
  )
}
