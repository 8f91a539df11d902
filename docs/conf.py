"""Sphinx configuration. `./course docs` runs it through docs/build.py."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "extensions"))

project = "Loops to Warps"
author = "the authors of Loops to Warps"
project_copyright = "the authors of Loops to Warps; prose and pictures under CC BY 4.0, code under MIT"
language = "en"

extensions = [
    "myst_parser",
    "sphinx_copybutton",
    "sphinxcontrib.bibtex",
    "breathe",
    "course",
]
root_doc = "index"
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist", "attrs_image", "smartquotes"]
myst_heading_anchors = 3
myst_dmath_double_inline = False
nitpicky = False

# The course's own extension (docs/extensions/course).
course_root = str(HERE.parent)
course_default_machine = "epyc-2-cores"
course_machine_labels = {
    "epyc-2-cores": "2 cores of an AMD EPYC",
    "h200": "H200 host, 16 cores",
    "yours": "your machine",
}
html_math_renderer = "course-katex"

# Breathe reads what Doxygen wrote; it is used on the API pages alone.
breathe_projects = {"course": str(HERE / "_build" / "doxygen" / "xml")}
breathe_default_project = "course"
breathe_default_members = ()
cpp_id_attributes = ["__global__", "__device__", "__host__", "__restrict__", "__shared__"]

bibtex_bibfiles = [str(HERE / "references.bib")]
bibtex_reference_style = "author_year"
bibtex_default_style = "unsrt"

html_theme = "furo"
html_title = "Loops to Warps"
html_static_path = [str(HERE / "static")]
html_css_files = ["course.css"]
html_js_files = ["course.js"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_last_updated_fmt = None
pygments_style = "course.pygments_styles.CourseLight"
pygments_dark_style = "course.pygments_styles.CourseDark"
copybutton_selector = "div.highlight pre"
html_theme_options = {
    "navigation_with_keys": True,
    "light_css_variables": {},
    "dark_css_variables": {},
}

epub_title = project
epub_show_urls = "no"
epub_description = "A course in C++ and CUDA: one convolutional network, from seven loops to the chip's limit."
epub_tocscope = "includehidden"
suppress_warnings = ["epub.unknown_project_files", "epub.duplicated_toc_entry"]
