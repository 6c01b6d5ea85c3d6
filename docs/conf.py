"""How the documents become a site: ``make docs`` writes it to ``site/``, where it is read without a network.

Belongs here: Sphinx's settings, and how its search parts words. Does not belong here: any document.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from pygments.lexers.special import TextLexer
from sphinx.search.en import SearchEnglish

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "fellowship_pipeline"
language = "en"
extensions = ["myst_parser"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["words.css"]
html_title = "Fellowship pipeline"
html_copy_source = False
html_show_copyright = False
html_show_search_summary = False  # which the page would fetch, and no page in a folder may
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
html_search_language = "enko"
myst_heading_anchors = 3

HANGUL = "\uac00-\ud7a3"
"""The syllables of Korean, whose words carry their particles: 심사 is to be found in 심사를."""


def parts(text: str) -> list[str]:
    """The words of a text, of Korean ones each two syllables that stand side by side."""
    found: list[str] = []
    for word in re.findall(rf"[{HANGUL}]+|[^\W{HANGUL}]+", text):
        is_korean = re.match(f"[{HANGUL}]", word) and len(word) > 1
        found += [word[at : at + 2] for at in range(len(word) - 1)] if is_korean else [word]
    return found


class EnglishAndKorean(SearchEnglish):
    """Sphinx's search in English that finds Korean, too; the page's script parts a query as ``parts`` does."""

    lang = "enko"
    language_name = "English"  # of the stemmer that the page loads
    js_splitter_code: ClassVar[str] = (
        "function splitQuery(query) { const found = [];"
        f" for (const word of query.match(/[{HANGUL}]+|[^\\s\\p{{P}}{HANGUL}]+/gu) ?? [])"
        f" if (/[{HANGUL}]/.test(word) && word.length > 1)"
        " for (let at = 0; at < word.length - 1; at++) found.push(word.slice(at, at + 2));"
        " else found.push(word);"
        " return found; }"
    )

    def split(self, input: str) -> list[str]:
        """The words of a page."""
        return parts(input)


def setup(app: Sphinx) -> None:
    """Makes the search known to Sphinx, which calls this, and lines of CSV a kind of text."""
    app.add_lexer("csv", TextLexer)
    app.add_search_language(EnglishAndKorean)
