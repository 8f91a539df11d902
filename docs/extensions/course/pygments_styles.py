"""Colours of the listings. Each has a contrast of at least 4.5 to its background."""

from __future__ import annotations

from pygments.style import Style
from pygments.token import (
    Comment, Error, Generic, Keyword, Literal, Name, Number, Operator, Punctuation, String, Text, Token,
)


def _styles(text: str, quiet: str, keyword: str, kind: str, number: str, string: str, macro: str) -> dict:
    return {
        Token: text, Text: text, Punctuation: text, Operator: text, Name: text, Error: text,
        Comment: f"italic {quiet}", Comment.Preproc: f"noitalic {macro}", Comment.PreprocFile: f"noitalic {string}",
        Keyword: f"bold {keyword}", Keyword.Type: f"nobold {kind}", Keyword.Constant: f"nobold {number}",
        Name.Class: kind, Name.Namespace: text, Name.Builtin: kind, Name.Function: f"{text}",
        Name.Decorator: macro, Name.Label: macro,
        Number: number, Literal: number, String: string,
        Generic.Prompt: quiet, Generic.Output: text, Generic.Heading: f"bold {text}",
        Generic.Deleted: macro, Generic.Inserted: string, Generic.Emph: "italic", Generic.Strong: "bold",
    }


class CourseLight(Style):
    """Ink on paper."""

    background_color = "#f8f7f3"
    default_style = ""
    styles = _styles("#24292e", "#5f6670", "#1d4f91", "#6b3fa0", "#9a3d00", "#1f6b3a", "#8a2a4a")


class CourseDark(Style):
    """Chalk on slate."""

    background_color = "#181c22"
    default_style = ""
    styles = _styles("#d9dee5", "#929cab", "#8ab8ff", "#c9a5ff", "#f2a76b", "#8fd19e", "#f297b3")
