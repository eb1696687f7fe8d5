import Languages from 'lucide-react/icons/languages'

import { EmptyState } from '@/app/_components/empty-state'

export function NoTranslationModel() {
  return (
    <EmptyState icon={<Languages />} title="No model here translates">
      A model says in its card which directions it translates. None of the installed ones declares any.
    </EmptyState>
  )
}
