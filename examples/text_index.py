"""An index of the words in the standard library's sources: which occur in most of the files, and where."""

import re
import sys
import sysconfig
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

WORD = re.compile(r"[a-z]{4,}")


@dataclass
class Index:
    """Of each word: how often it occurs, and in which files."""

    counts: Counter[str] = field(default_factory=Counter)
    files: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def merge(self, name: str, counts: Counter[str]) -> None:
        self.counts.update(counts)
        for word in counts:
            self.files[word].add(name)


def index(path: Path) -> tuple[str, Counter[str]]:
    text = path.read_text(encoding="utf-8", errors="replace")
    return path.name, Counter(WORD.findall(text.lower()))


def main() -> None:
    sources = sorted(Path(sysconfig.get_path("stdlib")).glob("[a-m]*.py"))
    whole = Index()
    with ProcessPoolExecutor(max_workers=2) as executor:
        for name, counts in executor.map(index, sources, chunksize=8):
            whole.merge(name, counts)

    print(f"{len(sources)} files, {len(whole.counts)} words")
    for word, files in sorted(whole.files.items(), key=lambda item: (-len(item[1]), item[0]))[:10]:
        print(f"{word:12} {whole.counts[word]:6} times in {len(files)} files")
    for word in sys.argv[1:]:
        print(f"{word}: {' '.join(sorted(whole.files.get(word, ())))}")


if __name__ == "__main__":
    main()
