"""How hotel guests put it, in six languages; a hotel's vocabulary grows here.

Every expression is matched against `normal` text: small letters, no accents, "checkout", "checkin" and "wifi" as one
word.
"""

import re
from typing import Final

from jack.adapters.llm.scripted.intents import Courtesy, Question, Wish
from jack.adapters.llm.scripted.language import pattern

LEAVING: Final = r"(?:checkout|auschecken|abreise\w*|abreisen|salida|depart|saida|partenza)"
TIME: Final = pattern(
    r"what time|when|how late|latest|until|till|hours?", r"wann|wie ?viel uhr|wie lange|bis",
    r"hora|horas|cuando|hasta", r"heures?|quand|jusqu'\w+", r"quando|ate", r"ora|orari\w?|entro",
)  # fmt: skip

WISHES: Final[dict[Wish, re.Pattern[str]]] = {
    Wish.URGENT: pattern(
        r"emergency|ambulance|on fire|there is (?:a )?(?:fire|smoke)|fire alarm|heart attack|bleeding|unconscious|"
        r"can'?t breathe|(?:need|call) (?:a |the )?(?:doctor|police)",
        r"notfall|krankenwagen|rettungswagen|es brennt|feueralarm|herzinfarkt|polizei|notarzt|brauch\w* .{0,10}arzt",
        r"emergencias?|ambulancia|incendio|infarto|policia|(?:un|una) (?:medico|doctor\w?)",
        r"urgence|incendie|crise cardiaque|un (?:medecin|docteur)",
        r"enfarte|um medico|emergenza|ambulanza|polizia",
    ),
    Wish.HUMAN: pattern(
        r"(?:talk|speak|chat|connect\w*) (?:me )?(?:to|with) .{0,20}(?:human|person|someone|somebody|agent|staff|"
        r"manager|"
        r"reception\w*|front desk|colleague)|real (?:person|human)|human|agent|call me|put me through",
        r"(?:mit|zu) .{0,25}(?:mensch\w*|mitarbeiter\w*|rezeption|empfang|jemand\w*|manager\w*|person) .{0,15}"
        r"(?:sprechen|reden|verbinden|verbunden)|rufen sie mich an|echte\w* (?:mensch\w*|person)",
        r"hablar con .{0,25}(?:persona|alguien|human\w|recepcion|encargad\w|director\w?|agente)|llam\w+me",
        r"parler (?:a|avec) .{0,25}(?:personne|quelqu'un|humain|reception\w*|responsable|directeur|directrice)",
        r"falar com .{0,25}(?:pessoa|alguem|humano|rececao|recepcao|gerente|responsavel)|ligu?em-me",
        r"parlare con .{0,25}(?:persona|qualcuno|umano|reception|responsabile|direttore)",
    ),
    Wish.COMPLAINT: pattern(
        r"complain\w*|nois[ey]\w*|too loud|so loud|dirty|filthy|not (?:been )?clean\w*|smell\w*|stinks?|disgusting|"
        r"unacceptable|disappoint\w*|terrible|awful|horrible|cockroach\w*|bed ?bugs?|rude",
        r"beschwer\w*|zu laut|so laut|larm\w*|schmutzig\w*|dreckig\w*|stinkt|riecht|unzumutbar|enttausch\w*|"
        r"schrecklich|"
        r"furchtbar|kakerlaken?|unfreundlich",
        r"quej\w+|ruidos?|ruidos[oa]|suci[oa]s?|huele|inaceptable|decepcionad[oa]s?|cucarachas?",
        r"me plaindre|plainte|bruits?|bruyant\w*|sale|odeur|inacceptable|decue?s?|cafards?",
        r"reclamacao|reclamar|barulh\w+|suj[oa]s?|cheira mal|inaceitavel|desiludid[oa]s?|terrivel|horrivel",
        r"reclamo|lamentar\w*|rumor\w+|sporc[oah]\w*|puzza|inaccettabile|delus[oa]|terribile|orribile",
    ),
    Wish.MAINTENANCE: pattern(
        r"(?:not|isn't|doesn't|don't|won't|aren't|stopped) (?:\w+ ){0,2}(?:work\w*|turn(?:ing)? on|open\w*|clos\w+|"
        r"flush\w*)",
        r"broken?|out of order|leak\w*|clogged|no (?:hot )?(?:water|electricity|power|heating|light)|flood\w*|"
        r"(?:key ?card|room key) .{0,20}(?:work\w*|lost)|lost (?:my |our |the )?(?:room )?key(?: ?card)?|locked out",
        r"funktionier\w* (?:\w+ ){0,2}nicht|geht (?:\w+ ){0,2}nicht|kaputt\w*|defekt\w*|tropft|undicht|verstopft|"
        r"kein (?:warm\w* |heiss\w* )?(?:wasser|strom|licht)|keine heizung|ausgesperrt",
        r"no funcionan?|averiad[oa]|rot[oa]|estropead[oa]|gotea|atascad[oa]|no hay (?:agua|luz|calefaccion)",
        r"(?:fonctionne|marche)(?:nt)? (?:pas|plus)|en panne|casse\w*|fuite|bouchee?s?|pas d'(?:eau|electricite)",
        r"nao (?:esta a )?(?:funcionam?|funcionar|liga|trabalha)|avariad[oa]|estragad[oa]|quebrad[oa]|entupid[oa]|"
        r"(?:nao ha|sem) (?:agua|luz)",
        r"non funzionan?o?|rott[oa]|guast[oa]|perde acqua|intasat[oa]|(?:senza|non c'e) (?:acqua|luce)",
    ),
    Wish.LATE_CHECKOUT: pattern(
        r"late(?:r)? (?:checkout|departure)|checkout (?:(?:a )?(?:bit|little) )?later?|"
        r"(?:extend|postpone|delay|push) .{0,15}(?:checkout|departure)|(?:keep|have) .{0,12}room .{0,12}(?:longer|"
        r"until|till)|"
        r"(?:leave|stay) .{0,12}(?:later|until (?:1[2-9]|[1-8] ?pm?))|checkout .{0,12}(?:at|until|by|around) (?:1[2-9]|"
        r"[1-8] ?pm?|noon)",
        r"spat\w* (?:\w+ )?(?:checkout|auschecken|abreis\w+)|(?:checkout|abreise|auschecken) .{0,25}spater|"
        r"zimmer .{0,25}langer|spatabreise",
        r"(?:checkout|salida) (?:mas )?tard\w+|(?:salir|dejar .{0,15}|irme|irnos) mas tarde|"
        r"retrasar .{0,20}(?:salida|checkout)",
        r"(?:depart|checkout) (?:plus )?tard\w*|(?:partir|liberer .{0,15}|quitter .{0,15}|"
        r"garder .{0,15}) plus (?:tard|longtemps)",
        r"(?:checkout|saida) (?:mais )?tard\w+|(?:sair|deixar .{0,12}) mais tarde",
        r"(?:checkout|partenza) (?:piu )?(?:tard\w+|posticipat\w)|(?:lasciare|liberare|partire)(?: \w+){0,3} piu tardi",
    ),
    Wish.EARLY_CHECK_IN: pattern(
        r"earl(?:y|ier) (?:checkin|arrival)|(?:checkin|arriv\w+) (?:(?:a )?(?:bit|little) |much |very )?(?:early|"
        r"earlier|before)|"
        r"room (?:be )?ready (?:early|earlier|before)",
        r"fruh\w* (?:\w+ )?(?:checkin|einchecken|anreis\w+|ankommen)|(?:checkin|einchecken|anreise\w*) .{0,20}fruher|"
        r"fruhanreise",
        r"(?:checkin|entrada|llegada) (?:mas )?(?:temprano|tempran[oa]|anticipad[oa]|antes)|(?:llegar|entrar|llegamos) "
        r"(?:mas temprano|antes)",
        r"(?:checkin|arrivee) (?:anticipee?|plus tot|en avance)|arriv(?:er|ons|e) (?:plus tot|en avance|tot)",
        r"(?:checkin|entrada|chegada) (?:mais cedo|antecipad[oa])|(?:chegar|entrar|chegamos) mais cedo",
        r"(?:checkin|arrivo) anticipato|arriv(?:are|iamo) (?:prima|in anticipo)",
    ),
    Wish.CHANGE_BOOKING: pattern(
        r"cancel\w* .{0,20}(?:booking|reservation|stay|room)|(?:change|modify|extend|shorten|move) .{0,20}(?:booking|"
        r"reservation|"
        r"stay|dates)|(?:extra|another|one more|additional|more) nights?|stay (?:\w+ )?longer|upgrade|(?:change|switch|"
        r"different|another|other) rooms?|book (?:a|another) room",
        r"stornier\w*|umbuch\w*|(?:aufenthalt|buchung) .{0,15}verlanger\w*|verlangern|(?:weitere|noch eine|"
        r"zusatzliche) nacht|"
        r"anderes zimmer|zimmer (?:wechseln|buchen)",
        r"(?:cancelar|anular|cambiar|modificar|ampliar|alargar|prolongar) .{0,20}(?:reserva|estancia|fechas|"
        r"habitacion)|"
        r"otra noche|noche (?:mas|extra|adicional)|reservar una habitacion",
        r"(?:annuler|modifier|changer|prolonger) .{0,20}(?:reservation|sejour|dates|chambre)|nuit supplementaire|"
        r"une nuit de plus|reserver une chambre|surclassement",
        r"(?:cancelar|alterar|mudar|prolongar|estender) .{0,20}(?:reserva|estadia|datas|quarto)|mais uma noite|"
        r"noite (?:extra|adicional)|reservar um quarto",
        r"(?:cancellare|annullare|disdire|modificare|cambiare|prolungare) .{0,20}(?:prenotazione|soggiorno|date|"
        r"camera)|"
        r"un'altra notte|notte (?:in piu|extra)|prenotare una camera",
    ),
    Wish.TOWELS: pattern(r"(?:bath)?towels?", r"(?:bade|hand)tuch\w*", r"toallas?", r"serviettes?", r"toalhas?",
        r"asciugaman[oi]"),
    Wish.HOUSEKEEPING: pattern(
        r"housekeeping|clean\w* .{0,15}room|room .{0,15}clean(?:ed|ing)|make up .{0,10}room|pillows?|blankets?|"
        r"bathrobes?|"
        r"slippers|toilet paper|shampoo|soap|iron|ironing board|hair ?dryer|kettle|bed ?linen|bed ?sheets|hangers?|"
        r"crib|"
        r"baby cot|cot|extra bed",
        r"zimmerreinigung|zimmer .{0,20}(?:reinigen|gereinigt|putzen|geputzt|saubermachen)|kissen|decken?|bademantel|"
        r"toilettenpapier|seife|bugeleisen|fohn|bettwasche|kinderbett|babybett|zustellbett",
        r"limpi\w+ .{0,15}habitacion|limpieza|almohadas?|mantas?|papel higienico|jabon|champu|plancha|secador|"
        r"sabanas|cuna|"
        r"cama (?:extra|supletoria)",
        r"menage|nettoy\w+|oreillers?|couvertures?|papier toilette|savon|shampo?oing|fer a repasser|seche-cheveux|"
        r"draps|"
        r"lit (?:bebe|supplementaire)",
        r"limpeza|limp\w+ .{0,15}quarto|almofadas?|travesseiros?|cobertor\w*|sabonete|ferro de (?:passar|engomar)|"
        r"lencois|berco",
        r"pulizi[ae]|pulire|cuscin[oi]|copert[ae]|carta igienica|sapone|ferro da stiro|asciugacapelli|lenzuola|culla|"
        r"letto (?:extra|aggiuntivo)",
    ),
    Wish.TAXI: pattern(
        r"taxis?|cab|uber|(?:airport )?transfer|airport (?:shuttle|pick ?up)|shuttle", r"flughafentransfer",
        r"traslado",
        r"navette", r"navetta",
    ),
    Wish.WAKE_UP_CALL: pattern(
        r"wake[ -]?up|wake (?:me|us)", r"weckruf|weckdienst|wecken|wecken sie", r"desp[ie]\w*rt\w+", r"reveil\w*",
        r"acord(?:ar|em)\w*",
        r"svegli\w+",
    ),
    Wish.TABLE: pattern(
        r"(?:book|reserve|reservation|get) .{0,20}table|table for|(?:dinner|restaurant|lunch) (?:reservation|booking)|"
        r"recommend\w* .{0,25}(?:restaurant|place to eat|dinner)",
        r"tisch .{0,25}(?:reserv\w+|buchen|bestellen)|tisch fur|tischreservierung|restaurant .{0,15}empfehl\w+",
        r"(?:reserv\w+) .{0,12}mesa|mesa para|(?:recom\w+) .{0,15}restaurante",
        r"reserv\w+ .{0,15}table|table pour|(?:recommand\w+|conseill\w+) .{0,15}restaurant",
        r"marcar .{0,12}mesa", r"(?:prenot\w+|riserv\w+) .{0,12}tavolo|tavolo per|consigli\w+ .{0,15}ristorante",
    ),
    Wish.LUGGAGE: pattern(
        r"luggage|baggage|suitcases?|(?:my|our|the) bags?", r"gepack\w*|koffer", r"equipaje|maletas?", r"bagages?|"
        r"valises?",
        r"bagagem|bagagens|malas", r"bagagli\w?|valig\w+",
    ),
    Wish.INVOICE: pattern(
        r"invoice|receipt|(?:my|the|our) bill|folio", r"rechnung|quittung|beleg", r"factura|recibo|la cuenta",
        r"factures?|la note", r"fatura|a conta", r"fattura|ricevuta|il conto",
    ),
    Wish.NEED: pattern(
        r"allerg\w+|intoleran\w+|gluten\w*|lactose|c(?:o)?eliac|vegan\w?|vegetarian\w?|halal|kosher|feather\w*|"
        r"(?:i|we)(?:'d| would)? prefer",
        r"unvertraglichkeit|zoliakie|laktose\w*|vegetari\w+|ich bevorzuge|wir bevorzugen|hatte[n]? (?:ich |"
        r"wir )?lieber",
        r"alergi\w+|celiac[oa]s?|prefer(?:imos|iria)|prefiero", r"je prefer\w*|nous prefer\w+|sans lactose",
        r"prefiro|preferimos", r"preferisco|preferiamo|celiac[oah]\w*|intolleran\w+",
    ),
}  # fmt: skip

QUESTIONS: Final[dict[Question, re.Pattern[str]]] = {
    Question.WHO_AM_I: pattern(
        r"who am i|do you know (?:who i am|me|my name)|what(?:'s| is) my name|(?:what do you )?know about me",
        r"wer (?:ich bin|bin ich)|wie heisse ich|was ist mein name|kennst du mich|kennen sie (?:mich|meinen namen)|"
        r"uber mich",
        r"quien soy|como me llamo|me conoce[ns]?|sab\w+ (?:de|sobre) mi",
        r"qui (?:suis-je|je suis)|comment je m'appelle|me connai\w+|savez-vous (?:de|sur) moi",
        r"quem (?:eu )?sou|como me chamo|sabe\w* (?:de|sobre) mim", r"chi sono(?: io)?|come mi chiamo|sa\w* di me",
    ),
    Question.ROOM_NUMBER: pattern(
        r"room (?:number|no|nr)|(?:what|which)(?:'s| is| was)? (?:my|our|the) room|(?:what|which) room (?:am i|"
        r"are we|do i|do we|is)|"
        r"where(?:'s| is) (?:my|our) room",
        r"zimmernummer|welche[sm]? zimmer|wo ist (?:mein|unser) zimmer",
        r"numero de (?:la |mi |nuestra )?habitacion|(?:que|cual) (?:es )?(?:mi |la |nuestra )?habitacion",
        r"numero de (?:la |ma |notre )?chambre|(?:quelle|ou) (?:est )?(?:ma |notre )?chambre",
        r"numero do (?:meu |nosso )?quarto|(?:qual|que) (?:e )?(?:o )?(?:meu |nosso )?quarto",
        r"numero (?:della|di) (?:mia |nostra )?(?:camera|stanza)|(?:qual|quale|che) (?:e )?(?:la )?(?:mia |"
        r"nostra )?(?:camera|stanza)",
    ),
    Question.ROOM_TYPE: pattern(
        r"room (?:type|category)|(?:type|kind|sort|category) of (?:a )?room", r"zimmer(?:typ|kategorie|art)|"
        r"art von zimmer|was fur ein zimmer",
        r"tipo de (?:habitacion|quarto)|categoria .{0,10}(?:habitacion|quarto)", r"(?:type|genre|"
        r"categorie) de (?:la |ma )?chambre",
        r"tipo di (?:camera|stanza)",
    ),
    Question.STAY_DATES: pattern(
        r"(?:my|our) (?:booking|reservation|stay|dates|arrival|departure)|how (?:long|many nights)|(?:arrival|"
        r"departure) date|"
        r"when (?:do|am|are|will|should|must) (?:i|we) (?:\w+ )?(?:leav\w+|arriv\w+|checkin|checkout|depart\w*)",
        r"(?:mein|unser)\w* (?:buchung|reservierung|aufenthalt|anreise|abreise)|wie (?:lange|viele nachte)|"
        r"wann (?:reis\w+|muss|mussen|check\w*|komm\w*) (?:ich|wir)",
        r"(?:mi|nuestr[ao]) (?:reserva|estancia|llegada|salida)|cuantas noches|cuando (?:llego|llegamos|salgo|"
        r"salimos|me voy)",
        r"(?:ma|mon|notre) (?:reservation|sejour|arrivee|depart)|combien de nuits|quand .{0,15}(?:j'arrive|je pars|"
        r"partons|arrivons)",
        r"(?:minha|nossa) (?:reserva|estadia|chegada|saida|partida)|quantas noites|quando (?:e que )?(?:chego|saio|"
        r"parto|chegamos|saimos)",
        r"(?:mia|nostra) (?:prenotazione|partenza)|mio (?:soggiorno|arrivo)|quante notti|quando (?:arrivo|parto|"
        r"partiamo|arriviamo)",
    ),
    Question.PREFERENCES: pattern(
        r"(?:my|our) (?:preferences?|wishes|allerg\w+|pillow|diet)", r"(?:mein|unser)\w* (?:vorlieben|wunsche|"
        r"praferenzen|allergie\w?)",
        r"(?:mis|nuestras) preferencias|mi alergia", r"(?:mes|nos) preferences|(?:mon|mes) allergies?",
        r"(?:minhas|nossas) preferencias|minha alergia", r"(?:mie|nostre) preferenze|mia allergia",
    ),
}  # fmt: skip

COURTESIES: Final[dict[Courtesy, re.Pattern[str]]] = {
    Courtesy.WHO_ARE_YOU: pattern(
        r"who are you|are you (?:a |an )?(?:bot|robot|human|real|ai|machine|person|computer)(?: person| human)?|"
        r"(?:what(?:'s|"
        r" is)) your name",
        r"wer (?:bist du|sind sie)|(?:bist du|sind sie) (?:ein |eine )?(?:bot|roboter|mensch|maschine|ki)",
        r"quien eres|quien es usted|eres (?:un |una )?(?:bot|robot|human[oa]|maquina|persona)",
        r"qui (?:es-tu|etes-vous|etes vous)|(?:etes-vous|es-tu) (?:un )?(?:robot|bot|humain)",
        r"quem (?:es|e voce)|(?:es|voce e) um (?:robo|bot|humano)", r"chi sei|sei (?:un )?(?:bot|robot|umano)",
    ),
    Courtesy.GREETING: pattern(
        r"hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings", r"hallo|guten (?:morgen|tag|abend)|"
        r"gruss gott|servus|moin|gruezi",
        r"hola|buenos dias|buenas tardes|buenas", r"bonjour|bonsoir|salut|coucou", r"ola|oi|bom dia|boa tarde|"
        r"boa noite",
        r"ciao|buongiorno|buonasera|salve",
    ),
    Courtesy.THANKS: pattern(
        r"thanks?|thank you|thx|cheers|appreciated?", r"danke\w*|vielen dank", r"gracias", r"merci", r"obrigad[oa]",
        r"grazie",
    ),
    Courtesy.GOODBYE: pattern(
        r"(?:good)?bye|good night|see you", r"tschuss|auf wiedersehen|gute nacht", r"adios|hasta (?:luego|pronto|"
        r"manana)|buenas noches",
        r"au revoir|bonne nuit|a bientot", r"adeus|tchau|ate (?:logo|breve|amanha)", r"arrivederci|buonanotte|"
        r"buona notte",
    ),
}  # fmt: skip

ALONE: Final[dict[Courtesy, re.Pattern[str]]] = {
    Courtesy.FINE: pattern(
        r"ok(?:ay)?|great|perfect|fine|super|alright|all right|cool|got it|sounds good|wonderful|nice|no|no need",
        r"alles klar|gut|prima|"
        r"perfekt|nein|passt", r"vale|perfecto|genial|de acuerdo|bien", r"d'accord|parfait|tres bien|non",
        r"perfeito|otimo|esta bem|nao",
        r"perfetto|va bene|ottimo",
    ),
    Courtesy.YES: pattern(r"yes|yes please|yeah|sure|ja|ja bitte|gerne?|si|si por favor|oui|oui merci|sim|"
        r"sim por favor|si grazie"),
}  # fmt: skip

REFUSING: Final = re.compile(
    r"(?<!\w)(?:no|not|don't|without|cancel|kein\w*|nicht|ohne|storniere\w*|sin|cancelar|pas|sans|annuler|nao|sem|"
    r"senza|non)"
    r"(?: [\w']+){0,2} $"
)
MAY_BE_REFUSED: Final = (
    Wish.LATE_CHECKOUT, Wish.EARLY_CHECK_IN, Wish.TOWELS, Wish.HOUSEKEEPING, Wish.TAXI, Wish.WAKE_UP_CALL, Wish.TABLE,
    Wish.LUGGAGE, Wish.INVOICE,
)  # fmt: skip
