"""Texts that a browser, a spreadsheet, a template or a file system would act on, were they not taken for text.

Belongs here: the list, and dealing it out to rows. Does not belong here: where it must come out as text.
"""

from __future__ import annotations

from typing import Any

ELEMENTS = (
    "<img src=x onerror=hit()>",
    "<svg onload=hit()>",
    "<svg><script>hit()</script></svg>",
    "<script>hit()</script>",
    "<script src=https://example.org/x.js></script>",
    '<a href="javascript:hit()">x</a>',
    "<iframe srcdoc='<script>parent.hit()</script>'></iframe>",
    "<iframe src=javascript:hit()></iframe>",
    "<object data=https://example.org/x></object>",
    "<embed src=https://example.org/x>",
    "<details open ontoggle=hit()>",
    "<input autofocus onfocus=hit()>",
    "<video src=x onerror=hit()></video>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<style>@import 'https://example.org/x.css'</style>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>",
    "<base href=https://example.org/>",
    "<form action=https://example.org><button>x</button></form>",
)
BEFORE = (
    "",
    '">',
    "'>",
    "' onmouseover='hit()' x='",
    "</script>",
    "</style>",
    "</textarea>",
    "</title>",
    "-->",
    "]]>",
    "&lt;",
)
STARTS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", '="')
FORMULAS = (
    "1+1",
    'HYPERLINK("https://example.org","x")',
    'WEBSERVICE("https://example.org")',
    "cmd|' /C calc'!A0",
    "SUM(A1:A9)",
)
PATHS = (
    *("../../etc/passwd", "..\\..\\x", "/etc/passwd", "C:\\Windows\\x", "\\\\host\\share", "%2e%2e%2f", "~root", "."),
    *("..", "con", "nul.txt", "a/b", "index.html", "groups/../x", "x" * 90, "$(touch x)", "`touch x`", ";rm x", "|x"),
    *("file:///etc/passwd", "https://example.org/x", "//example.org/x", "javascript:hit()", "mailto:x@example.org"),
    *("data:text/html,<script>hit()</script>", "#slice=x", "?x=y"),
)
TEMPLATES = (
    *("{{ 7*7 }}", "{% raw %}", "${hit()}", "#{hit()}", "%{x}", "%{customdata[0]}", "{count}", "{title}", "<%= 1 %>"),
    *("%s", "<b>x", "<br>", "<sub>x</sub>", "<extra></extra>", "<span style='color:red'>x</span>", "&amp;", "&#60;b>"),
    *("\\u003cb>", "$$x$$", "\\(x\\)", "__proto__", "constructor", "null", "NaN", "'", '"', "\\", "'=1", "\u202ex"),
)
PAYLOADS = (
    *(before + element for element in ELEMENTS for before in BEFORE),
    *(start + formula for formula in FORMULAS for start in STARTS),
    *PATHS,
    *TEMPLATES,
)

SAID = """() => {
    const page = document.body.cloneNode(true);
    page.querySelectorAll('script').forEach(one => one.remove());
    return page.textContent + document.title;
}"""
"""All text that a page shows, its own scripts apart."""

FOREIGN = (
    "main img, iframe, object, embed, video, base, link, form, svg a, a[href^='javascript'], [onmouseover], [onload]"
)
"""What none of our pages has, and payloads would make."""


class Dealer:
    """Puts the next payload before each text, the same one before equal texts."""

    def __init__(self, start: int) -> None:
        self.dealt: dict[str, str] = {}
        self._next = start

    @property
    def next(self) -> int:
        """Where the next dealer goes on."""
        return self._next

    def __call__(self, value: Any) -> Any:
        """The text after its payload; anything else as it is."""
        if not isinstance(value, str):
            return value
        if value not in self.dealt:
            self.dealt[value] = PAYLOADS[self._next % len(PAYLOADS)]
            self._next += 1
        return self.dealt[value] + value
