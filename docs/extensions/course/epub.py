"""Finishes the EPUB: each page says in the manifest that it holds MathML or SVG,
as the standard asks, and each page is well-formed XML."""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)

_ITEM = re.compile(r'<item id="[^"]+" href="(?P<href>[^"]+\.xhtml)" media-type="application/xhtml\+xml" />')


def with_properties(manifest: str, pages: dict[str, str]) -> str:
    """The manifest, with the properties of each page."""

    def mark(match: re.Match[str]) -> str:
        text = pages.get(match["href"], "")
        properties = [name for name, tag in (("mathml", "<math"), ("svg", "<svg")) if tag in text]
        return match[0].replace(" />", f' properties="{" ".join(properties)}" />') if properties else match[0]

    return _ITEM.sub(mark, manifest)


def complaints(pages: dict[str, str]) -> list[str]:
    """The pages that a strict reader refuses."""
    found = []
    for name, text in pages.items():
        try:
            ElementTree.fromstring(text.replace("<!DOCTYPE html>", ""))
        except ElementTree.ParseError as error:
            found.append(f"{name} is not well-formed: {error}")
    return found


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Rewrites the archive; warns about pages that are not well-formed."""
    if exception or app.builder.name != "epub":
        return
    for path in Path(app.outdir).glob("*.epub"):
        with zipfile.ZipFile(path) as archive:
            entries = [(info, archive.read(info)) for info in archive.infolist()]
        pages = {info.filename: data.decode("utf-8") for info, data in entries if info.filename.endswith(".xhtml")}
        for sentence in complaints(pages):
            logger.warning("epub: %s", sentence)
        draft = path.with_suffix(".draft")
        with zipfile.ZipFile(draft, "w") as archive:
            for info, data in entries:
                if info.filename == "content.opf":
                    data = with_properties(data.decode("utf-8"), pages).encode("utf-8")
                archive.writestr(info, data, compress_type=info.compress_type)
        os.replace(draft, path)


def setup(app: Sphinx) -> None:
    """Registers the last step."""
    app.connect("build-finished", finish)
