"""Figures of the code: files, lines, functions, imports between apps. Compare two checkouts by --root.

python -m bench.structure
python -m bench.structure --root ../another-checkout
"""

import argparse
import ast
import io
import tokenize
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

# From the top layer down (pyproject.toml, `tool.importlinter`)
APPS = (
    "engagement_site",
    "desk",
    "samples",
    "imports",
    "scoring",
    "surveys",
    "records",
    "events",
    "customers",
    "staff",
    "core",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root
    for name, value in figures(root).items():
        print(f"{name:<48} {value}")


def figures(root: Path) -> dict[str, str]:
    sources = {path: path.read_text() for path in files(root)}
    trees = {path: ast.parse(text) for path, text in sources.items()}
    lines = [len(text.splitlines()) for text in sources.values()]
    functions = [
        node.end_lineno - node.lineno + 1
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.end_lineno
    ]
    pairs = imported_apps(root, trees)
    two_way = [f"{one}/{other}" for one, other in combinations(APPS, 2) if {(one, other), (other, one)} <= pairs.keys()]
    upward = {pair: count for pair, count in pairs.items() if APPS.index(pair[1]) < APPS.index(pair[0])}
    comments = sum(comment_lines(text) for text in sources.values())
    return {
        "source files": f"{len(lines):,}",
        "lines": f"{sum(lines):,}",
        "lines of a file, median / p90 / max": spread(lines),
        "functions": f"{len(functions):,}",
        "lines of a function, median / p90 / max": spread(functions),
        "lines with a comment": f"{comments:,} ({comments / sum(lines):.1%})",
        "imports between apps": f"{sum(pairs.values()):,} names in {len(pairs)} pairs",
        "of these upward": f"{sum(upward.values()):,} names in {len(upward)} pairs",
        "pairs that import each other": f"{len(two_way)} {', '.join(two_way)}",
        "entries of an app's root, most": most_entries(root),
    }


def files(root: Path) -> Iterator[Path]:
    """Yield the apps' Python files without migrations."""
    for app in APPS:
        yield from (path for path in sorted((root / app).rglob("*.py")) if path.parent.name != "migrations")


def spread(numbers: Sequence[int]) -> str:
    ordered = sorted(numbers)
    return f"{ordered[len(ordered) // 2]} / {ordered[len(ordered) * 9 // 10]} / {ordered[-1]}"


def comment_lines(text: str) -> int:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return len({token.start[0] for token in tokens if token.type == tokenize.COMMENT})


def imported_apps(root: Path, trees: dict[Path, ast.Module]) -> dict[tuple[str, str], int]:
    """Return (importing app, imported app) → how many names."""
    pairs: dict[tuple[str, str], int] = {}
    for path, tree in trees.items():
        app = path.relative_to(root).parts[0]
        for node in ast.walk(tree):
            for module in modules(node):
                other = module.partition(".")[0]
                if other in APPS and other != app:
                    pairs[app, other] = pairs.get((app, other), 0) + 1
    return pairs


def modules(node: ast.AST) -> list[str]:
    """Return the module of each name that an import binds."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or "" for _ in node.names] if isinstance(node, ast.ImportFrom) else []


def most_entries(root: Path) -> str:
    """Return the app with most modules and folders in its root, counted plainly."""
    counts = {app: len(modules_in(root / app)) for app in APPS if (root / app).is_dir()}
    app = max(counts, key=lambda name: counts[name])
    return f"{counts[app]} ({app})"


def modules_in(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}


if __name__ == "__main__":
    main()
