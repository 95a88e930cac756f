"""What all HTML pages share: a strict environment of templates, and how tags are set apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_TAG = re.compile(r"(&lt;/?[A-Za-z]{2,12}&gt;)")


def environment(package: str) -> Environment:
    """Return the templates of a package: escaping, and strict about what is undefined.

    Its filter ``tagged`` escapes a text and sets its tags apart.
    """
    import jinja2

    found = jinja2.Environment(
        loader=jinja2.PackageLoader(package, "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    found.filters["tagged"] = tagged
    return found


def tagged(text: str) -> Markup:
    """Escape a text of a model, a task or a corpus, and set its tags apart."""
    from markupsafe import Markup, escape

    return Markup(_TAG.sub(r'<span class="tag">\1</span>', str(escape(text))))
