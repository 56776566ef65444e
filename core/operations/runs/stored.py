"""Sentences as the history keeps them: the code and values of a message, and other texts as is."""

import json

from core.messages import Message, pack_messages, unpack_messages

_BEGINNING = '{"$message"'


def pack_sentence(sentence: str) -> str:
    """A sentence as text for the file."""
    return json.dumps(pack_messages(sentence)) if isinstance(sentence, Message) else sentence


def unpack_sentence(text: str) -> str:
    """What `pack_sentence` was given; a plain sentence, as older versions kept them, as it is."""
    if not text.startswith(_BEGINNING):
        return text
    found = unpack_messages(json.loads(text))
    return found if isinstance(found, Message) else text
