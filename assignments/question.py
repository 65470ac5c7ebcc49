"""One question of an assignment: a family of the bank, or a pool of which each sheet gets one."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from assignments.rules import Strict

Id = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]
OWN = ("knobs", "given")  # settings that belong to one family, so that a pool has them in its alternatives


class Alternative(Strict):
    """What a sheet may draw: a family with its settings."""

    family: str = Field(description="Family of the bank, such as convolution.hand.")
    title: str = Field(default="", description="Heading; by default the family's own first line.")
    text: str = Field(default="", description="Markdown to stand before the prompt.")
    level: str | None = Field(default=None, description="easy, medium or hard; by default the family's middle one.")
    minutes: float | None = Field(default=None, gt=0, le=1000, description="Time to plan; by default the family's.")
    topic: str = Field(default="", description="Topic in the blueprint; by default the family's or the item's.")
    knobs: dict[str, Any] = Field(default_factory=dict, description="Settings of the family, for every student.")
    given: dict[str, Any] = Field(default_factory=dict, description="Values of the pinned form (--pinned).")


class Question(Strict):
    """One question: a family drawn for each student, or a pool of alternatives of which each sheet gets one."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"oneOf": [{"required": ["family"]}, {"required": ["pool"]}]}
    )

    id: Id = Field(description="Unique in the assignment; names the answers' table and the results.")
    pool: list[Alternative] = Field(
        default_factory=list,
        description="Alternatives in place of a family: each sheet gets one, all of them equally often.",
    )
    family: str = Field(default="", validate_default=True, description="Family of the bank, such as convolution.hand.")
    title: str = Field(default="", description="Heading; by default the family's own first line.")
    text: str = Field(default="", description="Markdown to stand before the prompt.")
    level: str | None = Field(default=None, description="easy, medium or hard; by default the family's middle one.")
    points: float = Field(
        default=1, gt=0, le=1000, description="Points of the whole question, shared out over its parts."
    )
    bonus: bool = Field(default=False, description="Its points come on top of the total.")
    minutes: float | None = Field(default=None, gt=0, le=1000, description="Time to plan; by default the family's.")
    topic: str = Field(default="", description="Topic in the blueprint; by default the family's or the item's.")
    knobs: dict[str, Any] = Field(default_factory=dict, description="Settings of the family, for every student.")
    given: dict[str, Any] = Field(default_factory=dict, description="Values of the pinned form (--pinned).")

    @field_validator("family")
    @classmethod
    def _one_of_both(cls, family: str, info: ValidationInfo) -> str:
        pool = info.data.get("pool")
        if not family and pool == []:
            raise PydanticCustomError("missing", "Field required")
        if family and pool:
            raise PydanticCustomError("family_and_pool", "stands beside a pool; move it into the pool or remove one")
        return family

    @field_validator(*OWN)
    @classmethod
    def _of_a_family(cls, settings: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        if settings and info.data.get("pool"):
            raise PydanticCustomError("beside_pool", "belong to one family; write them into the pool's alternatives")
        return settings

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """What a sheet may get: the pool, or the one family. What an alternative leaves open, the question says."""
        shared = {name: getattr(self, name) for name in ("title", "text", "level", "minutes", "topic")}
        if not self.pool:
            return (Alternative(family=self.family, knobs=self.knobs, given=self.given, **shared),)
        return tuple(one.model_copy(update={n: v for n, v in shared.items() if not getattr(one, n)})
                     for one in self.pool)  # fmt: skip
