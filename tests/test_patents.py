"""The patent records: sources in order, the same bytes every time, and the committed files are what they build."""

import io
import re
import zipfile

import pytest

from instructor import patents
from lab_utils import datasets

RECORDS = patents.read_sources()


def test_sources_are_many_varied_and_marked_as_fictional():
    assert len(RECORDS) >= 120 and len({record.code for record in RECORDS}) >= 8
    assert all(record.applicant.endswith("(가상)") for record in RECORDS)
    kinds = [record.kind.split()[0] for record in RECORDS]
    assert kinds.count("duplicate") >= 12 and kinds.count("trap") >= 12
    sentences = [s for record in RECORDS for s in re.split(r"(?<=다\.)\s", record.abstract)]
    assert len(set(sentences)) == len(sentences), "a sentence stands twice"
    assert sum(record.abstract.startswith("본 발명은") for record in RECORDS) < 0.3 * len(RECORDS)


def test_order_mixes_the_fields():
    runs = 1 + sum(a.code != b.code for a, b in zip(RECORDS, RECORDS[1:], strict=False))
    assert runs > 0.8 * len(RECORDS)
    assert list(patents.ids(RECORDS).values())[:2] == ["P001", "P002"]


def test_committed_files_are_what_the_sources_build():
    for path, content in patents.build().items():
        if path.suffix == ".xlsx":  # another zlib may pack differently: compare what is packed
            with zipfile.ZipFile(path) as committed, zipfile.ZipFile(io.BytesIO(content)) as built:
                assert committed.namelist() == built.namelist()
                assert all(committed.read(name) == built.read(name) for name in built.namelist()), "run `python -m instructor.patents`"
        else:
            assert path.read_bytes() == content, "run `python -m instructor.patents`"


def test_workbook_has_the_same_bytes_at_any_time(monkeypatch):
    first = patents.workbook(RECORDS)

    class Later(patents.datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2040, 1, 2, 3, 4, 5, tzinfo=tz)

    monkeypatch.setattr("openpyxl.writer.excel.datetime.datetime", Later)
    monkeypatch.setattr("time.localtime", lambda *_: (2040, 1, 2, 3, 4, 5, 0, 2, 0))
    assert patents.workbook(RECORDS) == first


def test_table_holds_the_sources():
    frame = datasets.load("patents")
    assert list(frame.columns) == ["id", "title", "abstract", "field", "year", "applicant"]
    assert frame["abstract"].tolist() == [record.abstract for record in RECORDS]
    assert frame["field"].str.fullmatch(r"[A-Z]\d\d[A-Z] \S.*").all() and frame["field"].nunique() == len(patents.FIELDS)
    assert frame["id"].is_unique and frame["year"].between(2010, 2026).all()
    import pandas as pd

    kinds = pd.read_excel(patents.WORKBOOK, sheet_name="kinds").set_index("id")
    number = patents.ids(RECORDS)
    for record in RECORDS:
        row = kinds.loc[number[record.key]]
        assert row["kind"] == record.kind.split()[0]
        if row["kind"] == "duplicate":
            assert row["of"] == number[record.kind.removeprefix("duplicate of ")]


GOOD = "\n\n".join(
    f"[B60L-{n:02}]\ntitle: 제목 {n}\nyear: 2020\napplicant: 가람(가상)\nkind: basic\nabstract: " + " ".join(["낱말"] * 120) for n in (1, 2))


def test_a_good_source_is_read():
    assert [record.key for record in patents.parse(GOOD, "B60L")] == ["B60L-01", "B60L-02"]


@pytest.mark.parametrize(("old", "new"), [
    ("[B60L-02]", "[B60L-03]"), ("가람(가상)", "가람"), ("year: 2020", "year: 1020"), ("kind: basic", "kind: copy"),
    ("낱말 " * 30, ""), ("title: 제목 1\n", ""), ("title: 제목 1", "title: "),
])
def test_a_source_out_of_order_is_refused(old, new):
    assert old in GOOD
    with pytest.raises(patents.SourceError):
        patents.parse(GOOD.replace(old, new, 1), "B60L")


QUERY_FILE = "query_id\tquery\tkind\tkey\tgrade\nQ02\t차\tword\tB60L-01\t3\nQ01\t전지\tword\tH01M-01\t1\nQ01\t전지\tword\tH01M-02\t3\n"


def test_queries_get_ids_and_an_order():
    number = patents.ids(RECORDS)
    assert patents.read_queries(QUERY_FILE, RECORDS) == [
        ["Q01", "전지", "word", number["H01M-02"], 3], ["Q01", "전지", "word", number["H01M-01"], 1], ["Q02", "차", "word", number["B60L-01"], 3]]


@pytest.mark.parametrize(("old", "new"), [
    ("B60L-01", "B60L-99"), ("\t1\n", "\t4\n"), ("\t1\n", "\t\n"), ("H01M-01", "H01M-02"), ("Q01\t전지\tword\tH01M-01", "Q01\t셀\tword\tH01M-01"),
    ("B60L-01\t3", "B60L-01\t0"), ("query_id", "id"),
])
def test_queries_that_make_no_sense_are_refused(old, new):
    assert old in QUERY_FILE
    with pytest.raises(patents.SourceError):
        patents.read_queries(QUERY_FILE.replace(old, new, 1), RECORDS)


@pytest.mark.parametrize("name", ["patent-queries", "patent-training-queries"])
def test_queries_ask_for_documents_that_exist(name):
    queries = datasets.load(name)
    assert queries["query_id"].nunique() >= 30 and set(queries["id"]) <= set(datasets.load("patents")["id"])
    assert queries["grade"].between(0, 3).all() and queries.groupby("query_id")["grade"].max().gt(0).all()
    assert not queries.duplicated(["query_id", "id"]).any()


def test_no_query_for_training_is_a_query_of_the_test(monkeypatch):
    held_out, training = (datasets.load(name) for name in ("patent-queries", "patent-training-queries"))
    assert not set(held_out["query"]) & set(training["query"]) and not set(held_out["query_id"]) & set(training["query_id"])
    monkeypatch.setattr(patents, "read_queries", lambda text, records: [["Q01", "같은 질의", "keyword", "P001", 3]])
    with pytest.raises(patents.SourceError, match="같은 질의"):
        patents.build()
