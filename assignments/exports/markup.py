"""XML trees in few words, and how they become a file."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, indent, tostring

_CONTROL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_ODD = re.compile(r"[^A-Za-z0-9_.-]")


def node(tag: str, *children: Element | str | None, **attributes: object) -> Element:
    """An element with these children (texts, elements; None is left out). `_` in front of a name is dropped."""
    element = Element(tag, {name.lstrip("_"): str(value) for name, value in attributes.items()})
    for child in children:
        if isinstance(child, Element):
            element.append(child)
        elif child:
            add_text(element, child)
    return element


def add_text(element: Element, text: str) -> None:
    """Text at the end of an element, without the characters that XML has no place for."""
    clean = _CONTROL.sub("", text)
    if len(element):
        element[-1].tail = (element[-1].tail or "") + clean
    else:
        element.text = (element.text or "") + clean


def identifier(name: str) -> str:
    """A name as XML and file systems take it; different names stay different."""
    return _ODD.sub(lambda found: f"_{ord(found[0]):x}_", name)


def document(root: Element, *, spaced: bool = True) -> bytes:
    """The file, in UTF-8; `spaced` breaks lines between elements, which mixed text does not bear."""
    if spaced:
        indent(root, " ")
    data: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return data + b"\n"
