#!/usr/bin/env python3
"""Looks at every page of the site with headless Chromium.

At 390 and 1280 px, light and dark: no console error, no request to another host,
no sideways scroll of the page, every picture loads and has alternative text, a
copied listing is exactly its code, and axe-core finds no serious violation. Every
internal link and anchor resolves, and the search finds what it should.

    docs/browser_checks.py [SITE] [--axe axe.min.js] [--find im2col]
    docs/browser_checks.py --self-test      each planted fault must be found
    docs/browser_checks.py --screenshots DIR --pages index.html ...
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

DOCS = Path(__file__).resolve().parent
WIDTHS = {390: 844, 1280: 900}
SCHEMES = ("light", "dark")
MOST_BROWSERS = 4  # each takes some memory
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--disable-extensions", "--hide-scrollbars", "--allow-file-access-from-files",
)
LOCAL = ("file:", "data:", "blob:", "about:", "chrome:", "devtools:")

_LAYOUT = """
const wide = document.documentElement.clientWidth, found = {wide: null, pictures: [], copies: []};
if (document.documentElement.scrollWidth > wide + 1) {
  const culprits = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > wide + 1);
  const last = culprits[0];
  found.wide = document.documentElement.scrollWidth + " px wide, first " +
      (last ? last.tagName.toLowerCase() + "." + last.className : "?");
}
for (const img of document.images) {
  if (!img.hasAttribute("alt") || !img.alt.trim()) found.pictures.push("no alt text: " + img.getAttribute("src"));
  if (!img.complete || img.naturalWidth === 0) found.pictures.push("does not load: " + img.currentSrc);
}
for (const svg of document.querySelectorAll("article svg, main svg")) {
  if (svg.closest("[aria-hidden=true], .katex, button, a, label, .visually-hidden")) continue;
  if (!(svg.getAttribute("aria-label") || "").trim()) found.pictures.push("svg without aria-label");
}
for (const pre of document.querySelectorAll("figure.listing .highlight pre")) {
  if (pre.closest("details:not([open])")) continue;
  const code = [...pre.querySelectorAll(".line")].map(l => l.textContent).join("\\n");
  if (pre.innerText.trimEnd() !== code.trimEnd()) found.copies.push(code.slice(0, 40));
}
return found;
"""
_AXE = """
const done = arguments[0];
// Code has thousands of words in a dozen colours, whose contrast a unit test knows;
// the first listing of a page stands for all.
const exclude = [...document.querySelectorAll("figure.listing .highlight, .listing .context")].slice(1);
axe.run({exclude: exclude}, {resultTypes: ["violations"]}).then(
  r => done(r.violations.filter(v => v.impact === "serious" || v.impact === "critical")
      .map(v => v.id + " (" + v.impact + "): " + v.help + ": " + v.nodes.length + " x, first " + v.nodes[0].target.join(" "))),
  e => done(["axe failed: " + e]));
"""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong."""

    check: str
    page: str
    text: str


class _Page(HTMLParser):
    """Collects the links and the ids of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.ids.add(str(values["id"]))
        if tag == "a" and values.get("name"):
            self.ids.add(str(values["name"]))
        for name in ("href", "src"):
            if values.get(name):
                self.links.append(str(values[name]))


def check_links(site: Path, pages: list[Path]) -> list[Finding]:
    """Every internal link leads to a file that exists and an id that is in it."""
    parsed: dict[Path, _Page] = {}

    def parse(path: Path) -> _Page:
        if path not in parsed:
            parsed[path] = _Page()
            parsed[path].feed(path.read_text(encoding="utf-8"))
        return parsed[path]

    found = []
    for page in pages:
        for link in dict.fromkeys(parse(page).links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            name = page.relative_to(site).as_posix()
            if not target.is_file():
                found.append(Finding("link", name, f"{link} leads nowhere"))
            elif parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in parse(target).ids:
                found.append(Finding("anchor", name, f"{link}: no such anchor"))
    return found


class Browser:
    """One Chromium for many pages."""

    def __init__(self, axe: Path | None) -> None:
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in (*FLAGS, f"--user-data-dir={self._profile.name}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_script_timeout(60)
        self._axe = axe.read_text(encoding="utf-8") if axe else ""

    def close(self) -> None:
        """Ends Chromium."""
        self.driver.quit()
        self._profile.cleanup()

    def show(self, width: int, scheme: str, height: int | None = None) -> None:
        """Sets the size of the screen and the wish for light or dark."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height or WIDTHS.get(width, 900), "deviceScaleFactor": 1, "mobile": width < 600})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def visit(self, path: Path, query: str = "") -> None:
        """Opens a page from the file system."""
        self.driver.get(path.resolve().as_uri() + query)

    def noise(self, page: str) -> list[Finding]:
        """Console errors and requests to other hosts since the last call."""
        found = []
        for entry in self.driver.get_log("browser"):
            if entry["level"] == "SEVERE":
                found.append(Finding("console", page, entry["message"]))
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                if not url.startswith(LOCAL):
                    found.append(Finding("host", page, f"asks {url}"))
        return found

    def look(self, page: str) -> list[Finding]:
        """Layout, pictures, listings, and accessibility of the page as shown."""
        seen: dict[str, Any] = self.driver.execute_script(_LAYOUT)
        found = [Finding("picture", page, text) for text in seen["pictures"]]
        found += [Finding("copy", page, f"copying {text!r} gives something else") for text in seen["copies"]]
        if seen["wide"]:
            found.append(Finding("scroll", page, seen["wide"]))
        if self._axe:
            if not self.driver.execute_script("return typeof axe === 'object'"):
                self.driver.execute_script(self._axe)
            found += [Finding("axe", page, text) for text in self.driver.execute_async_script(_AXE)]
        return found

    def search(self, page: Path, word: str, patience: float = 10) -> list[Finding]:
        """The search page finds `word`."""
        self.visit(page, f"?q={word}")
        try:
            WebDriverWait(self.driver, patience).until(
                lambda d: d.find_elements(By.CSS_SELECTOR, "#search-results li a"))
        except TimeoutException:
            return [Finding("search", "search.html", f"does not find {word!r}")]
        return self.noise("search.html")


def looks_at(page: str, number: int) -> list[tuple[int, str]]:
    """Sizes and colour schemes to look at a page in: all of them. But pages of complete
    sources are many and have one template, so each gets one combination, in turn."""
    combinations = [(width, scheme) for width in WIDTHS for scheme in SCHEMES]
    if page.startswith("sources/"):
        return [combinations[number % len(combinations)]]
    return combinations


def check_pages(browser: Browser, site: Path, numbered: Iterable[tuple[int, Path]]) -> list[Finding]:
    """Looks at each page in each size and colour scheme that it gets."""
    found: list[Finding] = []
    for number, path in numbered:
        page = path.relative_to(site).as_posix()
        shown = 0
        for width, scheme in looks_at(page, number):
            browser.show(width, scheme)
            if width != shown:
                browser.visit(path)
                browser.driver.execute_script("document.querySelectorAll('details').forEach(d => { d.open = true; })")
                shown = width
            seen = browser.look(page)
            found += [Finding(f.check, f"{page} at {width} px, {scheme}", f.text) for f in seen]
        found += browser.noise(page)
    return found


def check_with_all_cores(axe: Path | None, site: Path, pages: list[Path]) -> list[Finding]:
    """Looks at all pages, a browser for each core: whichever is free takes the next."""
    waiting = iter(list(enumerate(pages)))

    def work(_: int) -> list[Finding]:
        with closing(Browser(axe)) as browser:
            return check_pages(browser, site, waiting)

    browsers = min(len(os.sched_getaffinity(0)), MOST_BROWSERS)
    with ThreadPoolExecutor(browsers) as pool:
        return [finding for found in pool.map(work, range(browsers)) for finding in found]


def self_test(browser: Browser, folder: Path) -> int:
    """Each page in `folder` is named after the one check that has to catch it."""
    failures = 0
    pages = sorted(folder.glob("*.html"))
    for path in pages:
        expected = path.stem.split("-")[0]
        if expected == "search":
            found = browser.search(path, "im2col", 1)
        else:
            found = check_links(folder, [path]) + check_pages(browser, folder, [(0, path)])
        checks = {f.check for f in found}
        checks -= {"console"} if expected == "host" else set()  # a refused request is also an error there
        good = checks == ({expected} if expected != "sound" else set())
        failures += not good
        print(f"{'ok    ' if good else 'FAILED'}  {path.name}: found {', '.join(sorted(checks)) or 'nothing'}")
    print(f"{len(pages) - failures} passed, {failures} failed")
    return 1 if failures or not pages else 0


def screenshots(browser: Browser, site: Path, names: list[str], folder: Path, full: bool) -> None:
    """Pictures of chosen pages in each size and colour scheme."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        for width in WIDTHS:
            for scheme in SCHEMES:
                browser.show(width, scheme)
                browser.visit(site / name)
                if full:
                    height = browser.driver.execute_script("return document.documentElement.scrollHeight")
                    browser.show(width, scheme, min(int(height), 12000))
                    time.sleep(0.15)
                file = folder / f"{name.replace('/', '_').removesuffix('.html')}-{width}-{scheme}.png"
                browser.driver.get_screenshot_as_file(str(file))


def find_axe(argument: str | None) -> Path | None:
    """axe.min.js: as given, from AXE_CORE, or from node_modules."""
    for candidate in (argument, os.environ.get("AXE_CORE"), str(DOCS.parent / "node_modules/axe-core/axe.min.js")):
        if candidate and Path(candidate).is_file():
            return Path(candidate)
    return None


def main() -> int:
    """Returns 0 when nothing is wrong, 1 when something is, 2 for bad usage."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("site", nargs="?", type=Path, default=DOCS / "_build" / "html")
    parser.add_argument("--axe", help="path of axe-core's axe.min.js")
    parser.add_argument("--no-axe", action="store_true", help="leave the accessibility check out")
    parser.add_argument("--find", default="im2col", help="a word that the search has to find; empty for none")
    parser.add_argument("--pages", nargs="*", help="look only at these pages")
    parser.add_argument("--self-test", action="store_true", help="check the checks on pages with planted faults")
    parser.add_argument("--screenshots", type=Path, metavar="DIR", help="only take pictures of --pages")
    parser.add_argument("--full", action="store_true", help="pictures of whole pages")
    options = parser.parse_args()

    axe = find_axe(options.axe)
    if axe is None and not options.no_axe and not options.screenshots:
        print("browser checks: axe-core was not found; 'npm install axe-core' brings it, or say --no-axe", file=sys.stderr)
        return 2
    site = options.site.resolve()
    pages = [site / p for p in options.pages] if options.pages else sorted(site.rglob("*.html"))
    pages = [p for p in pages if "_static" not in p.parts]
    if not options.self_test and not pages:
        print(f"browser checks: no page in {options.site}; build the site first", file=sys.stderr)
        return 2

    start = time.monotonic()
    axe = None if options.no_axe else axe
    with closing(Browser(axe)) as browser:
        if options.self_test:
            return self_test(browser, DOCS / "tests" / "fixtures" / "faults")
        if options.screenshots:
            screenshots(browser, site, options.pages or ["index.html"], options.screenshots, options.full)
            return 0
        found = check_links(site, pages)
        if options.find and not options.pages:
            found += browser.search(site / "search.html", options.find)
    found += check_with_all_cores(axe, site, pages)
    for finding in dict.fromkeys(found):
        print(f"FAILED  {finding.check}: {finding.page}: {finding.text}")
    print(f"{len(pages)} pages at {len(WIDTHS)} widths in {len(SCHEMES)} colour schemes (sources in one), "
          f"{time.monotonic() - start:.0f} s: {len(set(found))} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
