"""Short fixed replies in the guest's language, for when no model may or can speak."""

from enum import StrEnum
from typing import Final


class FixedReply(StrEnum):
    """What has to be said."""

    COLLEAGUE_WILL_ANSWER = "colleague_will_answer"
    CANNOT_READ_THIS = "cannot_read_this"


_TEXTS: Final[dict[FixedReply, dict[str, str]]] = {
    FixedReply.COLLEAGUE_WILL_ANSWER: {
        "en": "Thank you for your message. I have passed it to my colleagues at the front desk; one of them will answer you here.",
        "de": "Vielen Dank für Ihre Nachricht. Ich habe sie an meine Kolleginnen und Kollegen am Empfang weitergegeben; jemand antwortet Ihnen hier.",
        "es": "Gracias por su mensaje. Lo he pasado a mis compañeros de recepción; uno de ellos le responderá aquí.",
        "fr": "Merci pour votre message. Je l'ai transmis à mes collègues de la réception ; l'un d'eux vous répondra ici.",
        "it": "Grazie per il suo messaggio. L'ho passato ai colleghi della reception; uno di loro le risponderà qui.",
        "pt": "Obrigado pela sua mensagem. Passei-a aos meus colegas da receção; um deles responder-lhe-á aqui.",
    },
    FixedReply.CANNOT_READ_THIS: {
        "en": "Thank you, I received it, but I can only read text. Could you write what you need? My colleagues can see what you sent.",
        "de": "Vielen Dank, es ist angekommen, aber ich kann nur Text lesen. Schreiben Sie mir bitte, was Sie brauchen? Meine Kolleginnen und Kollegen sehen, was Sie geschickt haben.",
        "es": "Gracias, lo he recibido, pero solo puedo leer texto. ¿Podría escribirme qué necesita? Mis compañeros pueden ver lo que ha enviado.",
        "fr": "Merci, je l'ai bien reçu, mais je ne peux lire que du texte. Pourriez-vous m'écrire ce dont vous avez besoin ? Mes collègues voient ce que vous avez envoyé.",
        "it": "Grazie, l'ho ricevuto, ma posso leggere solo testo. Può scrivermi di cosa ha bisogno? I colleghi vedono ciò che ha inviato.",
        "pt": "Obrigado, recebi, mas só consigo ler texto. Pode escrever-me o que precisa? Os meus colegas veem o que enviou.",
    },
}


_ALL: Final = frozenset(text for texts in _TEXTS.values() for text in texts.values())


def is_fixed_reply(text: str) -> bool:
    """True when the text is one of these replies, which say nothing about anybody."""
    return text in _ALL


def fixed_reply(reply: FixedReply, language: str) -> str:
    """The reply in that language, by its first subtag; English where Jack does not have it."""
    texts = _TEXTS[reply]
    return texts.get(language.split("-", maxsplit=1)[0].lower(), texts["en"])
