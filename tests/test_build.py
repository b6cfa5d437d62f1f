"""Lessons → two editions: nothing lost, nothing leaked."""

import copy
import json
import re

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instructor import build, leaks

LESSONS = build.lesson_files()
NAMES = [p.stem for p in LESSONS]


@pytest.fixture(scope="module", params=LESSONS, ids=NAMES)
def lesson(request):
    path = request.param
    return path, build.read_lesson(path), build.student_edition(path), build.solved_edition(path)


def test_there_are_lessons():
    assert LESSONS


def test_both_editions_have_the_same_cells(lesson):
    _, source, student, solved = lesson
    assert [c["id"] for c in student.cells] == [c["id"] for c in solved.cells] == [c["id"] for c in source.cells]
    assert [c.cell_type for c in student.cells] == [c.cell_type for c in solved.cells]
    for notebook in (student, solved):
        nbformat.validate(notebook)


def test_student_edition_does_not_leak(lesson):
    path, source, student, _ = lesson
    assert leaks.find_leaks(source, student) == []
    committed = build.STUDENT / f"{path.stem}.ipynb"
    assert leaks.find_leaks(source, nbformat.read(committed, 4)) == []


def test_committed_edition_is_what_the_lesson_builds(lesson):
    path, _, student, _ = lesson
    committed = nbformat.read(build.STUDENT / f"{path.stem}.ipynb", 4)
    assert build.without_outputs(committed) == build.without_outputs(student), "run `make notebooks` and commit"


def test_committed_outputs_are_presentable(lesson):
    path = lesson[0]
    committed = nbformat.read(build.STUDENT / f"{path.stem}.ipynb", 4)
    assert build._problems_in_outputs(committed) == []
    assert any(cell.get("outputs") for cell in committed.cells), "not executed"
    assert "widgets" not in committed.metadata


def test_solved_edition_has_the_solutions_and_no_markers(lesson):
    _, source, _, solved = lesson
    text = "\n".join(c.source for c in solved.cells)
    assert "### BEGIN" not in text and "### END" not in text
    for body in leaks.solutions(source.cells).values():
        assert body.strip().splitlines()[0].strip() in text


def test_points_and_ids(lesson):
    path, source, _, _ = lesson
    points = build.check_exercises(source, path.name)
    assert all(name.startswith(path.stem[:2] + "-") for name in points)
    assert all(value > 0 for value in points.values())


def test_ids_are_unique_over_the_course():
    ids = [name for p in LESSONS for name in build.check_exercises(build.read_lesson(p), p.name)]
    assert len(ids) == len(set(ids))


def test_lesson_anatomy(lesson):
    path, source, _, _ = lesson
    text = "\n".join(c.source for c in source.cells)
    for part in ("> *English summary", "학습 목표", "걸리는 시간", "앞선 내용", "예측해 보세요", "왜 틀릴 수 있", "요약", "더 나아가"):
        assert part in text, f"{path.stem} lacks {part!r}"
    for call in ("predict(", "compare(", "quiz(", "summary()"):
        assert call in text, f"{path.stem} never calls {call}"
    hints = len(re.findall("<details>", text))
    assert hints >= 2 * len(leaks.solutions(source.cells)), "every exercise has tiered hints"


def test_building_twice_gives_the_same(lesson):
    path, _, student, _ = lesson
    assert nbformat.writes(build.student_edition(path)) == nbformat.writes(student)


@pytest.mark.parametrize("name", build.READMES)
def test_readme_shows_the_measured_times(name):
    text = (build.ROOT / name).read_text(encoding="utf-8")
    assert build.with_lesson_table(text, build.READMES[name]) == text, "run `make notebooks` and commit"
    assert all(f"notebooks/{lesson}.ipynb" in text for lesson in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_emphasis_is_closed_as_markdown_demands(name):
    """`**"말"**을` stays asterisks: after punctuation, closing asterisks must not be followed by a letter (CommonMark 6.2)."""
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark").enable("table")
    for cell in nbformat.read(build.ROOT / "notebooks" / f"{name}.ipynb", 4).cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$", "", cell.source, flags=re.DOTALL)
            rendered = re.sub(r"<code.*?</code>", "", markdown.render(text), flags=re.DOTALL)
            assert "*" not in rendered, [line for line in rendered.splitlines() if "*" in line]


# ---- the leak scanner itself -------------------------------------------------------------------------------------------
SOLUTION = '''def ppmi(counts):
    ### BEGIN SOLUTION
    coo = counts.tocoo()
    total = coo.data.sum()
    row = np.asarray(counts.sum(axis=1)).ravel()
    value = np.log(coo.data * total / (row[coo.row] * row[coo.col]))
    return np.maximum(value, 0)
    ### END SOLUTION'''


def tiny_lesson():
    mark = {"nbgrader": {"grade_id": "02-ppmi", "solution": True, "grade": False, "schema_version": 3}}
    return nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_markdown_cell("# 02 · 시험"),
        nbformat.v4.new_code_cell(SOLUTION, metadata=mark),
    ])


def tiny_student():
    student = copy.deepcopy(tiny_lesson())
    student.cells[1].source = f"def ppmi(counts):\n    {build.STUB}"
    return student


def test_a_clean_student_edition_passes():
    assert leaks.find_leaks(tiny_lesson(), tiny_student()) == []


RENAMED = '''
def helper(M):
    # a comment
    c = M.tocoo( )
    everything = c.data.sum()
    r = np.asarray(M.sum(axis = 1)).ravel()
    v = np.log( c.data*everything/(r[c.row]*r[c.col]) )
    return np.maximum(v , 0)
'''
PLANTED = {
    "not Python any more": lambda nb: nb.cells.append(nbformat.v4.new_code_cell(RENAMED.replace("    c =", "        c =") + "\n여기부터 메모")),
    "marker": lambda nb: nb.cells[1].update(source=nb.cells[1].source + "\n    ### BEGIN SOLUTION"),
    "same text": lambda nb: nb.cells[1].update(source=SOLUTION.replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", "")),
    "renamed and reformatted": lambda nb: nb.cells.append(nbformat.v4.new_code_cell(RENAMED)),
    "in prose": lambda nb: nb.cells.append(nbformat.v4.new_markdown_cell(
        "정답은 `value = np.log(coo.data * total / (row[coo.row] * row[coo.col]))`")),
    "in an output": lambda nb: nb.cells[1].update(outputs=[nbformat.v4.new_output("stream", text="row = np.asarray(counts.sum(axis=1)).ravel()")]),
    "in metadata": lambda nb: nb.cells[0].metadata.update(note="row = np.asarray(counts.sum(axis=1)).ravel()"),
    "quiz answer": lambda nb: nb.cells.append(nbformat.v4.new_code_cell('quiz("02-q", "?", choices=["a", "b"],\n     answer=2)')),
}


@pytest.mark.parametrize("plant", PLANTED)
def test_a_planted_leak_is_found(plant):
    student = tiny_student()
    PLANTED[plant](student)
    assert leaks.find_leaks(tiny_lesson(), student)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.from_regex(r"[a-z]{2,6}", fullmatch=True), min_size=5, max_size=5, unique=True))
def test_no_renaming_hides_a_solution(names):
    code = SOLUTION.replace("    ### BEGIN SOLUTION\n", "").replace("    ### END SOLUTION", "")
    for old, new in zip(("counts", "coo", "total", "row", "value"), names, strict=True):
        code = re.sub(rf"(?<![\w.]){old}\b", f"{new}_x", code)
    student = tiny_student()
    student.cells.append(nbformat.v4.new_code_cell(code))
    assert leaks.find_leaks(tiny_lesson(), student)


# ---- rules that a lesson must keep -------------------------------------------------------------------------------------
GOOD = '''# %% [markdown]
# # 02 · 시험

# %% nbgrader={"schema_version": 3, "grade_id": "02-add", "grade": false, "solution": true, "locked": false, "task": false}
def add(a, b):
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "02-add-test", "grade": true, "solution": false, "locked": true, "task": false, "points": 2}
with check("02-add", points=2, hint="더하기"):
    assert add(1, 2) == 3
'''


def written(tmp_path, text):
    path = tmp_path / "02_test.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_lesson_becomes_a_stub(tmp_path):
    student = build.student_edition(written(tmp_path, GOOD))
    cell = next(c for c in student.cells if c["id"] == "02-add")
    assert cell.source == f"def add(a, b):\n    {build.STUB}"
    assert "return a + b" in next(c for c in build.solved_edition(written(tmp_path, GOOD)).cells if c["id"] == "02-add").source


BROKEN = {
    "no title": GOOD.replace("# # 02", "# 02"),
    "points differ": GOOD.replace("points=2", "points=3"),
    "id differs": GOOD.replace('check("02-add"', 'check("02-sub"'),
    "hangul id": GOOD.replace("02-add", "02-더하기"),
    "solution at top level": GOOD.replace("def add(a, b):\n    ### BEGIN SOLUTION\n    return a + b\n    ### END SOLUTION",
                                          "### BEGIN SOLUTION\nadd = max\n### END SOLUTION"),
    "no test": GOOD[:GOOD.index("# %% nbgrader", GOOD.index("END SOLUTION"))],
    "no metadata": re.sub(r'# %% nbgrader=.*"solution": true.*', "# %%", GOOD),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_lesson_is_refused(tmp_path, fault):
    with pytest.raises(build.LessonError):
        build.read_lesson(written(tmp_path, BROKEN[fault]))


def test_duplicate_ids_are_refused(tmp_path):
    body = GOOD[GOOD.index("# %% nbgrader"):]
    with pytest.raises(build.LessonError, match="겹칩니다"):
        build.read_lesson(written(tmp_path, GOOD + "\n" + body))


def test_outputs_are_inspected():
    image = nbformat.v4.new_output("display_data", data={"image/png": "x"}, metadata={})
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="x", traceback=[])
    glyph = nbformat.v4.new_output("stream", name="stderr", text="UserWarning: Glyph 44032 missing from font(s) DejaVu Sans.")
    for output in (image, error, glyph):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[output])])
        assert build._problems_in_outputs(notebook)


def test_stale_edition_is_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "STUDENT", tmp_path)
    assert set(build.stale()) == set(NAMES)
    for path in LESSONS:
        nbformat.write(build.student_edition(path), tmp_path / f"{path.stem}.ipynb")
    assert build.stale() == []
    first = tmp_path / f"{NAMES[0]}.ipynb"
    notebook = json.loads(first.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] = ["edited by hand"]
    first.write_text(json.dumps(notebook), encoding="utf-8")
    (tmp_path / "99_left_over.ipynb").write_text(first.read_text(encoding="utf-8"), encoding="utf-8")
    assert set(build.stale()) == {NAMES[0], "99_left_over"}
