"""A YAML file whose values remember the line they came from."""

from dataclasses import dataclass
from pathlib import Path

import yaml

Loc = tuple[int | str, ...]


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file: where, what, and what to do about it. `line` counts from 1."""

    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}. {self.remedy}"


@dataclass(frozen=True)
class Document:
    """A parsed YAML file: its data, and its node tree for finding lines."""

    path: Path
    data: object
    root: yaml.Node | None

    def line(self, loc: Loc) -> int:
        """The line (from 1) of the value at `loc`, or of the nearest enclosing value that exists."""
        node, line = self.root, 1
        if node is None:
            return 1
        line = node.start_mark.line + 1
        for step in loc:
            below = _below(node, step)
            if below is None:
                break
            node, line = below[0], below[1].start_mark.line + 1
        return line


def read_document(path: Path) -> tuple[Document, list[Fault]]:
    """Parse `path`; broken YAML, wrong encoding, a missing file and doubled keys come back as faults."""
    name = path.name
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Document(path, None, None), [Fault(name, 1, "the file is missing", "Put it back from version control.")]
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return Document(path, None, None), [Fault(name, line, "the file is not UTF-8", "Save it as UTF-8.")]
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        line = mark.line + 1 if mark else 1
        fault = Fault(name, line, f"broken YAML: {problem}", "Check quotes, colons and indentation on and above this line.")
        return Document(path, None, None), [fault]
    return Document(path, data, root), _doubled_keys(name, root)


def _below(node: yaml.Node, step: int | str) -> tuple[yaml.Node, yaml.Node] | None:
    """The value at `step` and the node whose line stands for it (the key, in a mapping)."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item, item
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key
    return None


def _doubled_keys(name: str, node: yaml.Node | None) -> list[Fault]:
    faults: list[Fault] = []
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            faults += _doubled_keys(name, item)
    elif isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                message = f"{key.value!r} stands twice in one block (also on line {seen[key.value]})"
                faults.append(Fault(name, line, message, "Keep one of the two."))
            seen[key.value] = line
            faults += _doubled_keys(name, value)
    return faults
