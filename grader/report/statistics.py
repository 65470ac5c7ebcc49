"""What a class did, gathered from one report at a time."""

from __future__ import annotations

import statistics
from array import array
from collections import Counter
from dataclasses import dataclass, field

from grader.report.report import MarkedPart, Report
from problem_bank.verdict import Status

LOWEST = 8  # students below which a discrimination index says nothing


@dataclass
class PartStatistics:
    """How one part went: shares of its points, outcomes, and the misconceptions with their feedback."""

    name: str
    shares: array[float] = field(default_factory=lambda: array("d"))
    rests: array[float] = field(default_factory=lambda: array("d"))
    statuses: Counter[Status] = field(default_factory=Counter)
    misconceptions: Counter[tuple[str, ...]] = field(default_factory=Counter)
    feedback: dict[tuple[str, ...], str] = field(default_factory=dict)

    def add(self, part: MarkedPart, earned: float, points: float) -> None:
        """Count one student's answer; `earned` of `points` is their whole score."""
        verdict = part.verdict
        self.statuses[verdict.status] += 1
        if verdict.graded and verdict.points:
            score, worth = float(verdict.score), float(verdict.points)
            self.shares.append(score / worth)
            self.rests.append((earned - score) / (points - worth) if points > worth else 0.0)
        if verdict.misconceptions:
            self.misconceptions[verdict.misconceptions] += 1
            said = verdict.suggestion.said if verdict.suggestion else verdict.feedback
            self.feedback.setdefault(verdict.misconceptions, said)

    @property
    def mean(self) -> float | None:
        """Mean share of the points."""
        return statistics.fmean(self.shares) if self.shares else None

    @property
    def right(self) -> float | None:
        """Share of students with the right answer."""
        return self.statuses[Status.RIGHT] / self.statuses.total() if self.statuses else None

    @property
    def discrimination(self) -> float | None:
        """Correlation with the rest of the score: near 0 or below, the part does not tell who knows more."""
        if len(self.shares) < LOWEST or len(set(self.shares)) < 2 or len(set(self.rests)) < 2:
            return None
        return statistics.correlation(self.shares, self.rests)

    @property
    def outcomes(self) -> list[tuple[str, int, float]]:
        """(status, count, share) of every outcome that occurred, best first."""
        total = self.statuses.total()
        return [(s.value, self.statuses[s], self.statuses[s] / total) for s in Status if self.statuses[s]]

    @property
    def common(self) -> list[tuple[str, int, str]]:
        """(misconceptions, count, feedback), the most frequent first."""
        return [(" or ".join(names), n, self.feedback[names]) for names, n in self.misconceptions.most_common(6)]


@dataclass
class QuestionStatistics:
    """How one question went."""

    id: str
    title: str
    parts: dict[str, PartStatistics] = field(default_factory=dict)
    shares: array[float] = field(default_factory=lambda: array("d"))

    @property
    def mean(self) -> float | None:
        """Mean share of the points."""
        return statistics.fmean(self.shares) if self.shares else None


@dataclass
class ClassStatistics:
    """How a class did. Totals are shares of what could be reached, of fully graded submissions."""

    questions: dict[str, QuestionStatistics] = field(default_factory=dict)
    totals: array[float] = field(default_factory=lambda: array("d"))
    seconds: array[float] = field(default_factory=lambda: array("d"))
    levels: Counter[int] = field(default_factory=Counter)
    unsafe: int = 0
    grades: Counter[str] = field(default_factory=Counter)

    def add(self, report: Report) -> None:
        """Count one report."""
        if report.share is not None:
            self.totals.append(report.share)
            if report.rules.grades:
                self.grades[report.grade or "none"] += 1
        self.seconds.append(report.seconds)
        if report.level is not None:
            self.levels[report.level] += 1
            self.unsafe += any(run.unsafe for run in report.runs)
        earned, points = (float(sum(getattr(q, of) for q in report.questions)) for of in ("earned", "points"))
        for question in report.questions:
            entry = self.questions.setdefault(question.id, QuestionStatistics(question.id, question.title))
            if question.graded and question.points:
                entry.shares.append(float(question.earned / question.points))
            for part in question.parts:
                entry.parts.setdefault(part.verdict.part, PartStatistics(part.verdict.part)).add(part, earned, points)

    @property
    def mean(self) -> float | None:
        """Mean total."""
        return statistics.fmean(self.totals) if self.totals else None

    @property
    def median(self) -> float | None:
        """Median total."""
        return statistics.median(self.totals) if self.totals else None

    def histogram(self, bins: int = 10) -> list[int]:
        """Students per tenth of the scale; 100 % belongs to the last."""
        counts = Counter(min(int(total * bins), bins - 1) for total in self.totals)
        return [counts[i] for i in range(bins)]
