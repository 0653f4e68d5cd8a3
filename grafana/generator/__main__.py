"""Writes grafana/dashboards; with --check it only says which of them are not what it would write.

python3 grafana/generator [--check]
"""

import json
import pathlib
import sys

from benchmark import benchmark
from exporter import exporter
from overview import overview
from streaming import streaming

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "dashboards"


def main(arguments):
    if arguments not in ([], ["--check"]):
        sys.exit(__doc__)
    written = {
        FOLDER / f"{make.__name__}.json": json.dumps(make(), indent=2, ensure_ascii=False) + "\n"
        for make in (overview, benchmark, streaming, exporter)
    }
    if not arguments:
        for path, text in written.items():
            path.write_text(text)
    stale = [path for path, text in written.items() if not path.exists() or path.read_text() != text]
    for path in [*stale, *(set(FOLDER.glob("*.json")) - set(written))]:
        print(f"{path}: is not what grafana/generator writes; run python3 grafana/generator")
    sys.exit(1 if stale else 0)


main(sys.argv[1:])
