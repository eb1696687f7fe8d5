import type { ModerationCategory } from '@/lib/contract/privacy'

export const german: Record<ModerationCategory, readonly string[]> = {
  hate: [
    'neger', 'negern', 'negerin', 'kanake', 'kanaken', 'kümmeltürke', 'kümmeltürken', 'judensau', 'drecksjude', 'drecksjuden', 'saujude', 'saujuden',
    'schlitzauge', 'schlitzaugen', 'zigeunerpack', 'untermensch', 'untermenschen', 'schwuchtel', 'schwuchteln', 'kampflesbe', 'volksverräter', 'sieg heil',
    'heil hitler', 'juden ins gas', 'juden vergasen', 'ausländer raus', 'rassenschande',
  ],
  sexual: [
    'porno', 'pornos', 'pornografie', 'pornographie', 'kinderporno', 'kinderpornos', 'kinderpornografie', 'gangbang', 'wichsen', 'wichst', 'blasen lassen',
    'sex mit minderjährigen', 'sex mit kindern', 'vergewaltigungsfantasie', 'sodomie', 'masturbier*', 'einen runterholen',
  ],
  violence: [
    'ich bringe dich um', 'ich bring dich um', 'ich werde dich töten', 'ich töte dich', 'ich werde euch töten', 'ich schlage dich tot', 'schlagt sie tot',
    'tötet sie alle', 'bringt sie alle um', 'ich steche dich ab', 'wie baue ich eine bombe', 'bombe bauen', 'rohrbombe bauen', 'amoklauf planen',
    'anschlag planen', 'ich erschieße dich', 'zu tode prügeln',
  ],
  self_harm: [
    'bring dich um', 'bring dich doch um', 'töte dich selbst', 'häng dich auf', 'erhäng dich', 'ritz dich', 'schneid dir die pulsadern auf',
    'pulsadern aufschneiden', 'ich will mich umbringen', 'ich bringe mich um', 'ich werde mich umbringen', 'wie bringe ich mich um', 'mir das leben nehmen',
    'selbstmordmethode', 'selbstmordmethoden', 'suizidmethode', 'suizidmethoden', 'selbstmord begehen',
  ],
  profanity: [
    'scheiße', 'scheisse', 'scheiß', 'beschissen', 'arschloch', 'arschlöcher', 'fotze', 'fotzen', 'hurensohn', 'hurensöhne', 'wichser', 'hure', 'huren',
    'schlampe', 'schlampen', 'ficken', 'fick dich', 'gefickt', 'verfickt', 'verfickte', 'verpiss dich', 'drecksau', 'missgeburt', 'leck mich am arsch',
  ],
}
