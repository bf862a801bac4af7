"""A submission's Markdown in pages that show it with the teacher's rights: rendered as nbconvert does for formgrader and feedback, nothing in it can run or lead astray."""
import random
import re
import sys
import unittest
from pathlib import Path

import bs4
from nbconvert.filters import markdown2html

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "src" / "tools" / "assignments"))
from inert_markdown import inert

RUN = "javascript:alert(1)"
ATTACKS = [
    f"[x]({RUN})",
    "[x](JaVaScRiPt:alert(1))",
    f"[x](  {RUN})",
    f"[x](\n{RUN})",
    f"> [x](\n> {RUN})",
    f"[x](<{RUN}>)",
    "[x](javascript\\:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A;avascript&colon;alert(1))",
    "[x](java&#9;script:alert(1))",
    "[x](java&Tab;script&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:alert(1))",
    "[x](file:///etc/passwd)",
    f"![x]({RUN})",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    f"[![a](b.png)]({RUN})",
    f"[a](b)[x]({RUN} \"title\")",
    f"[x][1]\n\n[1]: {RUN}",
    f"[x][1]\n\n[1]:\n  {RUN}",
    f"> [x][1]\n>\n> [1]:\n> {RUN}",
    f"- [x][1]\n\n  [1]: {RUN}",
    f"[x]\n\n[x]: <{RUN}> \"title\"",
    "[x][]\n\n[x]: JAVASCRIPT:alert(1)",
    f"<{RUN}>",
    f"<a href=\"{RUN}\">x</a>",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    f"```mermaid\ngraph TD; A; click A \"{RUN}\"\n```",
    f"> ~~~ Mermaid\n> graph TD; A; click A \"{RUN}\"\n> ~~~",
]
TEX = [r"$\href{javascript:alert(1)}{x}$", r"$$\require{html}\style{position:fixed}{x}$$", r"\\(\class{a}{x}\\)", r"$\\href{javascript:alert(1)}{x}$", r"$\\\href{javascript:alert(1)}{x}$"]
HARMLESS = [
    "[site](https://example.org/a:b?c=d#e), [mail](mailto:a@b.org), [file](images/a.png), [cell](#cell:1), [other](02-tensors.ipynb#shape)",
    "![figure](images/a.png \"what it shows\")",
    "[x][1]\n\n[1]: https://example.org \"title\"",
    "`f(a[0](1))`, **bold**, $\\frac{a}{b}$, | a | b |",
]


def dangers(source):
    """What of a rendered text could run, or lead to other than pages, mail and files beside it."""
    page = bs4.BeautifulSoup(str(markdown2html(source)), "html.parser")
    found = []
    for tag in page.find_all(True):
        if tag.name in ("script", "svg", "iframe", "object", "embed", "form", "style", "link", "meta", "base") or "mermaid" in (tag.get("class") or []):
            found.append(tag.name)
        for name, value in tag.attrs.items():
            # A browser leaves out white space and control characters in front of a scheme and within it.
            scheme = re.match(r"[a-z][a-z0-9+.-]*:", re.sub(r"[\x00-\x20]", "", str(value)).lower())
            if name.startswith("on") or (name in ("href", "src", "action") and scheme and scheme[0] not in ("http:", "https:", "mailto:")):
                found.append(f"{name}={value}")
    return found


class InertMarkdown(unittest.TestCase):
    def test_each_attack_works_as_it_is_and_not_when_made_inert(self):
        works = [source for source in ATTACKS if dangers(source)]
        # Some are stopped by today's renderer already; they must stay harmless under ours.
        self.assertGreaterEqual(len(works), 24, set(ATTACKS) - set(works))
        for source in ATTACKS:
            with self.subTest(source):
                self.assertEqual(dangers(inert(source)), [])

    def test_mathematics_makes_no_links_and_no_styles(self):
        for source in TEX:
            with self.subTest(source):
                self.assertNotRegex(inert(source), r"\\(?:href|require|style|class)")

    def test_harmless_text_stays_as_it_is(self):
        for source in HARMLESS:
            with self.subTest(source):
                self.assertEqual(inert(source), source)

    def test_what_was_made_inert_is_not_changed_again(self):
        for source in ATTACKS:
            with self.subTest(source):
                self.assertEqual(inert(inert(source)), inert(source))

    def test_text_that_the_renderer_fails_on_is_shown_as_code(self):
        source = "``` &#160;\ntext\n```"
        with self.assertRaises(Exception):
            markdown2html(source)
        self.assertIn("text", markdown2html(inert(source)))

    def test_pieces_put_together_at_random(self):
        pieces = ["[", "]", "(", ")", "](", "]:", "][", "!", "<", ">", "\n", "\n\n", "> ", "- ", "    ", "`", "```", "\\", "&#58;", "&colon;", ":", "java", "script", "javascript:", "DATA:", "x", "1", "alert(1)", " ", "\t", "&#9;", "&lt;", "&gt;", "*", "$", "^", "|"]
        draw = random.Random(20)
        for _ in range(4000):
            source = "".join(draw.choices(pieces, k=draw.randint(3, 14)))
            self.assertEqual(dangers(inert(source)), [], repr(source))


if __name__ == "__main__":
    unittest.main()
