/**
 * What gives a language away: its most frequent short words, letters that its neighbours lack, and
 * letter groups (`^` and `$` are a word's beginning and end). The detector weighs a clue by how few
 * languages share it.
 */
export interface LanguageClues {
  words: ReadonlySet<string>
  letters: string
  groups: readonly string[]
}

const clues = (words: string, letters: string, groups: string): LanguageClues => ({
  words: new Set(words.split(/\s+/u)),
  letters,
  groups: groups.split(' '),
})

export const LANGUAGE_CLUES: Readonly<Record<string, LanguageClues>> = {
  en: clues(
    `the a an and or but if of to in on at by for from with without about into out up down over under again not no yes
    i you he she it we they me him her us them my your his its our their mine yours this that these those here there
    is are was were be been being am do does did done doing have has had having will would can could shall should may
    might must i'm you're he's she's it's we're they're i've you've we've i'll you'll he'll she'll don't doesn't didn't
    isn't aren't wasn't weren't can't couldn't won't wouldn't let's that's what's there's what who whom whose which
    where when why how all any some many much more most very too also just only now then than as so because after
    before never always often today tomorrow yesterday please thank thanks hello hi good bad go get got make made know
    think take see come want like look good day one two man woman time people money work school house home book car
    really something someone nothing anything everyone went said told ask need help love last night year old new`,
    '',
    'wh ^th th$ ght ing$ ly$ ^kn sh$ ck$ ^sh ee oo ow aw ^wr ed$ ould ^y ness$ ay$ \'s$ \'t$ ew ee$ rk tch k$',
  ),
  fr: clues(
    `le la les un une des du de d l et ou mais si que qui quoi dont où à au aux en dans sur sous par pour avec sans
    chez vers entre je j tu il elle on nous vous ils elles me m te t se s lui leur moi toi eux mon ma mes ton ta tes
    son sa ses notre nos votre vos leurs ce c cet cette ces ça cela ceci est suis es sommes êtes sont était étais
    étaient été être ai as a avons avez ont avait avais avoir eu sera serai fait faire fais va vais vas vont aller peux
    peut pouvez veux veut voulez dois doit faut ne n pas plus jamais rien personne aucun très trop bien mal aussi
    encore déjà toujours souvent maintenant aujourd'hui demain hier ici là oui non merci bonjour salut comment pourquoi
    quand combien quel quelle quels quelles tout toute tous toutes autre même comme parce puis alors donc après avant
    qu y deux trois jour temps homme femme maison livre voiture quelque chose beaucoup peu`,
    'àâçéèêëîïôùûœæ',
    'eau eux$ ^qu oi ou$ ais$ ait$ aient$ ez$ ^j\' ^l\' ^d\' ^c\' ^n\' ^s\' ^qu\' aux$ eur$ tion$ euse$ ette$ elle$ ^ch ont$ ille gn é$ és$ ée$ ées$ ^é oir$ ment$ que$',
  ),
  de: clues(
    `der die das den dem des ein eine einen einem einer eines und oder aber wenn dass daß weil als wie wer was wo wann
    warum in im an am auf aus bei mit nach von vom zu zum zur für über unter ohne um gegen durch ich du er sie es wir
    ihr mich dich sich uns euch mir dir ihm ihn ihnen mein meine meinen dein deine sein seine unser euer dieser diese
    dieses ist sind bin bist war waren sei habe hast hat haben hatte hatten wird werden wurde würde kann kannst können
    konnte muss müssen will wollen soll sollen darf nicht kein keine nie nichts etwas sehr auch noch schon nur immer
    jetzt heute morgen gestern hier da dort ja nein danke bitte hallo gut so dann doch mal alle viel mehr jahr zeit
    mann frau haus buch wieder gehen geht macht`,
    'äöüß',
    'sch ch$ ^ge en$ ^ver ^be ^zu ung$ keit$ lich$ isch$ ei ie$ cht tz pf ^sp ^st ck er$ eu ^w ten$ ß ä ö ü',
  ),
  es: clues(
    `el la los las un una unos unas lo al del de y o pero si que qué quien quién cual cuál donde dónde cuando cuándo
    como cómo por para con sin en sobre entre hasta desde a yo tú usted él ella nosotros vosotros ustedes ellos ellas
    me te se nos os le les mi mis tu tus su sus nuestro nuestra este esta esto estos estas ese esa eso aquel es soy
    eres somos son está estoy estás están estaba era fue fui ser estar ha he has han había hay hacer hace haz tiene
    tengo tienes tener puede puedo puedes quiero quiere voy va vamos ir no sí nada nadie nunca siempre muy más también
    ya aún todavía ahora hoy mañana ayer aquí allí gracias hola bien mal porque todo todos toda otro mismo tan mucho
    poco dos tres día tiempo hombre mujer casa libro`,
    'ñ¿¡áéíóú',
    'ción$ ado$ ada$ ando$ iendo$ ^qu ll ñ ue ie os$ as$ ar$ er$ ía$ rr ó$ é$ á$ dad$ mente$ o$ a$ ^es',
  ),
  pt: clues(
    `o a os as um uma uns umas do da dos das no na nos nas ao à pelo pela de em por para com sem e ou mas se que quem
    qual onde quando como porque eu tu você ele ela nós vocês eles elas me te lhe meu minha seu sua nosso este esta isto
    esse essa isso aquele é são sou está estou estão era foi ser estar tem tenho têm ter há fazer faz pode posso quero
    quer vou vai vamos não sim nada ninguém nunca sempre muito mais também já ainda agora hoje amanhã ontem aqui ali
    obrigado obrigada olá bem mal tudo todos outro mesmo dia tempo homem mulher casa livro`,
    'ãõçáéíóúâêô',
    'ção$ ções$ ão$ ões$ nh lh ã õ em$ ou$ ei$ ^não ^qu',
  ),
  it: clues(
    `il lo la i gli le un uno una di del dello della dei degli delle a al allo alla ai agli alle da dal dalla in nel
    nella con su sul sulla per tra fra e ed o ma se che chi cui quale dove quando come perché io tu lui lei noi voi loro
    mi ti si ci vi mio mia tuo tua suo sua nostro questo questa quello quella è sono sei siamo siete era ho hai ha
    abbiamo avete hanno essere avere fare fa può posso voglio vuole vado va andiamo non sì niente nessuno mai sempre
    molto più anche già ancora adesso ora oggi domani ieri qui là grazie ciao bene male tutto tutti altro giorno tempo
    uomo donna casa libro`,
    'àèìòù',
    'zione$ ato$ ata$ ^gli gli che$ chi cc zz tt$ are$ ere$ ire$ mente$ ità$ ò$ ù$ ^qu sc gn',
  ),
  nl: clues(
    `de het een en of maar als dat die dit deze wie wat waar wanneer waarom hoe in op aan bij met van voor naar uit over
    onder zonder om door te ik jij je u hij zij ze wij we jullie mij me jou hem haar ons hen hun mijn jouw zijn is ben
    bent was waren heb hebt heeft hebben had wordt worden werd kan kunnen kon moet moeten wil willen zal zullen niet
    geen nooit niets iets zeer erg ook nog al alleen altijd nu vandaag morgen gisteren hier daar ja nee dank bedankt
    alstublieft hallo goed zo dan alle veel meer jaar tijd man vrouw huis boek`,
    'ĳ',
    'ij aa ee oo uu sch ^ge en$ cht ^ver ^be oe ui ^zi lijk$ heid$ je$',
  ),
}
