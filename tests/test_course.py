"""`make run`: every notebook is run, one failure does not stop the others, and pages need no network."""

import json

import nbformat
import pytest

from lab_utils import course

FIGURE = """
from matplotlib import pyplot as plt
from lab_utils import header, show
header("00 · 시험")
fig, axis = plt.subplots(); axis.plot([1, 2]); axis.set_title("제목")
show(fig, alt="직선 하나가 왼쪽 아래에서 오른쪽 위로 올라간다.")
"""


def write(folder, name, *sources):
    cells = [nbformat.v4.new_markdown_cell("[![열기](https://example.org/a.svg)](https://example.org)"),
             nbformat.v4.new_markdown_cell(f"# {name} 강의\n\n값 $a_1$ 과 <b>굵게</b>: $$\\log \\frac{{a}}{{b}}$$")]
    cells += [nbformat.v4.new_code_cell(s) for s in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")


@pytest.fixture
def no_preparation(monkeypatch):
    monkeypatch.setattr(course, "prepare", lambda: 0.0)
    monkeypatch.setenv("LAB_PROFILE", "smoke")
    monkeypatch.setenv("LAB_DATA_DIR", "")


def test_the_others_run_when_one_fails(tmp_path, no_preparation, capsys):
    notebooks, out = tmp_path / "notebooks 한글", tmp_path / "build"
    notebooks.mkdir()
    write(notebooks, "00_a", FIGURE)
    write(notebooks, "01_b", "print(1)", "raise ValueError('멈춤')", "print(2)")
    write(notebooks, "02_c", "import os; os._exit(1)")
    write(notebooks, "03_d", "import os; print(os.environ['LAB_PROFILE'])")
    assert course.run(notebooks, out) == 1
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["profile"] == "smoke"
    assert [x["status"] for x in report["lessons"]] == ["ok", "failed", "failed", "ok"]
    first = report["lessons"][0]
    assert set(first) == {"name", "status", "seconds", "cells", "first_figure_seconds"}
    assert 0 < first["first_figure_seconds"] <= first["seconds"] and report["lessons"][3]["first_figure_seconds"] is None
    index = (out / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{n}.html"' in index for n in ("00_a", "01_b", "02_c", "03_d"))
    assert "멈춤" in capsys.readouterr().err
    page = (out / "00_a.html").read_text(encoding="utf-8")
    assert 'alt="직선 하나가' in page and "<math" in page and "$" not in page.split("<main>")[1].split("</h1>")[0]
    assert "src=\"http" not in page and "<script" not in page, "a page must not need the network"


def test_a_cell_that_hangs_is_a_timeout(tmp_path, no_preparation):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import time; time.sleep(60)")])
    outcome = course.execute(notebook, tmp_path, cell_timeout=2)
    assert outcome.status == "timeout" and outcome.seconds < 30


def test_all_well_is_exit_status_zero(tmp_path, no_preparation, monkeypatch):
    monkeypatch.setattr(course, "TIMES", tmp_path / "times.csv")
    write(tmp_path, "00_a", "print('안녕')")
    assert course.run(tmp_path, tmp_path / "out", record=True) == 0
    assert course.lesson_time("00_a", "smoke") > 0
    assert course.lesson_time("00_a", "gpu") is None


def test_no_notebooks_is_explained(tmp_path, no_preparation, capsys):
    assert course.run(tmp_path, tmp_path / "out") == 2
    assert "노트북이 없습니다" in capsys.readouterr().err


@pytest.mark.parametrize(("source", "kept"), [
    ("`$x$` 는 코드", "`$x$`"),
    ("```\n$x$\n```", "$x$"),
    ("가격은 $5 와 $6입니다", "$5"),
    (r"\$5", r"\$5"),
])
def test_what_is_not_a_formula_stays(source, kept):
    assert kept in course._with_mathml(source)


def test_without_loopback_nothing_is_tried(tmp_path, no_preparation, capsys, monkeypatch):
    def refused(*args, **kwargs):
        raise OSError(101, "Network is unreachable")

    write(tmp_path, "00_a", "print('안녕')")
    monkeypatch.setattr("socket.create_connection", refused)
    assert course.run(tmp_path, tmp_path / "out") == 2
    error = capsys.readouterr().err
    assert "127.0.0.1" in error and "unreachable" in error and "해결" in error
