"""What Doxygen found in each header, as directives for Breathe.

Breathe can show a whole file, but then declares the namespace again for each
header, which Sphinx rightly refuses; so every class and function is named here.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_KINDS = {"function": "doxygenfunction", "enum": "doxygenenum", "typedef": "doxygentypedef",
          "variable": "doxygenvariable"}
_COMPOUNDS = {"class": "doxygenclass", "struct": "doxygenstruct", "union": "doxygenunion"}


@dataclass(frozen=True)
class Entity:
    """A class or a member of the namespace, and where it is declared."""

    header: str
    line: int
    directive: str
    name: str

    def markup(self) -> str:
        """The MyST directive that shows it."""
        options = ":members:\n:undoc-members:\n" if self.directive in _COMPOUNDS.values() else ""
        return f"```{{{self.directive}}} {self.name}\n{options}```\n"


def read(xml: Path) -> list[Entity]:
    """Everything public in Doxygen's XML, in the order of the files' lines."""
    found: list[Entity] = []
    known: set[str] = set()  # what an inline namespace tells, the one around it has told
    for path in sorted(xml.glob("*.xml")):
        if path.name.startswith(("class", "struct", "union")):
            found += _compound(path)
        elif path.name.startswith("namespacecnn"):
            found += _members(path, known)
    return sorted(found, key=lambda entity: (entity.header, entity.line))


def _compound(path: Path) -> list[Entity]:
    compound = ElementTree.parse(path).getroot().find("compounddef")
    if compound is None or compound.get("prot") != "public":
        return []
    name = compound.findtext("compoundname", "")
    location = compound.find("location")
    nested = any((path.parent / f"{kind}{_mangled(name.rpartition('::')[0])}.xml").exists() for kind in _COMPOUNDS)
    if location is None or nested:
        return []
    return [Entity(location.get("file", ""), int(location.get("line", 0)), _COMPOUNDS[compound.get("kind", "")], name)]


def _mangled(name: str) -> str:
    return name.replace("_", "__").replace("::", "_1_1")


def _members(path: Path, known: set[str]) -> list[Entity]:
    compound = ElementTree.parse(path).getroot().find("compounddef")
    if compound is None:
        return []
    space = compound.findtext("compoundname", "")
    members = [m for m in compound.iter("memberdef") if m.get("kind") in _KINDS]
    count = Counter(m.findtext("name", "") for m in members)
    found = []
    for member in members:
        location = member.find("location")
        name = member.findtext("name", "")
        if location is None or not name or name.startswith("operator") or member.get("id") in known:
            continue
        known.add(member.get("id", ""))
        full = f"{space}::{name}"
        if member.get("kind") == "function" and count[name] > 1:
            full += re.sub(r"\s*=\s*[^,()]+(\([^()]*\)|\{[^{}]*\})?", "", member.findtext("argsstring", ""))
        file = location.get("declfile") or location.get("file", "")
        line = location.get("declline") or location.get("line", "0")
        found.append(Entity(file, int(line), _KINDS[member.get("kind", "")], full))
    return found
