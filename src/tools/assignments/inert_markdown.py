"""Markdown of a submission made harmless for pages that show it with the teacher's rights, as formgrader and nbgrader's feedback do.

HTML becomes text. Links and images keep addresses that an allow-list knows; others become text, however they are written:
inline or by reference, in any case, with escapes, entities, control characters or line breaks within.
Mathematics loses the commands that make links or styles, and diagrams are shown as text.
"""
import html
import re

from nbconvert.filters import markdown2html

HTML = re.compile(r"<(?=[a-zA-Z/!?])")
# What follows a bracket that may close a link's text: "(" begins its address, ":" the address of a reference.
ADDRESS = re.compile(r"\]([(:])(?=([\s>]*)(\S*))")
# An address is fine with one of these schemes, or with none: then no colon stands before its first slash, question mark or hash.
ALLOWED = re.compile(r"(?:https?:|mailto:|[^:/?#]*(?:[/?#]|$))", re.IGNORECASE)
NOT_PRINTED = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\ufeff\\]")
# MathJax's HTML extension, and what can load it.
COMMANDS = re.compile(r"\\+(?=(?:href|url|require|style|class|cssId|data|includegraphics)(?![a-zA-Z]))")
DIAGRAM = re.compile(r"^([\s>*+-]*(?:`{3,}|~{3,})\s*)mermaid", re.MULTILINE | re.IGNORECASE)


def is_allowed(address):
    """Whether a link may lead there. What a page would decode or leave out is decoded and left out first."""
    before = None
    while before != address:
        before, address = address, NOT_PRINTED.sub("", html.unescape(address))
    return ALLOWED.match(address) is not None


def inert(source):
    """The same text, in which nothing can run or be fetched from where the reader doesn't expect it."""
    source = HTML.sub("&lt;", source)
    source = COMMANDS.sub("", source)
    source = DIAGRAM.sub(r"\1text", source)
    # An entity instead of the sign: the text looks the same and is no link any more.
    source = ADDRESS.sub(lambda match: match[0] if is_allowed(match[3]) else f"]&#{ord(match[1])};", source)
    return source if can_be_shown(source) else "".join(f"    {line}\n" for line in source.splitlines())


def can_be_shown(source):
    """Some text makes the renderer fail, and with it the page: that is shown as code."""
    try:
        markdown2html(source)
        return True
    except Exception:
        return False
