"""QTI 1.2 as Canvas reads it: a quiz whose groups draw one question each from a bank of variants."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from assignments.exports import amounts
from assignments.exports.entries import questions_of
from assignments.exports.markup import document, node
from assignments.exports.qti12_asked import Asked, asked_of, in_blanks
from assignments.exports.qti12_item import item, metadata
from assignments.exports.zipped import zipped
from assignments.sheet import Sheet

NAMESPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
MANIFEST = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
PICTURES, _FOLDER = "$IMS-CC-FILEBASE$/pictures/", "web_resources/pictures/"  # what Canvas calls it, and what it is
_QUIZ, _OTHER = "imsqti_xmlv1p2", "associatedcontent/imscc_xmlv1p1/learning-application-resource"


@dataclass
class _Bank:
    """All variants of one thing to ask."""

    key: str
    title: str
    points: Fraction
    items: list[Element] = field(default_factory=list)

    @property
    def file(self) -> str:
        """Where it lies in the package."""
        return f"non_cc_assessments/{self.key}.xml.qti"


def export(sheets: Sequence[Sheet]) -> bytes:
    """The package as a zip."""
    spec, name = sheets[0].assignment.spec, sheets[0].assignment.name
    quiz = _key(name)
    banks: dict[str, _Bank] = {}
    pictures: dict[str, bytes] = {}
    for variants in questions_of(sheets, PICTURES):
        together = all(map(in_blanks, variants))
        for entry in variants:
            pictures |= {f"{_FOLDER}{name}": data for name, data in entry.pictures.items()}
            for one in asked_of(entry, together=together):
                bank = banks.setdefault(one.name, _new_bank(name, one))
                bank.items.append(item(one, _key(f"{name}/{one.name}/{entry.variant}")))
    files = {
        "imsmanifest.xml": document(_manifest(quiz, list(banks.values()), list(pictures))),
        f"{quiz}/{quiz}.xml": document(_quiz(quiz, spec.title, list(banks.values()))),
        f"{quiz}/assessment_meta.xml": document(_meta(quiz, spec.title, list(banks.values()))),
        **{bank.file: document(_bank(bank)) for bank in banks.values()},
        **pictures,
    }
    return zipped(files)


def _key(name: str) -> str:
    """An identifier as Canvas makes them, the same in every run."""
    return "g" + hashlib.sha256(name.encode()).hexdigest()[:32]


def _new_bank(assignment: str, one: Asked) -> _Bank:
    return _Bank(_key(f"{assignment}/{one.name}"), f"{one.name} {one.title}", one.points)


def _quiz(quiz: str, title: str, banks: list[_Bank]) -> Element:
    groups = [
        node(
            "section",
            node(
                "selection_ordering",
                node(
                    "selection",
                    node("sourcebank_ref", bank.key),
                    node("selection_number", "1"),
                    node("selection_extension", node("points_per_item", amounts.decimal(bank.points))),
                ),
            ),
            ident=f"{bank.key}_group", title=bank.title,
        )
        for bank in banks
    ]  # fmt: skip
    attempts = node("qtimetadata", metadata("cc_maxattempts", "1"))
    assessment = node("assessment", attempts, node("section", *groups, ident="root_section"), ident=quiz, title=title)
    return node("questestinterop", assessment, xmlns=NAMESPACE)


def _bank(bank: _Bank) -> Element:
    head = node("qtimetadata", metadata("bank_title", bank.title))
    return node("questestinterop", node("objectbank", head, *bank.items, ident=bank.key), xmlns=NAMESPACE)


def _meta(quiz: str, title: str, banks: list[_Bank]) -> Element:
    total = sum((bank.points for bank in banks), Fraction(0))
    settings = {"title": title, "description": "", "shuffle_answers": "false", "scoring_policy": "keep_highest",
                "quiz_type": "assignment", "points_possible": amounts.decimal(total), "allowed_attempts": "1",
                "show_correct_answers": "false"}  # fmt: skip
    return node("quiz", *(node(tag, text) for tag, text in settings.items()), xmlns=CANVAS, identifier=quiz)


def _manifest(quiz: str, banks: list[_Bank], pictures: list[str]) -> Element:
    meta = f"{quiz}/assessment_meta.xml"
    resources = [
        node("resource", node("file", href=f"{quiz}/{quiz}.xml"), node("dependency", identifierref=f"{quiz}_meta"),
             identifier=quiz, type=_QUIZ),
        node("resource", node("file", href=meta), identifier=f"{quiz}_meta", type=_OTHER, href=meta),
        *(node("resource", node("file", href=bank.file), identifier=bank.key, type=_OTHER, href=bank.file)
          for bank in banks),
        *(node("resource", node("file", href=file), identifier=_key(file), type="webcontent", href=file)
          for file in pictures),
    ]  # fmt: skip
    head = node("metadata", node("schema", "IMS Content"), node("schemaversion", "1.1.3"))
    body = (head, node("organizations"), node("resources", *resources))
    return node("manifest", *body, xmlns=MANIFEST, identifier=f"{quiz}_manifest")
