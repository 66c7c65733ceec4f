# what: paths as names
# strict: yes
from pathlib import PurePosixPath, PureWindowsPath

p = PurePosixPath("/data/in") / "2024" / "report.tar.gz"
print(p, p.stem, p.suffixes, p.parent.name, p.with_suffix(".zip"))
(p.parts, p.relative_to("/data").as_posix(), p.match("*.gz"), PureWindowsPath("C:\\a\\b.txt").name, str(PurePosixPath("a/../b")))
