"""Staging, Doxygen's warnings, exercises' texts, the ladder's picture."""

import tempfile
import unittest
from pathlib import Path

from small_site import DOCS

import build
from course import doxygen, exercises, ladder, options, staging, theme


class DoxygenWarnings(unittest.TestCase):
    def test_undocumented_function_fails(self) -> None:
        line = "common/a.hpp:3: warning: Member run(int count) (function) of namespace cnn is not documented."
        self.assertEqual(build.doxygen_warnings(line + "\n" + line), [line])

    def test_undocumented_member_with_parameters_fails(self) -> None:
        line = "common/a.hpp:3: warning: Member fill(float value) (function) of class cnn::Tensor is not documented."
        self.assertEqual(build.doxygen_warnings(line), [line])

    def test_a_documented_class_speaks_for_accessors_fields_and_constructors(self) -> None:
        for member in ("size() const (function) of class cnn::Tensor", "width (variable) of struct cnn::Shape",
                       "Tensor(const Tensor &other) (function) of class cnn::Tensor",
                       "Tensor(Tensor &&) noexcept=default (function) of class cnn::Tensor",
                       "operator==(const Shape &) const (function) of struct cnn::Shape"):
            self.assertEqual(build.doxygen_warnings(f"a.hpp:3: warning: Member {member} is not documented."), [])

    def test_an_override_is_explained_where_it_is_declared_first(self) -> None:
        for end in ("override", "const override"):
            line = f"a.hpp:3: warning: Member fill(float value) {end} (function) of class cnn::Tensor is not documented."
            self.assertEqual(build.doxygen_warnings(line), [])

    def test_anything_else_fails(self) -> None:
        line = "a.hpp:3: warning: Found unknown command '\\xNN'"
        self.assertEqual(build.doxygen_warnings(line), [line])


class Staging(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for name, text in (
            ("common/a.hpp", ""), ("common/data/b.hpp", ""), ("chapters/01_x/c.hpp", ""), ("chapters/01_x/chapter.md", "# X"),
            ("chapters/01_x/exercises/e/exercise.hpp", ""), ("docs/index.md", "# I"),
            ("docs/api/all.md", "# A\n\n<!-- api: common/*.hpp common/data/*.hpp chapters/01_x/*.hpp -->\n"),
        ):
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.target = self.root / "source"

    def test_pages_meet_and_sources_get_pages(self) -> None:
        staging.stage(self.root, self.target)
        found = {p.relative_to(self.target).as_posix() for p in self.target.rglob("*.md")}
        self.assertEqual(found, {"index.md", "api/all.md", "chapters/01_x/chapter.md", "sources/common/a.hpp.md",
                                 "sources/common/data/b.hpp.md", "sources/01_x/c.hpp.md"})
        self.assertTrue((self.target / "chapters/01_x/chapter.md").is_symlink())

    def test_a_chapter_may_have_several_pages(self) -> None:
        for name in ("training.md", "exercises/e/hints.md"):
            (self.root / "chapters/01_x" / name).write_text("# T", encoding="utf-8")
        staging.stage(self.root, self.target)
        found = {p.name for p in (self.target / "chapters/01_x").rglob("*.md")}
        self.assertEqual(found, {"chapter.md", "training.md"})

    def test_what_is_gone_leaves(self) -> None:
        staging.stage(self.root, self.target)
        (self.root / "common/a.hpp").unlink()
        staging.stage(self.root, self.target)
        self.assertFalse((self.target / "sources/common/a.hpp.md").exists())

    def test_unchanged_pages_are_not_written_again(self) -> None:
        staging.stage(self.root, self.target)
        before = (self.target / "api/all.md").stat().st_mtime_ns
        staging.stage(self.root, self.target)
        self.assertEqual((self.target / "api/all.md").stat().st_mtime_ns, before)

    def test_header_without_an_api_page_is_refused(self) -> None:
        (self.root / "common/cuda").mkdir()
        (self.root / "common/cuda/d.cuh").write_text("", encoding="utf-8")
        with self.assertRaisesRegex(staging.StagingError, "no page in docs/api describes common/cuda/d.cuh"):
            staging.stage(self.root, self.target)

    def test_globs_can_take_away(self) -> None:
        _, used = staging.expand_api("<!-- api: common/*.hpp -common/a.hpp -->\n", self.root, [])
        self.assertEqual(used, set())

    def test_entities_become_directives(self) -> None:
        entities = [doxygen.Entity("common/a.hpp", 3, "doxygenstruct", "cnn::A")]
        text, _ = staging.expand_api("<!-- api: common/a.hpp -->\n", self.root, entities)
        self.assertIn("```{doxygenstruct} cnn::A\n:members:", text)


class ExerciseTexts(unittest.TestCase):
    def test_statement(self) -> None:
        statement = exercises.read_statement("# Title `x`\n\nTime: an evening\n\nDo it.\n")
        self.assertEqual((statement.title, statement.time, statement.body.strip()), ("Title `x`", "an evening", "Do it."))

    def test_hints(self) -> None:
        self.assertEqual(exercises.read_hints("## Hint\n\nA.\n\n## Next\nB.\n"), [("Hint", "\nA.\n\n"), ("Next", "\nB.\n")])


class Options(unittest.TestCase):
    def test_sentences_are_quoted(self) -> None:
        self.assertEqual(options.quoted(":alt: Two bars: one is long.\n:ids: a, b\n"), ':alt: "Two bars: one is long."\n:ids: a, b\n')

    def test_quoted_sentences_stay(self) -> None:
        self.assertEqual(options.quoted(':caption: "So: this."\n'), ':caption: "So: this."\n')


class Theme(unittest.TestCase):
    def test_script_without_imports_is_left_alone(self) -> None:
        self.assertEqual(theme.bundle_script("main();", "other();"), "main();")

    def test_imported_script_is_put_in_front(self) -> None:
        script = theme.bundle_script('import Gumshoe from "./gumshoe-patched.js";\nmain();', "other();")
        self.assertNotIn("import", script)
        self.assertLess(script.index("other();"), script.index("main();"))

    def test_style_imports_from_beside_it(self) -> None:
        self.assertEqual(theme.localise_style("@import url(/javascript/normalize.css/normalize.css);"),
                         "@import url(normalize.css);")


class LadderPicture(unittest.TestCase):
    def test_committed_pictures_are_drawn_from_the_list(self) -> None:
        rungs = ladder.read(DOCS.parent)
        for theme in ("light", "dark"):
            path = DOCS / "static" / f"ladder-{theme}.svg"
            self.assertEqual(path.read_text(encoding="utf-8"), ladder.standalone(rungs, theme),
                             "refresh it: python3 docs/extensions/course/ladder.py")


if __name__ == "__main__":
    unittest.main()
