"""What a benchmark measured: printed while it runs, and written as JSON when it is over.

With `--json` the JSON goes to the standard output and the table to the standard error; else the JSON goes into the
folder that the variable BENCH_FOLDER names, or into build/bench.
"""

import json
import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDER = "BENCH_FOLDER"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """How long something took once: by the clock on the wall, and of a processor's time; in seconds."""

    wall: float
    cpu: float


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What was measured of a case, over several rounds.

    Times are milliseconds; `cpu` is the least time of a processor that it took, which other work on the machine moves
    least. `ratio` and `cpu_ratio` are what that is of the limit, which was measured in the same minutes; `aim` is what
    the ratios are to be.
    """

    case: str
    what: str
    rounds: int
    least: float
    median: float
    cpu: float | None = None
    ratio: float | None = None
    cpu_ratio: float | None = None
    aim: float | None = None
    unit: str = "ms"


@dataclass(kw_only=True)
class Report:
    """The figures of one benchmark."""

    name: str
    to_output: bool = field(default_factory=lambda: "--json" in sys.argv[1:])
    figures: list[Figure] = field(default_factory=list)
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    load: tuple[float, float, float] = field(default_factory=os.getloadavg)

    def title(self, said: str) -> None:
        names = ("least", "median", "of limit", "cpu", "of limit", "aim")
        self.say(f"{said}\n  {'':32}" + "".join(f"{name:>10}" for name in names))

    def times(
        self, case: str, what: str, samples: Sequence[Sample], limit: Figure | None = None, aim: float | None = None
    ) -> Figure:
        """Note how long something took, and show it beside its limit."""
        walls, cpu = [one.wall * 1e3 for one in samples], min(one.cpu for one in samples) * 1e3
        return self.add(
            Figure(
                case=case,
                what=what,
                rounds=len(samples),
                least=min(walls),
                median=statistics.median(walls),
                cpu=cpu,
                ratio=None if limit is None else min(walls) / limit.least,
                cpu_ratio=None if limit is None or not limit.cpu else cpu / limit.cpu,
                aim=aim,
            )
        )

    def add(self, one: Figure) -> Figure:
        """Keep a figure, and show it."""
        self.figures.append(one)
        values = (one.least, one.median, one.ratio, one.cpu, one.cpu_ratio, one.aim)
        digits = (2, 2, 3, 2, 3, 2)
        cells = ["" if value is None else f"{value:.{places}f}" for value, places in zip(values, digits, strict=True)]
        self.say(f"  {one.what:32}" + "".join(f"{cell:>10}" for cell in cells))
        return one

    def say(self, line: str) -> None:
        print(line, flush=True, file=sys.stderr if self.to_output else sys.stdout)

    def close(self) -> None:
        """Write the JSON."""
        text = json.dumps(self._content(), indent=1)
        if self.to_output:
            print(text)  # noqa: T201 -- its output
            return
        folder = Path(os.environ.get(FOLDER, ROOT / "build" / "bench"))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.json").write_text(text + "\n", encoding="utf-8")
        self.say(f"written to {folder / self.name}.json")

    def _content(self) -> dict[str, Any]:
        return {
            "benchmark": self.name,
            "began": self.began.isoformat(timespec="seconds"),
            "python": sys.version.split()[0],
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "load_before": self.load,
            "load_after": os.getloadavg(),
            "figures": [asdict(one) for one in self.figures],
        }
