import LoaderCircle from 'lucide-react/icons/loader-circle'

/** Says that something is under way to the eye; the text beside it says it to everyone. */
export function Spinner() {
  return <LoaderCircle aria-hidden className="size-[1.1em] animate-spin motion-reduce:animate-none" />
}
