import type { ModerationCategory } from '@/lib/contract/privacy'

export const french: Record<ModerationCategory, readonly string[]> = {
  hate: [
    'nègre', 'nègres', 'négresse', 'négresses', 'bougnoule', 'bougnoules', 'youpin', 'youpins', 'youpine', 'bicot', 'bicots', 'raton', 'ratons', 'pédale',
    'pédales', 'tapette', 'tapettes', 'sale arabe', 'sales arabes', 'sale juif', 'sales juifs', 'sale noir', 'sales noirs', 'mort aux juifs',
    'mort aux arabes', 'sous-homme', 'sous-hommes', 'heil hitler',
  ],
  sexual: [
    'porno', 'pornographie', 'pornographique', 'pédopornographie', 'pédopornographique', 'branlette', 'branlettes', 'sodomiser', 'masturb*', 'gang bang',
    'zoophilie', 'sexe avec un mineur', 'sexe avec une mineure', 'sexe avec des mineurs', 'tailler une pipe', 'fantasme de viol',
  ],
  violence: [
    'je vais te tuer', 'je vais vous tuer', 'je vais le tuer', 'je vais la tuer', 'tuez-les tous', 'tuons-les tous', 'brûlez-les vifs',
    'comment fabriquer une bombe', 'fabriquer une bombe', 'poser une bombe', 'je vais te crever', 'je vais te buter', 'tirer dans une école',
    'battre à mort', "préparer un attentat",
  ],
  self_harm: [
    'tue-toi', 'va te tuer', 'suicide-toi', 'va te pendre', 'pends-toi', 'coupe-toi les veines', 'me tailler les veines', 'envie de me suicider',
    'je vais me suicider', 'je veux me tuer', 'comment se suicider', 'comment me suicider', 'méthode de suicide', 'méthodes de suicide', 'me donner la mort',
  ],
  profanity: [
    'merde', 'merdes', 'merdique', 'putain', 'putains', 'pute', 'putes', 'connard', 'connards', 'connasse', 'connasses', 'salope', 'salopes', 'salaud',
    'salauds', 'enculé', 'enculés', 'enculer', 'va te faire foutre', 'va te faire enculer', 'fils de pute', 'bordel de merde', 'couille', 'couilles',
    'nique ta mère', 'ta gueule',
  ],
}
