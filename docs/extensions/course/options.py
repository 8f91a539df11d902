"""Directive options that are sentences.

MyST reads the options of a directive as YAML, where ": " and " #" have a meaning
of their own. Captions and alternative texts are sentences, so they are quoted
before MyST sees them.
"""

from __future__ import annotations

import json
import re

from sphinx.application import Sphinx

_SENTENCE = re.compile(r"^(?P<name>:(?:alt|caption):) +(?P<text>[^\s\"'].*?)[ \t]*$", re.M)


def quoted(text: str) -> str:
    """The page with its captions and alternative texts in quotes."""
    return _SENTENCE.sub(lambda match: f"{match['name']} {json.dumps(match['text'], ensure_ascii=False)}", text)


def quote(app: Sphinx, docname: str, source: list[str]) -> None:
    """Does that to every page as it is read."""
    source[0] = quoted(source[0])
