"""A browser without scripts and without style: pages as their headings, words, links and forms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx
from litestar.testing import TestClient

_SILENT = {"head", "script", "style"}
_BLOCKS = {"p", "h1", "h2", "h3", "li", "div", "dt", "dd", "td", "th", "label", "legend", "small", "button", "option"}
_EMPTY = {"input", "br", "meta", "link", "path", "circle"}


@dataclass
class Form:
    """A form as it would be sent: what its fields hold, and its buttons by their words."""

    action: str
    method: str
    name: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Page:
    """A page that was answered."""

    answer: httpx.Response
    forms: list[Form] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    heading: str = ""
    text: str = ""

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def path(self) -> str:
        return self.answer.url.raw_path.decode()

    def has(self, *words: str) -> bool:
        """Whether all of these stand on the page, whatever space is between their words."""
        return all(one in self.text for one in words)


class Browser:
    """One person's browser: it keeps cookies, and follows where it is led."""

    def __init__(self, client: TestClient[Any]) -> None:
        self._client = client
        self.cookies = httpx.Cookies()
        self.headers: dict[str, str] = {}
        self.page = Page(answer=httpx.Response(200, request=httpx.Request("GET", "http://none.example/")))

    def open(self, path: str) -> Page:
        return self._show("GET", path)

    def follow(self, words: str) -> Page:
        return self.open(self.page.links[words])

    def press(self, words: str, number: int = 0, /, **typed: str) -> Page:
        """Fill in the form that has this button, the first one or a later, and press it."""
        form, button = list(self._buttons(words))[number]
        sent = {**form.fields, **typed, **({button["name"]: button.get("value", "")} if button.get("name") else {})}
        action = button.get("formaction") or form.action or self.page.path
        if form.method == "get":
            return self._show("GET", action, params=sent)
        return self._show("POST", action, data=sent)

    def post(self, path: str, **sent: str) -> Page:
        return self._show("POST", path, data=sent)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The bare answer. All browsers share the one server, none its cookies."""
        self._client.cookies = self.cookies
        answer = self._client.request(method, path, headers=self.headers, **more)
        self.cookies = self._client.cookies
        return answer

    def _buttons(self, words: str) -> Iterator[tuple[Form, dict[str, str]]]:
        for form in self.page.forms:
            for said, button in form.buttons.items():
                if said == words or re.fullmatch(words, said):
                    yield form, button

    def _show(self, method: str, path: str, **more: Any) -> Page:
        self.page = read(self.ask(method, path, **more))
        return self.page


def read(answer: httpx.Response) -> Page:
    reader = _Reader()
    reader.feed(answer.text)
    page = Page(answer=answer, links=reader.links, heading=reader.heading, text=_plain("".join(reader.said)))
    page.forms = [reader.forms[key] for key in reader.forms]
    return page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[int, Form] = {}
        self.links: dict[str, str] = {}
        self.said: list[str] = []
        self.heading = ""
        self._open: list[tuple[str, dict[str, str], int]] = []
        self._form: Form | None = None
        self._early: list[tuple[str, str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._begin(given)
        if tag in _EMPTY:
            self._field(tag, given)
            return
        if tag in _BLOCKS:
            self.said.append(" ")
        self._open.append((tag, given, len(self.said)))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, given, since = self._open.pop()
            if opened == tag:
                self._finish(tag, given, _plain("".join(self.said[since:])))
                return

    def handle_data(self, data: str) -> None:
        if not any(tag in _SILENT or given.get("aria-hidden") == "true" for tag, given, _ in self._open):
            self.said.append(data)

    def _begin(self, given: dict[str, str]) -> None:
        form = Form(action=given.get("action", ""), method=given.get("method", "get"), name=given.get("id", ""))
        self.forms[len(self.forms)] = self._form = form
        for owner, words, button in self._early:
            if owner == form.name:
                form.buttons[words] = button

    def _field(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            self.said.append(" ")
        chosen = given.get("type") != "radio" or "checked" in given
        if tag == "input" and self._form is not None and given.get("name") and chosen:
            self._form.fields[given["name"]] = given.get("value", "")

    def _finish(self, tag: str, given: dict[str, str], words: str) -> None:
        if tag in _BLOCKS:
            self.said.append(" ")
        if tag == "h1":
            self.heading = words
        elif tag == "a":
            self.links[words] = given.get("href", "")
        elif tag == "form":
            self._form = None
        elif tag == "option" and "selected" in given and self._form is not None:
            self._form.fields[self._selecting()] = given.get("value", "")
        elif tag == "button" and given.get("aria-hidden") != "true":
            self._button(given, words)

    def _button(self, given: dict[str, str], words: str) -> None:
        if self._form is not None:
            self._form.buttons[words] = given
        else:
            self._early.append((given.get("form", ""), words, given))

    def _selecting(self) -> str:
        return next(given.get("name", "") for tag, given, _ in reversed(self._open) if tag == "select")


def _plain(text: str) -> str:
    return " ".join(text.split())
