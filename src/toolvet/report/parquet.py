"""Tables as Parquet, through DuckDB, which the extra `parquet` installs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from toolvet.errors import NoTemporaryFolder, UsageError
from toolvet.text.escape import encodable, how_to_add

try:
    import duckdb
except ImportError as error:
    raise UsageError(
        f"Parquet needs the package duckdb (toolvet's extra parquet): {how_to_add('duckdb')}; "
        "--format csv and jsonl need none"
    ) from error

_TYPES = {"text": "VARCHAR", "date": "DATE", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}


def parquet_bytes(columns: Mapping[str, str], rows: Sequence[Mapping[str, object]]) -> bytes:
    """The rows with these columns, each of the types text, date, integer, number or boolean."""
    types = ", ".join(f"'{name}': '{_TYPES[kind]}'" for name, kind in columns.items())
    try:
        with TemporaryDirectory() as folder:
            return _converted(Path(folder), types, rows)
    except duckdb.OutOfMemoryException as error:
        raise MemoryError from error
    except OSError as error:
        raise NoTemporaryFolder("Parquet", error) from error


def _converted(folder: Path, types: str, rows: Sequence[Mapping[str, object]]) -> bytes:
    lines, table = folder / "rows.jsonl", folder / "rows.parquet"
    text = "".join(f"{json.dumps(dict(row), ensure_ascii=False)}\n" for row in rows)
    lines.write_text(encodable(text), encoding="utf-8")
    with duckdb.connect() as connection:
        read = f"read_json({_quoted(lines)}, format = 'newline_delimited', columns = {{{types}}})"
        connection.execute(f"COPY (SELECT * FROM {read}) TO {_quoted(table)} (FORMAT parquet)")
        return table.read_bytes()


def _quoted(path: Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"
