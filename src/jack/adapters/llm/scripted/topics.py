"""What hotels write about for their guests, and how guests ask for it in six languages."""

import re
from typing import Final

from jack.adapters.llm.scripted.language import pattern

CHECK_OUT, LATE_CHECK_OUT, CHECK_IN, WIFI, BREAKFAST, PARKING, RESTAURANT = (
    "check-out", "late check-out", "check-in", "Wi-Fi", "breakfast", "parking", "restaurant"
)  # fmt: skip

TOPICS: Final[dict[str, re.Pattern[str]]] = {
    CHECK_OUT: pattern(
        r"(?<!late )(?<!later )(?<!spater )(?<!spaten )checkout(?! tard)", r"auschecken|abreise\w*", r"salida(?! tard)",
        r"departure|departs?(?! tard)", r"saida(?! tard)", r"partenza"
    ),
    LATE_CHECK_OUT: pattern(
        r"late(?:r)? (?:checkout|departure)", r"spat\w* (?:checkout|auschecken|abreise)|spatabreise",
        r"(?:checkout|salida) tard\w+", r"(?:depart|checkout) tardif", r"(?:checkout|saida) tardi[oa]",
        r"(?:checkout|partenza) (?:posticipat\w|tardiv\w)"
    ),
    CHECK_IN: pattern(
        r"checkin", r"einchecken|anreise\w*", r"(?:hora de )?(?:entrada|llegada)", r"arriv(?:al|ee)s?", r"chegada",
        r"arrivo"
    ),
    WIFI: pattern(r"wifi|internet|password", r"passwort", r"contrasena|clave", r"mot de passe", r"senha|palavra-passe"),
    BREAKFAST: pattern(
        r"breakfast|brunch", r"fruhstuck\w*", r"desayun\w+", r"petits?[ -]dejeuners?", r"pequeno[ -]almoco|"
        r"cafe da manha", r"colazione"
    ),
    PARKING: pattern(
        r"parking|(?:can|where|we|i|to) park|garage|valet|ev charg\w+", r"park(?:en|platz|platze|haus)|tiefgarage",
        r"aparcar|aparcamiento|estacion\w+", r"garer|stationne\w+", r"garagem", r"parchegg\w+",
    ),
    RESTAURANT: pattern(
        r"restaurants?|dinner|lunch|menu|food|eat", r"abendessen|mittagessen|essen|speisekarte", r"cena|cenar|"
        r"almuerzo|comer",
        r"diner|(?<!petit )(?<!petit-)dejeuner|manger", r"jantar|almocar", r"ristorante|pranzo|cenare|mangiare",
    ),
    "bar": pattern(r"bar|cocktails?|drinks?"),
    "room service": pattern(r"room service", r"zimmerservice", r"servicio de habitaciones", r"service en chambre",
        r"servico de quartos?"),
    "pool": pattern(r"(?:swimming )?pool|swim\w*", r"schwimmbad|schwimmen", r"piscin[ae]", r"nager"),
    "gym": pattern(r"gym|fitness\w*|work ?out", r"gimnasio", r"salle de sport", r"ginasio|academia", r"palestra"),
    "spa": pattern(r"spa|sauna|massages?|wellness\w*|hammam|jacuzzi", r"massagen?", r"masajes?", r"massaggi\w?",
        r"massagem"),
    "pets": pattern(r"pets?|dogs?|cats?", r"haustiere?|hunde?|katzen?", r"mascotas?|perros?|gatos?", r"chiens?|"
        r"chats?|animaux",
                    r"animais|caes|cao|cachorros?", r"animali|cane|cani"),
    "laundry": pattern(r"laundry|dry cleaning|ironing", r"wascherei|wasche", r"lavanderia", r"blanchisserie|pressing|"
        r"laverie"),
    "smoking": pattern(r"smok\w+", r"rauch\w+", r"fumar", r"fumer|fumeurs?", r"fumare|fumatori"),
    "address": pattern(
        r"address|where (?:is the hotel|are you)|located|location|directions|how (?:do|can) (?:i|we) get (?:to|there)",
        r"adresse|wo (?:liegt|ist) das hotel|anfahrt", r"direccion|donde (?:esta|queda)n? (?:el hotel|ustedes)|"
        r"ubicacion|como llego",
        r"ou (?:est|se trouve) l'hotel|comment venir", r"morada|endereco|onde fica o hotel", r"indirizzo|"
        r"dove (?:si trova|e) l'hotel",
    ),
    "transport": pattern(
        r"airport|train|metro|subway|bus|tram|ferry|station", r"flughafen|bahnhof|u-bahn|strassenbahn", r"aeropuerto|"
        r"autobus|tren",
        r"aeroport|gare", r"aeroporto|comboio|autocarro", r"treno|stazione",
    ),
    "reception": pattern(r"reception|front desk|24 ?h\w*", r"rezeption|empfang", r"recepcion", r"rececao|recepcao"),
    "payment": pattern(r"pay\w*|credit cards?|cash|deposit|tourist tax|city tax|tax", r"zahl\w+|bezahl\w+|kurtaxe|"
        r"kaution",
                       r"pagar|pago|tarjetas?|tasa", r"payer|paiement|taxe de sejour|caution", r"pagamento|cartao|"
                       r"taxa", r"pagare|tassa"),
    "children": pattern(r"children|kids?|bab(?:y|ies)", r"kinder|kind|baby", r"ninos?|ninas?|bebes?", r"enfants?",
        r"criancas?", r"bambin\w"),
    "beach": pattern(r"beach", r"strand", r"playas?", r"plages?", r"praias?", r"spiaggia"),
    "accessibility": pattern(r"wheelchair|accessib\w+|lift|elevator", r"rollstuhl\w*|aufzug|fahrstuhl|barrierefrei",
        r"silla de ruedas|ascensor",
                             r"fauteuil roulant|ascenseur", r"cadeira de rodas|elevador", r"sedia a rotelle|ascensore"),
    "quiet hours": pattern(r"quiet hours", r"ruhezeit\w*|nachtruhe"),
    "luggage": pattern(r"luggage|baggage", r"gepack\w*", r"equipaje", r"bagages?", r"bagagem", r"bagagli\w?"),
    "taxi": pattern(r"taxis?|transfers?|shuttle"),
}  # fmt: skip


def topics_in(text: str) -> tuple[str, ...]:
    """The topics of the hotel that `normal` text asks about."""
    return tuple(topic for topic, expression in TOPICS.items() if expression.search(text))
