"""Letters stand out from their background: at least 4.5 to 1, light and dark."""

import unittest

from small_site import DOCS  # noqa: F401  (puts docs/extensions on the path)

import conf
from course.pygments_styles import CourseDark, CourseLight


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", as WCAG 2 defines it."""
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """Contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class Contrast(unittest.TestCase):
    def test_black_on_white(self) -> None:
        self.assertAlmostEqual(contrast("#000000", "#ffffff"), 21)

    def test_code(self) -> None:
        for style, name in ((CourseLight, "light"), (CourseDark, "dark")):
            page = conf.html_theme_options[f"{name}_css_variables"]
            for background in (page["sheet"], page["paper"], page["added"]):
                for token, settings in style:
                    colour = f"#{settings['color']}" if settings["color"] else page["ink"]
                    self.assertGreaterEqual(contrast(colour, background), 4.5, f"{name}: {token} {colour} on {background}")

    def test_page(self) -> None:
        for name in ("light", "dark"):
            page = conf.html_theme_options[f"{name}_css_variables"]
            for ink in ("ink", "faint", "accent", "accent-2", "accent-3", "accent-4", "good", "bad", "context"):
                for background in ("paper", "sheet"):
                    self.assertGreaterEqual(contrast(page[ink], page[background]), 4.5, f"{name}: {ink} on {background}")


if __name__ == "__main__":
    unittest.main()
