const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/u))

/** By language, words that carry grammar and hardly any meaning of their own: articles, pronouns, prepositions, auxiliaries. */
export const FUNCTION_WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  en: words(
    `the a an and or but if of to in on at by for from with as is are was were be been am do does did has have had will would can could
    i you he she it we they me him her us them my your his its our their this that these those there not no it's that's there's isn't`,
  ),
  fr: words(
    `le la les l un une des du de d au aux et ou mais si à en dans sur par pour avec sans que qui qu quoi dont où ce cet cette ces c ça se s
    je j tu il elle on nous vous ils elles me m te t lui leur leurs mon ma mes ton ta tes son sa ses notre nos votre vos y ne n pas plus est
    sont était étaient être été ai as a avons avez ont avait c'est n'est qu'il qu'elle d'un d'une`,
  ),
  de: words(
    `der die das den dem des ein eine einen einem einer eines und oder aber wenn zu in im an am auf bei von vom für mit aus als ist sind war
    waren sein hat haben hatte wird kann ich du er sie es wir ihr mich mir dich dir ihn ihm uns euch mein dein sein ihre unser dies diese
    dieser dieses nicht kein keine`,
  ),
  es: words(
    `el la los las lo un una unos unas y o pero si de del a al en por para con sin que quien es son era eran ser está están ha han había yo tú
    él ella nosotros ellos ellas me te se le les nos mi tu su mis tus sus este esta esto ese esa eso estos estas no`,
  ),
  it: words(
    `il lo la i gli le un uno una e o ma se di del della dei a al alla in nel nella su per con senza che chi è sono era erano essere ha hanno
    aveva io tu lui lei noi voi loro mi ti si ci vi mio tuo suo questo questa quello quella non`,
  ),
  pt: words(
    `o a os as um uma uns umas e ou mas se de do da dos das ao à em no na por para com sem que quem é são era eram ser está estão tem têm
    havia eu tu ele ela nós eles elas me te lhe meu teu seu minha tua sua este esta isto esse essa isso não`,
  ),
  nl: words(
    `de het een en of maar als van te in op aan bij voor met uit door is zijn was waren heeft hebben had wordt kan ik jij je u hij zij ze het
    wij we jullie mij me hem haar ons hen mijn jouw uw deze dit die dat niet geen`,
  ),
  zh: words('的 了 是 在 我 你 他 她 它 我们 你们 他们 这 那 一个 这个 那个 不 有 和 也 就'),
}
