import type { ModerationCategory } from '@/lib/contract/privacy'

export const english: Record<ModerationCategory, readonly string[]> = {
  hate: [
    'nigger', 'niggers', 'nigga', 'niggas', 'kike', 'kikes', 'faggot', 'faggots', 'tranny', 'trannies', 'wetback', 'wetbacks', 'gook', 'gooks',
    'spic', 'spics', 'towelhead', 'towelheads', 'raghead', 'ragheads', 'sandnigger', 'coon', 'coons', 'subhuman', 'subhumans', 'heil hitler',
    'white power', 'gas the jews', 'race war now', 'ethnic cleansing now',
  ],
  sexual: [
    'porn', 'porno', 'pornography', 'blowjob', 'blowjobs', 'handjob', 'handjobs', 'cumshot', 'cumshots', 'gangbang', 'gangbangs', 'deepthroat',
    'jerk off', 'masturbat*', 'child porn', 'kiddie porn', 'underage sex', 'sex with a minor', 'sex with minors', 'rape fantasy', 'bestiality',
    'incest porn',
  ],
  violence: [
    'i will kill you', 'i am going to kill you', "i'm going to kill you", "i'll kill you", 'kill them all', 'burn them alive', 'shoot up the school',
    'school shooting plan', 'how to make a bomb', 'how to build a bomb', 'make a pipe bomb', 'build a pipe bomb', 'make nerve gas', 'behead them',
    'beat her to death', 'beat him to death', 'terror attack plan', 'genocide them',
  ],
  self_harm: [
    'kill yourself', 'kill your self', 'go kill yourself', 'kys', 'hang yourself', 'slit your wrists', 'slit my wrists', 'cut yourself', 'end your life',
    'commit suicide', 'how to kill myself', 'best way to die', 'want to kill myself', 'going to kill myself', 'suicide method', 'suicide methods',
    'pro ana', 'thinspiration',
  ],
  profanity: [
    'fuck', 'fucks', 'fucked', 'fucker', 'fuckers', 'fucking', 'motherfuck*', 'shit', 'shits', 'shitty', 'bullshit', 'asshole', 'assholes', 'bitch',
    'bitches', 'bastard', 'bastards', 'cunt', 'cunts', 'dickhead', 'dickheads', 'wanker', 'wankers', 'twat', 'twats', 'slut', 'sluts', 'whore', 'whores',
  ],
}
