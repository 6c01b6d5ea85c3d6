"""A page as its reader has it in one language: the text of each section, its tables, its lines to copy, its links."""

from __future__ import annotations

from collections import defaultdict
from html.parser import HTMLParser

APART = {"small", "br", "p", "li"}
VOID = {"meta", "input", "br", "rect", "path", "circle", "use", "link"}


class PageRead(HTMLParser):
    def __init__(self, html: str, language: str = "en") -> None:
        super().__init__()
        self.language = language
        self.tables: dict[str, list[list[str]]] = {}
        self.copies: dict[str, list[str]] = defaultdict(list)
        self.texts: dict[str, str] = defaultdict(str)
        self.links: list[str] = []
        self.starts: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self.section = ""
        self.table = ""
        self.feed(html)
        self.tables = {
            key: [[" ".join(cell.split()) for cell in row] for row in rows] for key, rows in self.tables.items()
        }

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.starts.append((tag, given))
        if tag == "section":
            self.section = given["id"] or ""
        if tag == "table":
            self.table = (given["id"] or "").removeprefix("t-")
            self.tables[self.table] = []
        if tag == "tr":
            self.tables[self.table].append([])
        if tag in ("td", "th"):
            self.tables[self.table][-1].append("")
        if tag in APART and self.table and self.tables[self.table] and self.tables[self.table][-1]:
            self.tables[self.table][-1][-1] += " "
        if tag == "textarea":
            self.copies[self.section].append("")
        if given.get("href"):
            self.links.append(given["href"] or "")
        if tag not in VOID:
            self._open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self._open.pop()[0] != tag:
            pass
        if tag == "section":
            self.section = ""

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._open]
        if any(given.get("class") == "lg" and given["lang"] != self.language for _, given in self._open):
            return
        if "textarea" in tags:
            self.copies[self.section][-1] += data
        elif "td" in tags or "th" in tags:
            self.tables[self.table][-1][-1] += data
        if not {"script", "style"} & set(tags):
            self.texts[self.section] += data
