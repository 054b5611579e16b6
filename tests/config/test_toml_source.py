"""A mistake in a TOML file is raised with the line it stands on, as the caller's own error."""

from pathlib import Path

import msgspec
import pytest

from config.errors import ConfigError
from config.toml_source import SourceError, TomlSource


class Row(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    size: int = 0
    tags: tuple[str, ...] = ()


class File(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    box: Row
    row: list[Row] = []


class OwnError(SourceError):
    pass


GOOD = """\
title = "A"

[box]
name = "the box"
size = 1

[[row]]
name = "first"
tags = [
    "x",
]

[[ row ]] # the second
name = "second"
size = 2
"""


def source(tmp_path: Path, text: str) -> TomlSource:
    path = tmp_path / "file.toml"
    path.write_text(text, encoding="utf-8")
    return TomlSource.open(path, OwnError)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    file = source(tmp_path, GOOD).decode(File)
    assert [row.name for row in file.row] == ["first", "second"]
    assert file.box.size == 1


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('title = "A"', "title = A", 1),
        ('title = "A"', "title = 1", 1),
        ('title = "A"', "other = 1", 1),
        ('name = "the box"', "name = 5", 4),
        ("size = 1", 'size = "1"', 5),
        ("[box]", "[bxo]", 3),
        ('name = "first"', "name = 5", 8),
        ('name = "first"', "", 7),
        ('    "x",', '    "x", 5,', 9),
        ("size = 2", "size = 2.5", 15),
        ("size = 2", "sise = 2", 15),
        ("size = 2", "size = ", 15),
        ("size = 2\n", "size = [", 15),
    ],
)
def test_a_mistake_is_found_at_its_line(tmp_path: Path, old: str, new: str, line: int) -> None:
    assert old in GOOD
    with pytest.raises(OwnError) as caught:
        source(tmp_path, GOOD.replace(old, new)).decode(File)
    assert caught.value.line == line
    assert caught.value.file == tmp_path / "file.toml"


def test_a_fault_the_caller_finds_has_its_line_too(tmp_path: Path) -> None:
    good = source(tmp_path, GOOD)
    assert good.fault("row", 1, "too large", "size").line == 15
    assert good.fault("row", 0, "too small", "size").line == 7
    assert good.fault("row", 2, "nowhere").line is None
    assert good.fault_at("box", "unloved").line == 3
    assert good.fault_at("nothing", "at all").line is None


def test_the_error_is_one_of_configuration_and_reads_like_a_compilers() -> None:
    error = SourceError(Path("a.toml"), 3, "is wrong")
    assert isinstance(error, ConfigError)
    assert str(error) == "a.toml:3: is wrong"
    assert str(SourceError(Path("a.toml"), None, "is wrong")) == "a.toml: is wrong"


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "file.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OwnError, match="cannot be read"):
        TomlSource.open(path, OwnError)
