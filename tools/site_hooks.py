"""What the documentation's site needs beyond MkDocs: pictures that follow the theme, files from outside of docs/.

The pages are written to be read in a repository as well, so their links lead to files as they lie there.
"""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

_ROOT = Path(__file__).resolve().parent.parent

# Files outside of docs/ that are pages of the site by another name.
_PAGES = {"SECURITY.md": "security.md", "CHANGELOG.md": "changelog.md"}
_OUTSIDE = re.compile(r"\]\((?P<up>(?:\.\./)+)(?P<path>[^)#]+)(?P<anchor>#[^)]*)?\)")
_PICTURE = re.compile(r'<img alt="(?P<alt>[^"]*)" src="(?P<src>[^"]*pictures/[^"]+\.svg)"\s*/?>')


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """The examples are part of the site, as they are."""
    for path in sorted((_ROOT / "examples").rglob("*")):
        if path.suffix in {".py", ".c", ".cpp"}:
            name = path.relative_to(_ROOT).as_posix()
            files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: object) -> str:
    """Links that lead out of docs/ lead to what the site has in its place."""
    depth = page.file.src_uri.count("/")

    def replaced(found: re.Match[str]) -> str:
        if found["up"].count("../") != depth + 1:
            return found[0]
        target = _PAGES.get(found["path"], found["path"])
        return f"]({'../' * depth}{target}{found['anchor'] or ''})"

    return _OUTSIDE.sub(replaced, markdown)


def on_page_content(html: str, *, config: MkDocsConfig, **_: object) -> str:
    """Our pictures become part of the page, where they have its colours, also once a reader changes these."""

    def inlined(found: re.Match[str]) -> str:
        name = found["src"].rpartition("/")[2]
        picture = (Path(config.docs_dir) / "pictures" / name).read_text(encoding="utf-8")
        label = f'<svg class="pic" role="img" aria-label="{found["alt"]}" '
        return re.sub(r'<svg class="pic" ', lambda _: label, picture, count=1)

    return _PICTURE.sub(inlined, html)
