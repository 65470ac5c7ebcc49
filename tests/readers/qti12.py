"""Reads Canvas' QTI 1.2 back: the groups of the quiz, and the questions of the banks with their conditions."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree

from tests.readers.reading import ReadField, ReadOpen, ReadQuestion, near

Q = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
P = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"
OPEN = {"essay_question", "file_upload_question"}
KINDS = {"numerical_question": "number", "multiple_choice_question": "choice", "multiple_answers_question": "several"}


@dataclass
class Bank:
    """What a group draws from, and what one question of it is worth."""

    title: str
    points: float
    questions: list[ReadQuestion] = field(default_factory=list)


def read(data: bytes) -> list[Bank]:
    """The banks in the order of the quiz. AssertionError where the package does not hang together."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    resources = {resource.get("identifier"): resource for resource in manifest.iter(f"{P}resource")}
    files = {file.get("href") for file in manifest.iter(f"{P}file")}
    assert files == set(archive.namelist()) - {"imsmanifest.xml"}
    assert {needed.get("identifierref") for needed in manifest.iter(f"{P}dependency")} <= set(resources)
    quiz = next(r for r in resources.values() if r.get("type") == "imsqti_xmlv1p2").find(f"{P}file")
    assert quiz is not None
    sections = ElementTree.fromstring(archive.read(quiz.get("href") or "")).iter(f"{Q}section")
    return [_bank(section, archive, resources) for section in sections if section.get("ident") != "root_section"]


def _bank(
    section: ElementTree.Element, archive: zipfile.ZipFile, resources: dict[str | None, ElementTree.Element]
) -> Bank:
    selection = section.find(f"{Q}selection_ordering/{Q}selection")
    assert selection is not None and selection.findtext(f"{Q}selection_number") == "1"
    points = float(selection.findtext(f"{Q}selection_extension/{Q}points_per_item") or "nan")
    file = resources[selection.findtext(f"{Q}sourcebank_ref")].get("href") or ""
    bank = ElementTree.fromstring(archive.read(file)).find(f"{Q}objectbank")
    assert bank is not None and bank.get("ident") == selection.findtext(f"{Q}sourcebank_ref")
    return Bank(section.get("title") or "", points, [_item(item) for item in bank.findall(f"{Q}item")])


def _item(item: ElementTree.Element) -> ReadQuestion:
    meta = {f.findtext(f"{Q}fieldlabel"): f.findtext(f"{Q}fieldentry") or "" for f in item.iter(f"{Q}qtimetadatafield")}
    feedbacks = {f.get("ident") or "": "".join(m.text or "" for m in f.iter(f"{Q}mattext"))
                 for f in item.iter(f"{Q}itemfeedback")}  # fmt: skip
    linked = {shown.get("linkrefid") for shown in item.iter(f"{Q}displayfeedback")}
    assert linked == set(feedbacks)
    type, points = meta["question_type"], float(meta["points_possible"])
    found = ReadQuestion(item.get("ident") or "", solution=feedbacks["general_fb"])
    found.text = item.findtext(f"{Q}presentation/{Q}material/{Q}mattext") or ""
    if type in OPEN:
        found.open.append(ReadOpen(type, points, feedbacks["general_fb"]))
    elif type == "fill_in_multiple_blanks_question":
        blanks = item.findall(f"{Q}presentation/{Q}response_lid")
        assert all(f"[{blank.findtext(f'{Q}material/{Q}mattext')}]" in found.text for blank in blanks)
        found.fields = [_blank(item, blank, points / len(blanks), feedbacks) for blank in blanks]
    else:
        found.fields = [_single(item, KINDS[type], points, feedbacks)]
    return found


def _blank(
    item: ElementTree.Element, blank: ElementTree.Element, points: float, feedbacks: dict[str, str]
) -> ReadField:
    right = {equal.text for equal in item.iter(f"{Q}varequal") if equal.get("respident") == blank.get("ident")}
    texts = {label.findtext(f".//{Q}mattext") for label in blank.iter(f"{Q}response_label")
             if label.get("ident") in right}  # fmt: skip

    def judge(typed: str) -> tuple[float, str]:
        return (1.0, "") if typed in texts else (0.0, feedbacks.get("general_incorrect_fb", ""))

    sample = next(iter(texts)) or ""
    return ReadField("number" if re.fullmatch(r"-?[\d./]+", sample) else "text", points, judge)


def _single(item: ElementTree.Element, kind: str, points: float, feedbacks: dict[str, str]) -> ReadField:
    options = tuple(label.findtext(f".//{Q}mattext") or "" for label in item.iter(f"{Q}response_label"))

    def judge(typed: str) -> tuple[float, str]:
        given, score, said = typed if kind == "number" else _ticked(typed), 0.0, []
        for condition in item.iter(f"{Q}respcondition"):
            test = condition.find(f"{Q}conditionvar")
            assert test is not None
            if not _holds(test[0], given, kind):
                continue
            score = float(condition.findtext(f"{Q}setvar") or score)
            said += [feedbacks[shown.get("linkrefid") or ""] for shown in condition.iter(f"{Q}displayfeedback")
                     if shown.get("linkrefid") != "general_fb"]  # fmt: skip
            if condition.get("continue") == "No":
                break
        return score / 100, " ".join(said)

    return ReadField(kind, points, judge, options)


def _ticked(typed: str) -> str:
    return "".join(f"option_{place};" for place in typed.split(","))


def _holds(test: ElementTree.Element, given: str, kind: str) -> bool:
    name, text = test.tag.removeprefix(Q), test.text or ""
    if name == "other":
        return True
    if name in ("or", "and"):
        return (any if name == "or" else all)(_holds(child, given, kind) for child in test)
    if name == "varequal":
        return near(given, text, 0.0) if kind == "number" else f"{text};" in given
    if name == "not":
        return not _holds(test[0], given, kind)
    assert name in ("vargte", "varlte"), name
    slack = 1e-12 * max(1.0, abs(float(text)))
    return float(given) >= float(text) - slack if name == "vargte" else float(given) <= float(text) + slack
