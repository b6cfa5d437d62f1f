"""Does anything of the solutions show in a student notebook? Compared after normalising, so that renaming hides nothing."""

import ast
import json
import re
import textwrap

MARKED = re.compile(r"### BEGIN SOLUTION\n(.*?)\n\s*### END SOLUTION", re.DOTALL)


class _Anonymous(ast.NodeTransformer):
    """Local names become v0, v1, … in order of appearance; attributes, literals and library names stay."""

    def __init__(self, kept: set[str]):
        self.kept, self.names = kept, {}

    def _new(self, name: str) -> str:
        return name if name in self.kept else self.names.setdefault(name, f"v{len(self.names)}")

    def visit_Name(self, node):
        node.id = self._new(node.id)
        return node

    def visit_arg(self, node):
        node.arg, node.annotation = self._new(node.arg), None
        return node

    def visit_FunctionDef(self, node):
        node.name = "f"
        self.generic_visit(node)
        return node


LIBRARIES = {"np", "sparse", "pd", "math", "torch", "len", "range", "sum", "enumerate", "zip", "sorted", "min", "max", "abs", "float", "int"}


def _statements(code: str) -> list[str]:
    """Every statement of ``code`` by itself, normalised; of text that is not Python, every line that is."""
    lines = [line for line in textwrap.dedent(code).splitlines() if not line.lstrip().startswith(("%", "!"))]
    trees = []
    try:
        trees.append(ast.parse("\n".join(lines)))
    except SyntaxError:  # broken as a whole, yet readable: line by line
        for line in lines:
            try:
                trees.append(ast.parse(line.strip()))
            except SyntaxError:
                continue
    found = []
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom | ast.Expr):
            header = ast.unparse(node).split("\n")[0]
            try:
                alone = ast.parse(header if not header.endswith(":") else header + " pass")
            except SyntaxError:
                continue
            found.append(ast.unparse(_Anonymous(LIBRARIES).visit(alone)))
    return found


def solutions(lesson_cells) -> dict[str, str]:
    """``{grade_id: text between the markers}`` of a lesson with solutions."""
    return {
        cell.metadata["nbgrader"]["grade_id"]: "\n".join(MARKED.findall(cell.source))
        for cell in lesson_cells if "### BEGIN SOLUTION" in cell.source
    }


def find_leaks(lesson, student) -> list[str]:
    """What of a lesson's solutions and sealed answers is readable in its student edition.

    Parameters
    ----------
    lesson, student : notebook nodes
        The lesson with solutions and the student edition, outputs included.

    Returns
    -------
    list of str
        One sentence per leak; empty if there is none. A cell leaks if it holds a marker, an unsealed quiz answer, or most of
        the distinctive statements of one solution under whatever names; any other text (prose, outputs, metadata,
        attachments) if it holds a distinctive line of a solution letter by letter, white space aside.
    """
    leaks = []
    answers = solutions(lesson.cells)
    wanted = {name: {s for s in _statements(text) if len(s) >= 12} for name, text in answers.items()}
    lines = {
        name: {re.sub(r"\s", "", line) for line in text.splitlines() if len(re.sub(r"\s", "", line)) >= 24 and not line.lstrip().startswith("#")}
        for name, text in answers.items()
    }
    for number, cell in enumerate(student.cells):
        if re.search(r"### (BEGIN|END) (SOLUTION|HIDDEN TESTS)", cell.source):
            leaks.append(f"{number}번 셀에 정답 표시가 남아 있습니다.")
        if cell.cell_type == "code":
            if re.search(r"\bquiz\(.*?\banswer\s*=", cell.source, re.DOTALL):
                leaks.append(f"{number}번 셀의 퀴즈에 답이 그대로 있습니다.")
            present = set(_statements(cell.source))
            for name, statements in wanted.items():
                if statements and len(statements & present) / len(statements) > 0.6:
                    leaks.append(f"{number}번 셀에 {name}의 정답이 (이름만 바뀌어) 들어 있습니다.")
        everything_else = {key: value for key, value in cell.items() if key != "source" or cell.cell_type != "code"}
        text = re.sub(r"\s", "", json.dumps(everything_else, ensure_ascii=False).replace("\\n", "").replace('\\"', '"'))
        for name, distinctive in lines.items():
            for line in distinctive:
                if line in text:
                    leaks.append(f"{number}번 셀의 글이나 출력에 {name}의 정답 한 줄이 있습니다: {line[:50]}")
    return leaks
