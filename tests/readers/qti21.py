"""Reads a QTI 2.1 package back: checks its structure, and carries out the response processing of every item."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from tests.readers.reading import ReadField, ReadOpen, ReadQuestion, near

Q = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
P = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
ITEM_ORDER = ["responseDeclaration", "outcomeDeclaration", "templateDeclaration", "templateProcessing", "stylesheet",
              "itemBody", "responseProcessing", "modalFeedback"]  # fmt: skip
INTERACTIONS = {f"{Q}{name}" for name in ("textEntryInteraction", "choiceInteraction", "extendedTextInteraction",
                                          "uploadInteraction")}  # fmt: skip
BLOCKS = {f"{Q}{name}" for name in ("p", "div", "table", "ul", "ol", "pre", "blockquote", "h1", "h2", "h3", "hr", "dl",
                                    "choiceInteraction", "extendedTextInteraction", "uploadInteraction",
                                    "rubricBlock")}  # fmt: skip


@dataclass
class Package:
    """The items by file, and for each section of the test the files to choose from."""

    items: dict[str, ReadQuestion]
    sections: dict[str, list[str]]


def read(data: bytes) -> Package:
    """The package in this zip. AssertionError where its structure is not that of the specification."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = set(archive.namelist())
    manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    assert manifest.tag == f"{P}manifest"
    assert [child.tag for child in manifest] == [f"{P}metadata", f"{P}organizations", f"{P}resources"]
    resources = {resource.get("identifier"): resource for resource in manifest.iter(f"{P}resource")}
    listed = {file.get("href") for file in manifest.iter(f"{P}file")}
    assert listed == names - {"imsmanifest.xml"}
    assert {needed.get("identifierref") for needed in manifest.iter(f"{P}dependency")} <= set(resources)
    items = {}
    for resource in resources.values():
        href = resource.get("href") or ""
        if resource.get("type") == "imsqti_item_xmlv2p1":
            items[href] = _item(ElementTree.fromstring(archive.read(href)))
    return Package(items, _sections(ElementTree.fromstring(archive.read("test.xml")), set(items)))


def _sections(test: ElementTree.Element, files: set[str]) -> dict[str, list[str]]:
    assert test.tag == f"{Q}assessmentTest"
    found = {}
    for section in test.iter(f"{Q}assessmentSection"):
        selection = section.find(f"{Q}selection")
        assert selection is not None and selection.get("select") == "1"
        found[section.get("identifier") or ""] = [
            ref.get("href") or "" for ref in section.iter(f"{Q}assessmentItemRef")
        ]
    assert {file for several in found.values() for file in several} == files
    return found


def _item(item: ElementTree.Element) -> ReadQuestion:
    check(item)
    most = {o.get("identifier"): float(o.get("normalMaximum") or "nan") for o in item.iter(f"{Q}outcomeDeclaration")}
    feedbacks = {f.get("identifier") or "": _html(f) for f in item.iter(f"{Q}modalFeedback")}
    found = ReadQuestion(item.get("identifier") or "", solution=feedbacks["solution"])
    found.text = _html(item.find(f"{Q}itemBody"))
    types = {r.get("identifier") or "": r.get("baseType") or "" for r in item.iter(f"{Q}responseDeclaration")}
    notes = [_html(rubric) for rubric in item.iter(f"{Q}rubricBlock") if rubric.get("view") == "scorer"]
    for name, type in types.items():
        options = tuple(_html(choice) for interaction in item.iter(f"{Q}choiceInteraction")
                        if interaction.get("responseIdentifier") == name
                        for choice in interaction.iter(f"{Q}simpleChoice"))  # fmt: skip
        if item.find(f".//{Q}responseIf//{Q}variable[@identifier='{name}']") is None:
            found.open.append(ReadOpen(type, most[f"SCORE_{name}"], notes[len(found.open)]))
        else:
            found.fields.append(_field(item, name, type, options, feedbacks))
    assert abs(most["SCORE"] - sum(f.points for f in found.fields) - sum(o.points for o in found.open)) < 1e-9
    return found


def _field(
    item: ElementTree.Element, name: str, type: str, options: tuple[str, ...], feedbacks: dict[str, str]
) -> ReadField:
    declared = item.find(f"{Q}responseDeclaration[@identifier='{name}']")
    assert declared is not None
    right = [value.text or "" for value in declared.iter(f"{Q}value")]
    several = declared.get("cardinality") == "multiple"
    assert several or len(right) == 1
    points = process(item, {name: right if several else right[0]})["SCORE"]

    def judge(typed: str) -> tuple[float, str]:
        given: Any = f"option_{typed}" if type == "identifier" else typed
        given = [f"option_{place}" for place in typed.split(",") if place] if several else given
        outcomes = process(item, {name: given})
        said = [feedbacks[ident] for ident in outcomes["FEEDBACK"] if ident != "solution"]
        return outcomes["SCORE"] / points, " ".join(said)

    if several:
        return ReadField("several", points, judge, options)
    return ReadField({"float": "number", "identifier": "choice", "string": "text"}[type], points, judge, options)


def check(item: ElementTree.Element) -> None:
    """The order of the children, the references between them, and that blocks hold what blocks may."""
    assert item.tag == f"{Q}assessmentItem"
    assert {"identifier", "title", "adaptive", "timeDependent"} <= set(item.keys())
    order = [ITEM_ORDER.index(child.tag.removeprefix(Q)) for child in item]
    assert order == sorted(order)
    responses = [r.get("identifier") for r in item.findall(f"{Q}responseDeclaration")]
    outcomes = [o.get("identifier") for o in item.findall(f"{Q}outcomeDeclaration")]
    assert len({*responses, *outcomes}) == len(responses) + len(outcomes)
    asked = [element.get("responseIdentifier") for element in item.iter() if element.tag in INTERACTIONS]
    assert sorted(asked) == sorted(responses)
    assert {v.get("identifier") for v in item.iter(f"{Q}variable")} <= {*responses, *outcomes}
    assert {s.get("identifier") for s in item.iter(f"{Q}setOutcomeValue")} <= set(outcomes)
    body = item.find(f"{Q}itemBody")
    assert body is not None and not (body.text or "").strip()
    for child in body:
        assert child.tag in BLOCKS, child.tag
        assert not (child.tail or "").strip()


def process(item: ElementTree.Element, responses: dict[str, Any]) -> dict[str, Any]:
    """The outcomes for these responses, by the rules of the item."""
    outcomes: dict[str, Any] = {}
    maps = {f"map {declared.get('identifier')}": _mapping(declared)
            for declared in item.findall(f"{Q}responseDeclaration")}  # fmt: skip
    responses = {**responses, **maps}
    for declared in item.findall(f"{Q}outcomeDeclaration"):
        several = declared.get("cardinality") == "multiple"
        outcomes[declared.get("identifier") or ""] = [] if several else 0.0
    processing = item.find(f"{Q}responseProcessing")
    assert processing is not None
    for rule in processing:
        _rule(rule, responses, outcomes)
    return outcomes


def _mapping(declared: ElementTree.Element) -> dict[str, float]:
    return {
        entry.get("mapKey") or "": float(entry.get("mappedValue") or "nan") for entry in declared.iter(f"{Q}mapEntry")
    }


def _rule(rule: ElementTree.Element, responses: dict[str, Any], outcomes: dict[str, Any]) -> None:
    if rule.tag == f"{Q}setOutcomeValue":
        outcomes[rule.get("identifier") or ""] = _value(rule[0], responses, outcomes)
        return
    assert rule.tag == f"{Q}responseCondition"
    for branch in rule:
        if branch.tag == f"{Q}responseElse" or _value(branch[0], responses, outcomes):
            for inner in branch[1:]:
                _rule(inner, responses, outcomes)
            return


def _value(element: ElementTree.Element, responses: dict[str, Any], outcomes: dict[str, Any]) -> Any:
    kind = element.tag.removeprefix(Q)
    if kind == "variable":
        name = element.get("identifier") or ""
        return outcomes[name] if name in outcomes else responses.get(name)
    if kind == "baseValue":
        return float(element.text or "") if element.get("baseType") == "float" else element.text
    if kind == "mapResponse":
        name = element.get("identifier") or ""
        return sum(responses[f"map {name}"][ticked] for ticked in responses[name])
    values = [_value(child, responses, outcomes) for child in element]
    if kind == "sum":
        return sum(values)
    if kind == "multiple":
        return [entry for value in values for entry in (value if isinstance(value, list) else [value])]
    if kind == "or":
        return any(values)
    if kind in ("isNull", "not"):
        return values[0] in (None, []) if kind == "isNull" else not values[0]
    if kind == "lt":
        return values[0] < values[1]
    if None in values:
        return False
    if kind == "match" and isinstance(values[0], list):
        return sorted(values[0]) == sorted(values[1])
    if kind == "match":
        return values[0] == values[1]
    if kind == "stringMatch":
        assert element.get("caseSensitive") == "false"
        return values[0].lower() == values[1].lower()
    assert kind == "equal", kind
    margin = float(element.get("tolerance") or "nan") if element.get("toleranceMode") == "absolute" else 0.0
    return near(values[0], str(values[1]), margin)


def _html(element: ElementTree.Element | None) -> str:
    assert element is not None
    return ElementTree.tostring(element, encoding="unicode").replace("ns0:", "").replace("ns1:", "")
