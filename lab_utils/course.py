"""Run every notebook from top to bottom and make a readable page of each: ``python -m lab_utils run``."""

import csv
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from . import __version__
from .runtime import data_folder, local_data_folder, profile

TIMES = data_folder() / "results" / "lesson_times.csv"
TEMPLATES = Path(__file__).resolve().parent / "templates"


@dataclass
class Outcome:
    """What became of one notebook; ``seconds`` are wall-clock, from the start of its kernel."""

    status: str  # "ok", "failed" or "timeout"
    seconds: float
    cells: int
    first_figure_seconds: float | None
    message: str = ""


def execute(notebook, folder: Path, *, extra_env: dict[str, str] | None = None, on_cell=None, cell_timeout: int = 1800) -> Outcome:
    """Execute ``notebook`` in place in a fresh kernel that starts in ``folder``; never raises for an error in a cell.

    Outputs are kept, without widget state and without time stamps.
    """
    import asyncio

    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    if sys.platform == "win32":  # zmq needs a selector loop
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())

    first_figure = None

    class Client(NotebookClient):
        def process_message(self, msg, cell, cell_index):
            nonlocal first_figure
            if first_figure is None and "image/png" in msg["content"].get("data", {}):
                first_figure = time.perf_counter() - start
            return super().process_message(msg, cell, cell_index)

    client = Client(notebook, timeout=cell_timeout, kernel_name="python3", store_widget_state=False, record_timing=False,
                    extra_arguments=["--log-level=ERROR"],
                    resources={"metadata": {"path": str(folder)}})
    if on_cell:
        client.on_cell_executed = lambda cell, cell_index, execute_reply: on_cell(cell_index)
    status, message = "ok", ""
    start = time.perf_counter()
    try:
        # TQDM_DISABLE: a bar that redraws itself is noise in stored outputs.
        client.execute(env={**os.environ, "TQDM_DISABLE": "1", **(extra_env or {})})
    except CellTimeoutError:
        status, message = "timeout", f"한 셀이 {cell_timeout}초를 넘었습니다."
    except CellExecutionError as error:
        status, message = "failed", f"{error.ename}: {error.evalue}"
    except DeadKernelError as error:
        status, message = "failed", f"커널이 멈췄습니다({error}). 메모리가 부족하지 않았는지 `python -m lab_utils doctor`로 확인하세요."
    except (RuntimeError, OSError) as error:
        status, message = "failed", f"커널을 시작하지 못했습니다({error}). 메모리나 디스크가 가득 차지 않았는지 확인하세요."
    seconds = time.perf_counter() - start
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    return Outcome(status, round(seconds, 1), len(notebook.cells), first_figure and round(first_figure, 1), message)


def _with_mathml(source: str) -> str:
    """Replace ``$…$`` and ``$$…$$`` outside code by MathML, which browsers show without any script from the network."""
    import re

    from latex2mathml.converter import convert

    def formula(match):
        code, block, inline = match.groups()
        if code:
            return code
        try:
            return convert(block or inline, display="block" if block else "inline").replace("\n", " ")
        except Exception:  # a formula that the converter does not know stays as it was written
            return match.group(0)

    return re.sub(r"(```.*?```|`[^`\n]+`)|\$\$(.+?)\$\$|(?<![\\$])\$([^$\n]+?)\$(?!\d)", formula, source, flags=re.DOTALL)


def page(notebook, title: str) -> str:
    """The executed notebook as one HTML page that needs nothing from the network; figures carry their alt text."""
    import copy
    import re

    from nbconvert import HTMLExporter

    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            # The badge's picture lies on the network: its text is enough of a link.
            cell.source = re.sub(r"\[!\[([^\]]*)\]\([^)]*\)\]", r"[\1]", _with_mathml(cell.source))
    exporter = HTMLExporter(template_name="course", extra_template_basedirs=[str(TEMPLATES)], sanitize_html=False)
    body, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": title}})
    return body


def _index(report: dict, titles: dict[str, str]) -> str:
    from html import escape

    words = {"ok": "✓ 끝까지 실행됨", "failed": "✗ 오류", "timeout": "✗ 시간 초과"}
    rows = "".join(
        f'<tr><td><a href="{escape(x["name"])}.html">{escape(titles[x["name"]])}</a></td><td>{words[x["status"]]}</td>'
        f'<td>{x["seconds"]:.1f}초</td><td>{"" if x["first_figure_seconds"] is None else format(x["first_figure_seconds"], ".1f") + "초"}</td>'
        f'<td>{x["cells"]}</td></tr>' for x in report["lessons"])
    css = (TEMPLATES / "course" / "course.css").read_text(encoding="utf-8")
    return (
        f'<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>임베딩 공간의 의미 구조 실습서</title><style>{css}</style></head><body><main>"
        f"<h1>임베딩 공간의 의미 구조 실습서</h1><p>프로필 <b>{report['profile']}</b> · {escape(report['data'])} · lab_utils {__version__}</p>"
        f"<table><thead><tr><th>강의</th><th>상태</th><th>걸린 시간</th><th>첫 그림까지</th><th>셀</th></tr></thead><tbody>{rows}</tbody></table>"
        f"</main></body></html>"
    )


def prepare() -> float:
    """Tokenise the real reviews once if they are at hand without network (minutes); returns the seconds it took."""
    from . import datasets, movie_reviews

    start = time.perf_counter()
    if profile() != "smoke" and datasets.available("nsmc-stars"):
        print("실제 리뷰를 형태소로 나눕니다. 처음 한 번만 몇 분 걸리고, 다음부터는 저장된 것을 읽습니다.")
        movie_reviews.tokens()
    return round(time.perf_counter() - start, 1)


def loopback() -> str:
    """Why programs on this computer cannot talk over 127.0.0.1, which kernels need, network or not; empty if they can."""
    import socket

    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            with socket.create_connection(server.getsockname(), timeout=5):
                return ""
    except OSError as error:
        return str(error)


def run(notebooks: Path, out: Path, *, record: bool = False) -> int:
    """Execute all notebooks of a folder, one after the other, and write pages, ``index.html`` and ``report.json``.

    Parameters
    ----------
    notebooks : Path
        Folder with ``NN_name.ipynb`` files.
    out : Path
        Folder to write to; created.
    record : bool
        Also write the measured times to ``data/results/lesson_times.csv``, from which lessons and README quote them.

    Returns
    -------
    int
        0 if every lesson ran to its end, 1 if one did not, 2 if none could be started.
    """
    import nbformat

    files = sorted(notebooks.glob("[0-9][0-9]_*.ipynb"))
    if not files:
        print(f"{notebooks} 에 노트북이 없습니다. 저장소의 맨 위 폴더에서 실행했는지 확인하세요.", file=sys.stderr)
        return 2
    if reason := loopback():
        print(f"노트북의 커널과 연결할 수 없습니다.\n  원인: 이 컴퓨터 안의 연결(127.0.0.1)이 막혀 있습니다({reason}). 인터넷은 없어도 되지만 "
              "이 연결은 필요합니다.\n  해결: 방화벽이나 컨테이너가 loopback 장치(lo)를 막고 있지 않은지 확인하세요.", file=sys.stderr)
        return 2
    out.mkdir(parents=True, exist_ok=True)
    data = local_data_folder()
    report = {
        "profile": profile(),
        "data": "내장 말뭉치와 LAB_DATA_DIR의 실제 말뭉치" if data else "내장 말뭉치",
        "prepare_seconds": prepare(),
        "lessons": [],
    }
    titles = {}
    show_cells = sys.stdout.isatty()
    extra_env = {"LAB_DATA_DIR": str(data)} if data else {}
    for number, file in enumerate(files, 1):
        notebook = nbformat.read(file, 4)
        label = f"[{number}/{len(files)}] {file.stem}"
        print(label, end=" ", flush=True)

        def progress(index, label=label, notebook=notebook):
            if show_cells:
                print(f"\r{label} {index + 1}/{len(notebook.cells)}셀", end=" ", flush=True)

        outcome = execute(notebook, notebooks, extra_env=extra_env, on_cell=progress)
        first = "" if outcome.first_figure_seconds is None else f", 첫 그림 {outcome.first_figure_seconds:.1f}초"
        mark = "✓" if outcome.status == "ok" else "✗"
        print(f"{chr(13) + label + ' ' if show_cells else ''}{mark} {outcome.seconds:.1f}초 ({outcome.cells}셀{first})")
        if outcome.message:
            print(f"    {outcome.message}", file=sys.stderr)
        titles[file.stem] = next((line[2:] for line in notebook.cells[0].source.splitlines() if line.startswith("# ")), file.stem)
        (out / f"{file.stem}.html").write_text(page(notebook, titles[file.stem]), encoding="utf-8")
        report["lessons"].append({
            "name": file.stem, "status": outcome.status, "seconds": outcome.seconds, "cells": outcome.cells,
            "first_figure_seconds": outcome.first_figure_seconds,
        })
        # Written after every lesson: an interrupted run leaves what was done.
        (out / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
        (out / "index.html").write_text(_index(report, titles), encoding="utf-8")
    failed = [x["name"] for x in report["lessons"] if x["status"] != "ok"]
    print(f"{len(files) - len(failed)}/{len(files)}개 강의가 끝까지 실행되었습니다 → {out / 'index.html'}")
    if record and not failed:
        _record(report)
    return int(bool(failed))


def _read_times() -> list[dict]:
    if not TIMES.exists():
        return []
    with open(TIMES, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _record(report: dict) -> None:
    import datetime

    machine = f"{os.cpu_count()} cores, Python {sys.version_info.major}.{sys.version_info.minor}"
    rows = [r for r in _read_times() if r["profile"] != report["profile"]]
    rows += [{
        "lesson": x["name"], "profile": report["profile"], "seconds": x["seconds"], "first_figure_seconds": x["first_figure_seconds"] or "",
        "data": "real" if local_data_folder() else "embedded", "machine": machine, "date": datetime.date.today().isoformat(),
        "command": "python -m lab_utils run --record",
    } for x in report["lessons"]]
    TIMES.parent.mkdir(parents=True, exist_ok=True)
    with open(TIMES, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda r: (r["lesson"], r["profile"])))


def lesson_time(name: str, of_profile: str, column: str = "seconds") -> float | None:
    """A measured time of a lesson at a profile, from ``data/results/lesson_times.csv``; None if never measured."""
    return next((float(r[column]) for r in _read_times() if r["lesson"] == name and r["profile"] == of_profile and r[column]), None)


def main(arguments: list[str]) -> int:
    """Command line of ``python -m lab_utils run``."""
    import argparse

    parser = argparse.ArgumentParser(prog="python -m lab_utils run", description="모든 노트북을 차례로 실행하고 읽을 수 있는 페이지를 만듭니다.")
    parser.add_argument("--notebooks", type=Path, default=Path("notebooks"))
    parser.add_argument("--out", type=Path, default=Path("build/course"))
    parser.add_argument("--record", action="store_true", help="잰 시간을 data/results/lesson_times.csv에 적습니다")
    options = parser.parse_args(arguments)
    return run(options.notebooks.resolve(), options.out.resolve(), record=options.record)
