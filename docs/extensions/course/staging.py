"""Lays out the folder that Sphinx reads: docs/_build/source.

The pages live where they belong (chapters/NN/*.md, docs/*.md). Here they meet as
symbolic links, beside the pages that are generated: one for every source
file, and the API pages with their `<!-- api: GLOB -->` lines filled in ("-GLOB" takes away).
Files are written only when their text changes, so that Sphinx reads little anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Callable

from . import doxygen
from .paths import CODE_SUFFIXES, source_page

_API = re.compile(r"^<!-- api: (?P<globs>[^>]+?) -->$", re.M)
HEADERS = (".hpp", ".cuh")
Keep = Callable[[Path], Path]


class StagingError(Exception):
    """A layout that cannot be built."""


def public_headers(root: Path) -> list[str]:
    """Headers that an API page has to describe, from the top of the repository."""
    found = []
    for top in ("common", "chapters"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in HEADERS and "exercises" not in path.parts:
                found.append(path.relative_to(root).as_posix())
    return found


def expand_api(text: str, root: Path, entities: list[doxygen.Entity]) -> tuple[str, set[str]]:
    """Fills in the headers that match; returns the page and the headers on it."""
    headers = public_headers(root)
    used: set[str] = set()

    def section(match: re.Match[str]) -> str:
        chosen: list[str] = []
        for glob in match["globs"].split():
            matching = [h for h in headers if _matches(h, glob.removeprefix("-"))]
            if glob.startswith("-"):
                chosen = [h for h in chosen if h not in matching]
            else:
                chosen += [h for h in matching if h not in chosen and h not in used]
        used.update(chosen)
        return "\n".join(_api_section(header, entities) for header in chosen)

    return _API.sub(section, text), used


def _matches(header: str, glob: str) -> bool:
    return Path(header).match(glob) and header.count("/") == glob.count("/")


def _api_section(header: str, entities: list[doxygen.Entity]) -> str:
    here = [entity.markup() for entity in entities if entity.header == header]
    link = f"/{source_page(header)}.md"
    return f"## {Path(header).name}\n\n[`{header}`]({link})\n\n" + "\n".join(here)


def write_if_changed(path: Path, text: str) -> bool:
    """Leaves a file alone that already says this; tells whether it wrote."""
    if path.is_symlink():
        path.unlink()
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def link(path: Path, target: Path) -> None:
    """Makes `path` a symbolic link to `target`."""
    if path.is_symlink() and os.readlink(path) == str(target):
        return
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def stage(root: Path, target: Path) -> bool:
    """Builds or refreshes the folder `target` from the repository at `root`.

    Returns True when an API page changed: Sphinx then has to start afresh, because it
    does not survive a C++ name that moves from one page to another.
    """
    wanted: set[Path] = set()

    def keep(path: Path) -> Path:
        wanted.add(path)
        return path

    for page in sorted((root / "docs").glob("*.md")):
        link(keep(target / page.name), page)
    for chapter in sorted((root / "chapters").glob("[0-9][0-9]_*")):
        if (chapter / "chapter.md").is_file():
            _stage_chapter(chapter, target / "chapters" / chapter.name, keep)
    _stage_sources(root, target, keep)
    api_changed = _stage_api(root, target, keep)
    for old in [p for p in target.rglob("*") if (p.is_file() or p.is_symlink()) and p not in wanted]:
        old.unlink()
    return api_changed


def _stage_chapter(chapter: Path, folder: Path, keep: Keep) -> None:
    for path in sorted(chapter.rglob("*")):
        relative = path.relative_to(chapter)
        page = len(relative.parts) == 1 and path.suffix == ".md"
        if path.is_file() and (page or relative.parts[0] == "figures"):
            link(keep(folder / relative), path)


def _stage_sources(root: Path, target: Path, keep: Keep) -> None:
    for top in ("common", "chapters"):
        for path in sorted((root / top).rglob("*")):
            relative = path.relative_to(root).as_posix()
            if path.suffix not in CODE_SUFFIXES or "exercises" in path.parts:
                continue
            text = (f"---\norphan: true\nnosearch: true\n---\n# `{path.name}`\n\n"
                    f"```{{complete-source}} /{relative}\n```\n")
            write_if_changed(keep(target / f"{source_page(relative)}.md"), text)


def _stage_api(root: Path, target: Path, keep: Keep) -> bool:
    described: set[str] = set()
    changed = False
    xml = root / "docs" / "_build" / "doxygen" / "xml"
    entities = doxygen.read(xml) if xml.is_dir() else []
    pages = sorted((root / "docs" / "api").glob("*.md"))
    for page in pages:
        text, used = expand_api(page.read_text(encoding="utf-8"), root, entities)
        described |= used
        changed = write_if_changed(keep(target / "api" / page.name), text) or changed
    missing = [h for h in public_headers(root) if h not in described]
    if pages and missing:
        raise StagingError("no page in docs/api describes " + ", ".join(missing))
    return changed
