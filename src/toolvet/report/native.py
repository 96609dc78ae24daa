"""What compiled packages make: PDFs by Typst, and Parquet by DuckDB.

Each works in a process of its own, which it ends at once where there is not enough memory for it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from toolvet.errors import NoTemporaryFolder, NotEnoughMemory, UsageError
from toolvet.text.escape import encodable, how_to_add

NO_TYPST = (
    f"a PDF needs the package typst (toolvet's extra pdf): {how_to_add('typst')}; the HTML report prints well, too"
)
_NO_DUCKDB = (
    f"Parquet needs the package duckdb (toolvet's extra parquet): {how_to_add('duckdb')}; "
    "--format csv and jsonl need none"
)
_TYPES = {"text": "VARCHAR", "date": "DATE", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}
_RAISED = 1
_OF_MEMORY = re.compile("memory|MemError|failed to map segment", re.IGNORECASE)


def pdf_bytes(report: str, template: Path) -> bytes:
    """The report, as JSON, laid out by that template of Typst. UsageError where the extra is not installed."""
    if find_spec("typst") is None:
        raise UsageError(NO_TYPST)
    return _made({"report": report, "template": str(template)})


def parquet_files(
    tables: Mapping[str, Mapping[str, str]], rows: Mapping[str, Sequence[Mapping[str, object]]]
) -> dict[str, bytes]:
    """The rows of each table with its columns, each of the types text, date, integer, number or boolean.

    UsageError where the extra is not installed.
    """
    if find_spec("duckdb") is None:
        raise UsageError(_NO_DUCKDB)
    try:
        with TemporaryDirectory() as folder:
            _made({"queries": [_conversion(Path(folder, name), tables[name], rows[name]) for name in tables]})
            return {name: Path(folder, f"{name}.parquet").read_bytes() for name in tables}
    except OSError as error:
        raise NoTemporaryFolder("Parquet", error) from error


def _conversion(stem: Path, columns: Mapping[str, str], rows: Sequence[Mapping[str, object]]) -> str:
    """Write the rows to a file, and return the query that writes them as Parquet beside it."""
    lines = stem.with_suffix(".jsonl")
    text = "".join(f"{json.dumps(dict(row), ensure_ascii=False)}\n" for row in rows)
    lines.write_text(encodable(text), encoding="utf-8")
    types = ", ".join(f"'{name}': '{_TYPES[kind]}'" for name, kind in columns.items())
    read = f"read_json({_quoted(lines)}, format = 'newline_delimited', columns = {{{types}}})"
    return f"COPY (SELECT * FROM {read}) TO {_quoted(stem.with_suffix('.parquet'))} (FORMAT parquet)"


def _quoted(path: Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"


def _made(given: Mapping[str, object]) -> bytes:
    # -P: nothing that lies in the current folder is taken for a module of ours.
    command = (sys.executable, "-P", "-m", "toolvet.report.native")
    ran = subprocess.run(command, input=json.dumps(given).encode(), capture_output=True, check=False)
    if ran.returncode == 0:
        return ran.stdout
    told = ran.stderr.decode(errors="replace")
    if ran.returncode == _RAISED and _OF_MEMORY.search(told) is None:
        raise RuntimeError(told)
    raise NotEnoughMemory


def _laid_out(typst: Any, report: str, template: Path) -> bytes:
    root, inputs = template.parent, {"report": report}
    try:
        pdf: bytes = typst.compile(template, root=root, sys_inputs=inputs, pdf_standards=["ua-1"])
    except typst.TypstError:
        # No font here has some letter of it: it cannot be promised to be read aloud, and is written all the same.
        pdf = typst.compile(template, root=root, sys_inputs=inputs)
    return pdf


if __name__ == "__main__":
    given = json.load(sys.stdin.buffer)
    if "report" in given:
        import typst  # type: ignore[import-not-found,unused-ignore]  # an extra

        sys.stdout.buffer.write(_laid_out(typst, given["report"], Path(given["template"])))
    else:
        import duckdb

        with duckdb.connect() as connection:
            for query in given["queries"]:
                connection.execute(query)
