"""``python -m ontology.scoring [FOLDER]``: checks the tables; exit code 1 when something is wrong."""

from __future__ import annotations

import sys
from pathlib import Path

from ontology.scoring.checking import check
from ontology.scoring.reading import read
from ontology.scoring.units import FOLDER

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    problems = check(folder)
    for problem in problems:
        print(problem)
    catalog, _ = read(folder)
    print(f"{len(catalog.scores)} scores, {len(catalog.inputs)} inputs, {len(problems)} problem(s)")
    sys.exit(1 if problems else 0)
