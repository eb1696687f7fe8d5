import type { ModerationCategory } from '@/lib/contract/privacy'

export const spanish: Record<ModerationCategory, readonly string[]> = {
  hate: [
    'sudaca', 'sudacas', 'negrata', 'negratas', 'negro de mierda', 'negros de mierda', 'moro de mierda', 'moros de mierda', 'judío de mierda',
    'judíos de mierda', 'panchito de mierda', 'maricón', 'maricones', 'maricona', 'bollera', 'bolleras', 'travelo', 'travelos', 'infrahumano',
    'infrahumanos', 'muerte a los judíos', 'muerte a los moros', 'heil hitler', 'gitano de mierda', 'gitanos de mierda',
  ],
  sexual: [
    'porno', 'pornografía', 'pornográfico', 'pornografía infantil', 'porno infantil', 'masturb*', 'zoofilia', 'gang bang', 'mamada', 'mamadas',
    'hacerse una paja', 'sexo con menores', 'sexo con un menor', 'sexo con una menor', 'fantasía de violación', 'orgía', 'orgías',
  ],
  violence: [
    'te voy a matar', 'os voy a matar', 'los voy a matar', 'lo voy a matar', 'la voy a matar', 'voy a matarte', 'voy a mataros', 'mátalos a todos',
    'matadlos a todos', 'quemadlos vivos', 'cómo hacer una bomba', 'cómo fabricar una bomba', 'fabricar una bomba', 'poner una bomba', 'te voy a rajar',
    'tiroteo en la escuela', 'matar a golpes', 'planear un atentado',
  ],
  self_harm: [
    'mátate', 'suicídate', 'ahórcate', 'córtate las venas', 'cortarme las venas', 'quiero suicidarme', 'voy a suicidarme', 'me voy a suicidar',
    'quiero matarme', 'me quiero matar', 'cómo suicidarse', 'cómo suicidarme', 'método de suicidio', 'métodos de suicidio', 'quitarme la vida', 'quítate la vida',
  ],
  profanity: [
    'mierda', 'mierdas', 'joder', 'jodido', 'jodida', 'jodidos', 'puta', 'putas', 'puto', 'putos', 'hijo de puta', 'hijos de puta', 'hijoputa', 'cabrón',
    'cabrones', 'cabrona', 'gilipollas', 'coño', 'coños', 'zorra', 'zorras', 'pendejo', 'pendejos', 'chinga tu madre', 'vete a la mierda', 'que te jodan',
    'pinche cabrón', 'me cago en',
  ],
}
