"""Where things lie: chapters, their pages, and the pages of their sources."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.environment import BuildEnvironment

_CHAPTER_PAGE = re.compile(r"^chapters/(?P<chapter>[0-9]{2}_[a-z0-9_]+)/[a-z0-9_]+$")
CODE_SUFFIXES = (".hpp", ".cpp", ".cu", ".cuh")


def root(env: BuildEnvironment) -> Path:
    """The top of the repository."""
    return Path(env.config.course_root)


def chapter_of(docname: str) -> str:
    """"01_naive_convolution" for that chapter's pages, "" for any other page."""
    match = _CHAPTER_PAGE.match(docname)
    return match["chapter"] if match else ""


def pages_of(env: BuildEnvironment, chapter: str) -> list[str]:
    """The chapter's pages in reading order: as the home page's table of contents names
    them; those that it does not name after these, by the alphabet."""
    home = Path(env.doc2path(env.config.root_doc)).read_text(encoding="utf-8")
    named = [name for name in home.split() if chapter_of(name) == chapter]
    pages = [name for name in env.found_docs if chapter_of(name) == chapter]
    return sorted(pages, key=lambda name: (named.index(name) if name in named else len(named), name))


def resolve(env: BuildEnvironment, docname: str, name: str) -> Path:
    """A file named in prose: beside the chapter, or from the top with a leading /."""
    if name.startswith("/"):
        return root(env) / name.lstrip("/")
    chapter = chapter_of(docname)
    return root(env) / "chapters" / chapter / name if chapter else root(env) / "docs" / name


def chapter_sources(chapter_folder: Path) -> list[Path]:
    """The files whose every line the chapter has to show."""
    return sorted(p for p in chapter_folder.iterdir() if p.suffix in CODE_SUFFIXES)


def relative(env: BuildEnvironment, path: Path) -> str:
    """`path` as people know it, from the top of the repository."""
    try:
        return path.relative_to(root(env)).as_posix()
    except ValueError:
        return path.as_posix()


def source_page(relative_path: str) -> str:
    """The docname of a file's complete source page."""
    return "sources/" + relative_path.removeprefix("chapters/")
