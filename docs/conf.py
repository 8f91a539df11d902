"""Sphinx configuration. `./course docs` runs it through docs/build.py."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "extensions"))

project = "Loops to Warps"
author = "the authors of Loops to Warps"
project_copyright = "the authors of Loops to Warps; prose and pictures under CC BY 4.0, code under MIT"
language = "en"
version = release = "1"

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
cpp_id_attributes = ["__global__", "__device__", "__host__", "__forceinline__", "__restrict__", "__shared__"]

bibtex_bibfiles = [str(HERE / "references.bib")]
bibtex_reference_style = "author_year"
bibtex_default_style = "unsrt"

html_theme = "furo"
html_title = "Loops to Warps"
html_static_path = [str(HERE / "static")]
html_css_files = ["course.css"]
html_favicon = str(HERE / "static" / "mark.svg")
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
    "light_css_variables": {
        "ink": "#24292e", "faint": "#5f6670", "line": "#dedbd2", "paper": "#fdfcf9", "sheet": "#f8f7f3",
        "bar": "#f0eee7", "accent": "#0b62a8", "accent-2": "#b85300", "accent-3": "#00725a", "accent-4": "#9c4682",
        "added": "#dff2e3", "added-edge": "#2f8f4e", "context": "#666c74", "good": "#1f6b3a", "bad": "#a3262f",
        "color-foreground-primary": "#24292e", "color-foreground-secondary": "#4e555e",
        "color-foreground-muted": "#5f6670", "color-foreground-border": "#8b8f96",
        "color-background-primary": "#fdfcf9", "color-background-secondary": "#f6f4ee",
        "color-background-hover": "#ebe8df", "color-background-hover--transparent": "#ebe8df00",
        "color-background-border": "#e3e0d7", "color-background-item": "#dedbd2",
        "color-brand-primary": "#0b62a8", "color-brand-content": "#0b5a9a", "color-inline-code-background": "#f1efe8",
        "color-highlight-on-target": "#fdf3d3", "color-api-name": "#1d4f91", "color-api-pre-name": "#5f6670",
        "color-admonition-background": "transparent",
    },
    "dark_css_variables": {
        "ink": "#d9dee5", "faint": "#98a2b0", "line": "#363c46", "paper": "#14171c", "sheet": "#181c22",
        "bar": "#20252d", "accent": "#6fb3f2", "accent-2": "#f0a04b", "accent-3": "#4fc9a4", "accent-4": "#e59bca",
        "added": "#17341f", "added-edge": "#56b870", "context": "#8a93a1", "good": "#8fd19e", "bad": "#ff9c9c",
        "color-foreground-primary": "#d9dee5", "color-foreground-secondary": "#aeb7c3",
        "color-foreground-muted": "#98a2b0", "color-foreground-border": "#6b7482",
        "color-background-primary": "#14171c", "color-background-secondary": "#181c22",
        "color-background-hover": "#232932", "color-background-hover--transparent": "#23293200",
        "color-background-border": "#2b313a", "color-background-item": "#363c46",
        "color-brand-primary": "#6fb3f2", "color-brand-content": "#82bdf4", "color-inline-code-background": "#20252d",
        "color-highlight-on-target": "#3a3420", "color-api-name": "#8ab8ff", "color-api-pre-name": "#98a2b0",
        "color-admonition-background": "transparent",
    },
}

epub_title = project
epub_show_urls = "no"
epub_description = "A course in C++ and CUDA: one convolutional network, from seven loops to the chip's limit."
epub_tocscope = "includehidden"
suppress_warnings = ["epub.unknown_project_files", "epub.duplicated_toc_entry"]
