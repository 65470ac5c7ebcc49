"""QTI 2.1: a package with an item for each question and variant, and a test that draws one variant of each question."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from assignments.exports.entries import questions_of
from assignments.exports.fields import Entry
from assignments.exports.markup import document, identifier, node
from assignments.exports.qti_item import NAMESPACE, item
from assignments.exports.zipped import zipped
from assignments.sheet import Sheet

MANIFEST = "http://www.imsglobal.org/xsd/imscp_v1p1"
ITEM_TYPE, TEST_TYPE = "imsqti_item_xmlv2p1", "imsqti_test_xmlv2p1"
_TEST = "test.xml"
PICTURES = "pictures/"  # beside the items


def export(sheets: Sequence[Sheet]) -> bytes:
    """The package as a zip."""
    entries = [entry for variants in questions_of(sheets, PICTURES) for entry in variants]
    spec = sheets[0].assignment.spec
    files = {_file(entry): document(item(entry), spaced=False) for entry in entries}
    files |= {_picture(name): data for entry in entries for name, data in entry.pictures.items()}
    files[_TEST] = document(_test(identifier(sheets[0].assignment.name), spec.title, entries))
    return zipped({"imsmanifest.xml": document(_manifest(identifier(sheets[0].assignment.name), entries)), **files})


def _file(entry: Entry) -> str:
    return f"items/{entry.name}.xml"


def _picture(name: str) -> str:
    return f"items/{PICTURES}{name}"


def _test(name: str, title: str, entries: list[Entry]) -> Element:
    """A section for each question, which selects one of its variants."""
    variants: dict[str, list[Entry]] = {}
    for entry in entries:
        variants.setdefault(entry.id, []).append(entry)
    sections = [
        node(
            "assessmentSection",
            node("selection", select=1),
            *(node("assessmentItemRef", identifier=f"ref_{one.name}", href=_file(one)) for one in several),
            identifier=f"section_{id}", title=several[0].title, visible="true",
        )
        for id, several in variants.items()
    ]  # fmt: skip
    part = node("testPart", *sections, identifier="part", navigationMode="nonlinear", submissionMode="simultaneous")
    return node("assessmentTest", part, xmlns=NAMESPACE, identifier=f"test_{name}", title=title)


def _manifest(name: str, entries: list[Entry]) -> Element:
    resources = [
        node("resource", *(node("file", href=file) for file in (_file(entry), *map(_picture, entry.pictures))),
             identifier=f"res_{entry.name}", type=ITEM_TYPE, href=_file(entry))
        for entry in entries
    ]  # fmt: skip
    needed = (node("dependency", identifierref=f"res_{entry.name}") for entry in entries)
    test = node("resource", node("file", href=_TEST), *needed, identifier="res_test", type=TEST_TYPE, href=_TEST)
    metadata = node("metadata", node("schema", "QTIv2.1 Package"), node("schemaversion", "1.0.0"))
    body = (metadata, node("organizations"), node("resources", test, *resources))
    return node("manifest", *body, xmlns=MANIFEST, identifier=f"manifest_{name}")
