"""Sentences as the history stores them: a message as code and values, other texts as they are."""

import json

from core.messages import Message, pack_messages, unpack_messages

_BEGINNING = '{"$message"'


def pack_sentence(sentence: str) -> str:
    """A sentence as text for the file."""
    return json.dumps(pack_messages(sentence)) if isinstance(sentence, Message) else sentence


def unpack_sentence(text: str) -> str:
    """The sentence that `pack_sentence` packed; older versions stored plain sentences."""
    if not text.startswith(_BEGINNING):
        return text
    found = unpack_messages(json.loads(text))
    return found if isinstance(found, Message) else text
