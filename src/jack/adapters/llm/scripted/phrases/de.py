"""German."""

from typing import Final

from jack.adapters.llm.scripted.intents import Wish
from jack.adapters.llm.scripted.phrases.book import Phrases

GERMAN: Final = Phrases(
    morning="Guten Morgen",
    afternoon="Guten Tag",
    evening="Guten Abend",
    named="{words}, {name}.",
    gladly="Sehr gern",
    sorry="Das tut mir leid",
    intro="Ich bin Jack, der Butler im Haus {hotel}.",
    how_help="Was darf ich für Sie tun?",
    in_house="Ich hoffe, Sie haben einen schönen Aufenthalt in {rooms}, bis {date}.",
    welcome_before="Wir freuen uns, Sie am {date} zu begrüßen.",
    thanks="Sehr gern geschehen",
    goodbye="Auf Wiedersehen",
    still_here="Ich bin jederzeit hier für Sie da.",
    who_is_jack="Ich bin Jack, der digitale Butler im Haus {hotel}: ein Computer mit einem Team "
    "von Menschen hinter mir. Wenn Sie lieber mit einem von ihnen schreiben möchten, sagen Sie es einfach.",
    one_room="Zimmer {number}",
    many_rooms="den Zimmern {numbers}",
    for_room=" für Zimmer {number}",
    for_rooms=" für die Zimmer {numbers}",
    your_room="Sie haben Zimmer {number}.",
    your_rooms="Sie haben die Zimmer {numbers}.",
    your_type="Ihr Zimmertyp ist {types}.",
    your_stay="Ihr Aufenthalt: {stays}.",
    room_at_check_in="Ihre Zimmernummer erhalten Sie beim Check-in.",
    departure="Ihre Abreise ist am {dates}.",
    you_are="Sie sind {name}.",
    loyalty="Ihr Treuestatus ist {tier}.",
    noted="Für Sie ist vermerkt: {preferences}.",
    nothing_noted="Für Sie sind noch keine Wünsche vermerkt; schreiben Sie sie mir, ich gebe sie an das Team weiter.",
    not_known="Das steht nicht in meinen Unterlagen; der Empfang hilft Ihnen gern weiter.",
    stale="Ich lasse die Angaben zu Ihrem Aufenthalt gerade prüfen, bevor ich sie nenne; "
    "das Team bestätigt sie Ihnen hier.",
    nobody="Ich kann in diesem Chat nicht erkennen, wer schreibt, und darf deshalb nichts über Buchungen sagen; "
    "der Empfang hilft Ihnen gern weiter.",
    passed_on="Ich habe das Team um {wishes}{room} gebeten; die Bestätigung erhalten Sie hier.",
    passed_on_to_nobody="Ich habe das Team um {wishes} gebeten; es meldet sich hier bei Ihnen.",
    message="Ich habe Ihre Nachricht an das Team weitergegeben; jemand antwortet Ihnen hier.",
    need="Ich habe das an das Team weitergegeben, damit es berücksichtigt werden kann; "
    "die Bestätigung erhalten Sie hier.",
    complaint="Ich habe das Team informiert; jemand meldet sich hier bei Ihnen.",
    human="Ich habe jemanden aus dem Team dazugebeten; die Antwort erhalten Sie hier.",
    urgent="Wenn jemand in Gefahr ist, rufen Sie bitte sofort den örtlichen Notruf und den Empfang an. "
    "Ich habe Ihre Nachricht als dringend an das Team weitergegeben.",
    unknown_fact="Das steht nicht in meinen Unterlagen; ich habe Ihre Frage an das Team weitergegeben, "
    "jemand antwortet Ihnen hier.",
    quote="In unseren Hotelinformationen steht: „{text}“",
    wishes={
        Wish.MAINTENANCE: "eine Reparatur",
        Wish.LATE_CHECKOUT: "einen späten Check-out",
        Wish.EARLY_CHECK_IN: "einen frühen Check-in",
        Wish.CHECK_OUT: "den Check-out",
        Wish.CHANGE_BOOKING: "die gewünschte Änderung",
        Wish.TOWELS: "frische Handtücher",
        Wish.HOUSEKEEPING: "Hilfe vom Housekeeping",
        Wish.TAXI: "ein Taxi",
        Wish.WAKE_UP_CALL: "einen Weckruf",
        Wish.TABLE: "einen Tisch",
        Wish.LUGGAGE: "Hilfe mit Ihrem Gepäck",
        Wish.INVOICE: "Ihre Rechnung",
    },
    statuses={
        "tentative": "noch nicht bestätigt",
        "checked_out": "abgereist",
        "cancelled": "storniert",
        "no_show": "als nicht angereist vermerkt",
    },
    conjunction="und",
    weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    months=(
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ),
    date_form="{weekday}, {day}. {month}",
    year=" {year}",
    span="von {arrival} bis {departure}",
    today="heute",
    tomorrow="morgen",
)  # fmt: skip
