"""The patent records: ``python -m instructor.patents`` writes data/patents.xlsx, its README and the files of queries from the texts in
instructor/patents/.

The same texts give the same bytes: order and ids follow from a hash of the keys, and every date in the workbook is fixed.
"""

import csv
import datetime
import hashlib
import io
import re
import sys
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = Path(__file__).resolve().parent / "patents"
WORKBOOK, README = ROOT / "data" / "patents.xlsx", ROOT / "data" / "patents_README.md"
QUERIES = {"queries.tsv": ROOT / "data" / "patent_queries.tsv", "training_queries.tsv": ROOT / "data" / "patent_training_queries.tsv"}
FIELDS = {
    "B60L": "전기자동차", "H01M": "이차전지", "G06N": "인공지능", "A61B": "의료 진단", "C12N": "생명공학", "H04W": "무선 통신", "A01G": "농업·재배",
    "H01L": "반도체", "E04B": "건축", "A23L": "식품 가공", "B25J": "로봇", "C02F": "수처리",
}  # fmt: skip
SEED = "patents 1"
DATE = (2026, 11, 1, 0, 0, 0)
NOTICE = [
    "이 문서의 특허 기록은 모두 지어낸 것입니다. 발명, 출원인, 수치 가운데 실제의 것은 없으며, 출원인 이름 뒤의 (가상)은 그 표시입니다.",
    "문서 검색을 배우려고 이 과정에서 한 편씩 쓴 글입니다. 기술 자료로 쓰지 마십시오.",
    "라이선스: CC BY 4.0 (Embedding Space Lab).",
    "첫째 시트 patents: id, title(발명의 명칭), abstract(요약), field(분야 코드와 이름), year(출원 연도), applicant(출원인).",
    "둘째 시트 kinds: 보통(basic), of의 발명을 다른 말로 다시 출원한 것(duplicate), 다른 분야의 낱말이 많은 것(trap). 검색에 쓰지 않습니다.",
    "These patent records are invented for teaching document search; no invention, applicant or figure is real. Licence: CC BY 4.0.",
]


class SourceError(ValueError):
    """A text in instructor/patents/ is not in the format."""


@dataclass(frozen=True)
class Record:
    """One invented patent; ``key`` is its name in the sources (B60L-03), ``kind`` basic, "duplicate of KEY" or "trap REASON"."""

    key: str
    title: str
    year: int
    applicant: str
    kind: str
    abstract: str

    @property
    def code(self) -> str:
        return self.key[:4]


def parse(text: str, code: str) -> list[Record]:
    """The records of one field, checked one by one.

    Raises
    ------
    SourceError
        With the key of the record and what is wrong.
    """
    records = []
    for number, block in enumerate(re.split(r"\n\s*\n", unicodedata.normalize("NFC", text).strip()), 1):
        key, *lines = [line.strip() for line in block.split("\n")]
        values = dict(line.partition(": ")[::2] for line in lines)
        key = key.strip("[]")
        if key != f"{code}-{number:02}" or list(values) != ["title", "year", "applicant", "kind", "abstract"] or not all(values.values()):
            raise SourceError(f"{code}: the {number}th record is {key!r} with {list(values)}")
        record = Record(key, values["title"], int(values["year"]), values["applicant"], values["kind"], values["abstract"])
        words = len(record.abstract.split())
        if not (100 <= words <= 250 and 2000 <= record.year <= 2026 and record.applicant.endswith("(가상)")):
            raise SourceError(f"{key}: {words} words, year {record.year}, applicant {record.applicant}")
        if not re.fullmatch(r"basic|duplicate of [A-Z0-9]{4}-\d\d|trap \S.*", record.kind):
            raise SourceError(f"{key}: kind {record.kind!r}")
        records.append(record)
    return records


def read_sources(folder: Path = SOURCES) -> list[Record]:
    """All records in the order of the workbook: that of a hash, which mixes the fields and is the same everywhere.

    Raises
    ------
    SourceError
    FileNotFoundError
    """
    records = [record for code in FIELDS for record in parse((folder / f"{code}.txt").read_text(encoding="utf-8"), code)]
    by_key = {record.key: record for record in records}
    for column in ("title", "abstract"):
        if len({getattr(record, column) for record in records}) < len(records):
            raise SourceError(f"two records have the same {column}")
    for record in records:
        of = record.kind.removeprefix("duplicate of ") if record.kind.startswith("duplicate") else None
        if of and (of == record.key or of not in by_key or by_key[of].kind.startswith("duplicate") or of[:4] != record.code):
            raise SourceError(f"{record.key}: {record.kind}")
    return sorted(records, key=lambda record: hashlib.sha256(f"{SEED} {record.key}".encode()).hexdigest())


def ids(records: list[Record]) -> dict[str, str]:
    """Key → id (P001, P002, … in the order of the workbook)."""
    return {record.key: f"P{number:03}" for number, record in enumerate(records, 1)}


def tables(records: list[Record]) -> tuple[list[list], list[list]]:
    """Rows of the sheets "patents" and "kinds", with their headers."""
    number = ids(records)
    patents = [["id", "title", "abstract", "field", "year", "applicant"]]
    kinds = [["id", "kind", "of", "reason"]]
    for record in records:
        patents.append([number[record.key], record.title, record.abstract, f"{record.code} {FIELDS[record.code]}", record.year, record.applicant])
        kind, _, rest = record.kind.partition(" ")
        of = number[rest.removeprefix("of ")] if kind == "duplicate" else None
        kinds.append([number[record.key], kind, of, rest if kind == "trap" else None])
    return patents, kinds


def workbook(records: list[Record]) -> bytes:
    """The Excel file. openpyxl stamps the present time on what it saves; here every date is the same."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    patents, kinds = tables(records)
    for name, rows, widths in (("patents", patents, (7, 45, 110, 18, 7, 28)), ("kinds", kinds, (7, 11, 7, 80)),
                               ("README", [[line] for line in NOTICE], (140,))):
        sheet = book.active if name == "patents" else book.create_sheet()
        sheet.title = name
        for row in rows:
            sheet.append(row)
        for column, width in zip("ABCDEF", widths, strict=False):
            sheet.column_dimensions[column].width = width
        for cell in sheet[1] if name != "README" else ():
            cell.font = Font(bold=True)
        for row in sheet.iter_rows(min_row=2 if name != "README" else 1):
            for cell in row:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        if name != "README":
            sheet.freeze_panes = "A2"
    book.properties.creator = "Embedding Space Lab"
    book.properties.title = "지어낸 특허 기록 (fictional patent records, CC BY 4.0)"
    book.properties.created = datetime.datetime(*DATE)
    saved, result = io.BytesIO(), io.BytesIO()
    book.save(saved)
    stamp = f"{datetime.datetime(*DATE).isoformat()}Z".encode()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            new.writestr(entry, content)
    return result.getvalue()


def read_queries(text: str, records: list[Record]) -> list[list]:
    """Rows (query_id, query, kind, id, grade) from rows with keys, by query, best grade first.

    Raises
    ------
    SourceError
        For an unknown key, a grade outside 0–3, two texts or kinds of one query, a document graded twice, or a query that no document answers.
    """
    number, rows, seen = ids(records), [], {}
    for line, row in enumerate(csv.DictReader(io.StringIO(unicodedata.normalize("NFC", text)), delimiter="\t", quoting=csv.QUOTE_NONE), 2):
        if list(row) != ["query_id", "query", "kind", "key", "grade"] or not all(row.values()):
            raise SourceError(f"line {line}: {row}")
        if row["key"] not in number or row["grade"] not in ("0", "1", "2", "3"):
            raise SourceError(f"line {line}: key {row['key']!r}, grade {row['grade']!r}")
        about, judged = seen.setdefault(row["query_id"], ((row["query"], row["kind"]), {}))
        if about != (row["query"], row["kind"]) or row["key"] in judged:
            raise SourceError(f"line {line}: {row['query_id']} has another text or kind, or {row['key']} twice")
        judged[row["key"]] = int(row["grade"])
    for query_id, ((query, kind), judged) in sorted(seen.items()):
        if not any(judged.values()):
            raise SourceError(f"no document answers {query_id}")
        rows += [[query_id, query, kind, number[key], grade] for key, grade in sorted(judged.items(), key=lambda item: (-item[1], number[item[0]]))]
    return rows


def readme(records: list[Record], queries: dict[str, list[list]]) -> str:
    """What lies in the files, with figures counted here."""
    words = sorted(len(record.abstract.split()) for record in records)
    characters = sorted(len(record.abstract) for record in records)
    kinds = [record.kind.split()[0] for record in records]
    lines = [
        "# Fictional Korean patent records", "",
        f"`patents.xlsx`: {len(records)} patent-style records in {len(FIELDS)} fields, written one by one for this project to teach document search.",
        "**All of it is invented**: no invention, applicant or figure is real, and every applicant's name ends in `(가상)` (fictional).",
        "Licence: **CC BY 4.0**.", "",
        "| sheet | columns |", "|---|---|",
        "| `patents` (first) | `id` (P001 …), `title`, `abstract`, `field` (a code as in the International Patent Classification, and its Korean "
        "name here), `year`, `applicant` |",
        f"| `kinds` | `id`, `kind` (basic {kinds.count('basic')}, duplicate {kinds.count('duplicate')}, trap {kinds.count('trap')}), `of`, `reason`: "
        "a key to the exercises, not for searching |",
        "| `README` | the notice, in Korean |", "",
        f"Abstracts: {words[0]} to {words[-1]} words between white space (median {words[len(words) // 2]}), {characters[0]} to {characters[-1]}",
        f"characters (median {characters[len(characters) // 2]}). A *duplicate* files the invention of another record again in other words, other",
        "order and other figures (자동차 → 차량, 배터리 → 축전지): hard for keyword search. A *trap* is full of another field's words",
        "(뿌리, 씨앗, 셀, 발효, 신경망 …) but is about something else.", "",
    ]  # fmt: skip
    for source, rows in queries.items():
        kinds_of = {row[0]: row[2] for row in rows}
        listed = ", ".join(f"{kind} {list(kinds_of.values()).count(kind)}" for kind in sorted(set(kinds_of.values())))
        use = "Never train or tune on them." if source == "queries.tsv" else "For training; none of them is a query of the other file."
        lines += [f"`{QUERIES[source].name}`: {len(kinds_of)} queries ({listed}), {sum(row[4] > 0 for row in rows)} graded documents;",
                  "columns `query_id`, `query`, `kind`, `id`, `grade` (3 best). A document that is not listed for a query counts as 0.", use, ""]
    lines += ["`python -m instructor.patents` writes these files from the texts in `instructor/patents/`, the same bytes every time.", ""]
    return "\n".join(lines)


def build() -> dict[Path, bytes]:
    """The files and their content."""
    records = read_sources()
    queries = {name: read_queries((SOURCES / name).read_text(encoding="utf-8"), records) for name in QUERIES}
    if shared := {row[1] for row in queries["queries.tsv"]} & {row[1] for row in queries["training_queries.tsv"]}:
        raise SourceError(f"queries for training and for testing: {sorted(shared)}")
    files = {WORKBOOK: workbook(records), README: readme(records, queries).encode()}
    for name, rows in queries.items():
        lines = ["\t".join(map(str, row)) for row in [["query_id", "query", "kind", "id", "grade"], *rows]]
        files[QUERIES[name]] = ("\n".join(lines) + "\n").encode()
    return files


def main() -> int:
    for path, content in build().items():
        path.write_bytes(content)
        print(f"{path.relative_to(ROOT)}: {len(content):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
