"""Reading documents, keyword scores, rankings: against formulas written out here, and every kind of wrong file."""

import io
import math
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_utils import evaluation, retrieval
from lab_utils.datasets import DataError
from lab_utils.retrieval import read_documents

ROOT = Path(__file__).resolve().parent.parent
TABLE = pd.DataFrame({"title": ["전기차", "로봇 팔"], "abstract": ["차량을 충전한다.", "물체를 집는다."], "year": [2020, 2021]})
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def saved(folder, frame=TABLE, name="patents.xlsx", **sheets):
    path = folder / name
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        for sheet, content in ({"Sheet1": frame} | sheets).items():
            content.to_excel(writer, sheet_name=sheet, index=False)
    return path


def refused(path, *, sheet=0, columns=("title", "abstract")):
    """The message, which must have its three parts in Korean."""
    with pytest.raises(DataError) as caught:
        read_documents(path, columns, sheet)
    message = str(caught.value)
    assert message.startswith(path.name) and "\n  원인: " in message and "\n  해결: " in message
    return message


# ── documents ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_right_file_is_read_as_pandas_reads_it(tmp_path):
    path = saved(tmp_path, 설명=pd.DataFrame({"a": ["b"]}))
    pd.testing.assert_frame_equal(read_documents(path), pd.read_excel(path))
    assert read_documents(path, ["a"], "설명")["a"].tolist() == ["b"] and read_documents(str(path), ["a"], 1).shape == (1, 1)


def test_no_file(tmp_path):
    saved(tmp_path, name="patent.xlsx")
    assert "patent.xlsx" in refused(tmp_path / "patents.xlsx").split("원인", 1)[1]
    assert "폴더에는 엑셀 파일이 없습니다" in refused(tmp_path / "없음" / "patents.xlsx")
    (tmp_path / "folder.xlsx").mkdir()
    assert "폴더입니다" in refused(tmp_path / "folder.xlsx")


BYTES = {
    "old xls": (OLE + b"\0" * 512 + "Workbook".encode("utf-16-le"), ".xls"),
    "password": (OLE + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"), "암호로 보호"),
    "hwp": (OLE + b"\0" * 512 + "\x05HwpSummaryInformation".encode("utf-16-le"), "한글(hwp)"),
    "csv": (TABLE.to_csv(index=False).encode(), "pd.read_csv(경로)"),
    "csv with a mark": (TABLE.to_csv(index=False).encode("utf-8-sig"), "pd.read_csv(경로)"),
    "csv of Excel in Korea": (TABLE.to_csv(index=False).encode("cp949"), 'encoding="cp949"'),
    "tab": (TABLE.to_csv(index=False, sep="\t").encode(), 'sep="\\t"'),
    "tab of Excel": (TABLE.to_csv(index=False, sep="\t").encode("utf-16"), 'encoding="utf-16"'),
    "web page": ("\n<!DOCTYPE html><html><body>로그인하세요</body></html>".encode(), "HTML"),
    "empty": (b"", "크기가 0"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "형식이 아닙니다"),
}


@pytest.mark.parametrize("kind", BYTES)
def test_another_format_under_the_name(tmp_path, kind):
    path = tmp_path / "patents.xlsx"
    content, said = BYTES[kind]
    path.write_bytes(content)
    assert said in refused(path)


def archive(names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        for name in names:
            zipped.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(("entry", "said"), [("word/document.xml", "워드"), ("ppt/presentation.xml", "파워포인트"), ("xl/workbook.bin", ".xlsb"),
                                             ("content.xml", ".ods"), ("Contents/header.xml", "hwpx"), ("사진.png", "압축 파일")])
def test_another_archive_under_the_name(tmp_path, entry, said):
    path = tmp_path / "patents.xlsx"
    path.write_bytes(archive(["[Content_Types].xml", entry]))
    assert said in refused(path)


def test_damaged(tmp_path):
    path = saved(tmp_path, pd.concat([TABLE] * 200))
    whole = path.read_bytes()
    for length in (len(whole) // 2, len(whole) - 30, 10):
        path.write_bytes(whole[:length])
        assert "손상" in refused(path)
    with zipfile.ZipFile(io.BytesIO(whole)) as zipped:
        entry = max(zipped.infolist(), key=lambda e: e.compress_size)
    start = entry.header_offset + 60
    path.write_bytes(whole[:start] + bytes(b ^ 0xFF for b in whole[start:start + 20]) + whole[start + 20:])
    assert "손상" in refused(path)


def test_locked_archive(tmp_path):
    path = saved(tmp_path)
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\1\2")
    content[place + 8] |= 1
    path.write_bytes(bytes(content))
    assert "암호" in refused(path)


def test_workbook_that_openpyxl_cannot_read(tmp_path):
    path = tmp_path / "patents.xlsx"
    path.write_bytes(archive(["[Content_Types].xml", "xl/workbook.xml"]))
    assert "해석하지 못했습니다" in refused(path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not stop this user")
def test_no_permission(tmp_path):
    path = saved(tmp_path)
    path.chmod(0)
    assert "엑셀에서 파일을 닫고" in refused(path)


def test_open_elsewhere(tmp_path, monkeypatch):
    path = saved(tmp_path)

    def locked(self):
        raise PermissionError(13, "used by another process")

    monkeypatch.setattr(Path, "read_bytes", locked)
    assert "엑셀에서 파일을 닫고" in refused(path)


def test_missing_columns(tmp_path):
    message = refused(saved(tmp_path, TABLE.rename(columns={"abstract": "Abstract "})))
    assert "abstract 열이 없습니다" in message and "title, Abstract , year" in message and "'Abstract ' → 'abstract'" in message
    message = refused(saved(tmp_path, TABLE.rename(columns={"abstract": "요약"})))
    assert "title, 요약, year" in message and "첫 줄이 열 이름인지" in message
    assert "sheet='자료'" in refused(saved(tmp_path, pd.DataFrame({"메모": ["x"]}), 자료=TABLE))
    assert "시트 '없음'" in refused(saved(tmp_path), sheet="없음") and "시트 5" in refused(saved(tmp_path), sheet=5)
    assert "한 줄도 없습니다" in refused(saved(tmp_path, TABLE.iloc[:0]))


def test_empty_and_wrong_cells(tmp_path):
    frame = pd.concat([TABLE] * 5, ignore_index=True).astype({"abstract": object})
    frame.loc[[1, 4], "abstract"] = [None, "  "]
    message = refused(saved(tmp_path, frame))
    assert "'abstract' 열의 칸이 비어 있습니다: 엑셀의 3, 6번째 줄." in message and "dropna" in message
    frame["abstract"] = None
    assert "2, 3, 4, 5, 6 … (모두 10줄)" in refused(saved(tmp_path, frame))
    frame["abstract"] = ["글"] * 9 + [3.5]
    message = refused(saved(tmp_path, frame))
    assert "수나 날짜" in message and "11번째 줄" in message and "astype(str)" in message
    assert len(read_documents(saved(tmp_path, frame), ["title"])) == 10


# ── keyword scores ───────────────────────────────────────────────────────────────────────────────────────────────────────────

TOKENS = st.lists(st.sampled_from("가나다라마바사"), min_size=0, max_size=8)
CORPUS = st.lists(TOKENS.filter(bool), min_size=2, max_size=6)


@settings(max_examples=30, deadline=None)
@given(CORPUS, st.lists(st.lists(st.sampled_from("가나다라마바사없"), max_size=4), min_size=1, max_size=3), st.floats(0.5, 2), st.floats(0, 1))
def test_bm25_is_the_formula(documents, queries, k1, b):
    found = retrieval.bm25_scores(queries, documents, k1, b)
    mean = sum(map(len, documents)) / len(documents)
    for q, query in enumerate(queries):
        for d, document in enumerate(documents):
            wanted = 0.0
            for token in query:
                df = sum(token in other for other in documents)
                if df:
                    tf = document.count(token)
                    wanted += math.log(1 + (len(documents) - df + 0.5) / (df + 0.5)) * tf / (tf + k1 * (1 - b + b * len(document) / mean))
            assert math.isclose(found[q, d], wanted, rel_tol=1e-6, abs_tol=1e-9)


@settings(max_examples=30, deadline=None)
@given(CORPUS, st.lists(TOKENS, min_size=1, max_size=3))
def test_tfidf_is_the_formula(documents, queries):
    def vector(tokens):
        weights = {}
        for token in set(tokens):
            df = sum(token in other for other in documents)
            if df:
                weights[token] = tokens.count(token) * (math.log((1 + len(documents)) / (1 + df)) + 1)
        length = math.sqrt(sum(w * w for w in weights.values()))
        return {token: w / length for token, w in weights.items()}

    found = retrieval.tfidf_scores(queries, documents)
    for q, query in enumerate(queries):
        for d, document in enumerate(documents):
            a, b = vector(query), vector(document)
            assert math.isclose(found[q, d], sum(w * b.get(token, 0) for token, w in a.items()), abs_tol=1e-9)


def test_tokens_are_demanded():
    with pytest.raises(TypeError, match="토큰의 목록"):
        retrieval.bm25_scores(["자동차"], [["자동차"]])
    with pytest.raises(TypeError, match="documents"):
        retrieval.tfidf_scores([["자동차"]], ["자동차"])
    with pytest.raises(ValueError, match="하나도 없습니다"):
        retrieval.bm25_scores([["자동차"]], [[], []])


def test_korean_tokens():
    a, b, other = retrieval.character_ngrams(["자동차는 빠르다", "자동차를 샀다", "감자를 캤다"])
    assert " 자" in a and "자동차" in a and "다" not in a
    assert len(set(a) & set(b)) > len(set(a) & set(other))
    [tokens] = retrieval.content_morphemes(["차량이 빠르게 충전된다."], progress=False)
    assert {"차량", "충전", "빠르다"} <= set(tokens) and not {"이", "."} & set(tokens)


def test_bm25s_does_not_start_jax(tmp_path):
    (tmp_path / "jax").mkdir()
    (tmp_path / "jax" / "__init__.py").write_text("raise SystemExit('jax was imported')")
    code = ("import sys; from lab_utils import retrieval; found = retrieval.bm25_scores([['가']], [['가'], ['나']]); "
            "print(found.shape, 'jax' in sys.modules)")
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False,
                            env=os.environ | {"PYTHONPATH": str(tmp_path)})
    assert result.stdout.strip() == "(1, 2) False" and result.returncode == 0, result.stderr


# ── rankings ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), min_size=2, max_size=4), st.integers(0, 80))
def test_rank_fusion_is_the_formula(rows, k):
    found = retrieval.rank_fusion(*[[row] for row in rows], k=k)[0]
    for d in range(5):
        wanted = 0.0
        for row in rows:
            above, equal = sum(v > row[d] for v in row), sum(v == row[d] for v in row)
            wanted += 1 / (k + above + (equal + 1) / 2)
        assert math.isclose(found[d], wanted)


def test_rank_fusion_sees_orders_only():
    a, b = np.random.default_rng(0).random((2, 3, 20))
    assert np.allclose(retrieval.rank_fusion(a, b), retrieval.rank_fusion(np.exp(5 * a), b - 7))
    with pytest.raises(ValueError, match="모양"):
        retrieval.rank_fusion(a, b[:, :5])


JUDGED = pd.DataFrame({"query_id": ["Q1", "Q1", "Q2"], "id": ["P2", "P1", "P3"], "grade": [3, 1, 2]})


def test_relevance():
    assert retrieval.relevance(JUDGED, ["Q2", "Q1"], ["P1", "P2", "P3"]).tolist() == [[0, 0, 2], [1, 3, 0]]
    assert retrieval.relevance(JUDGED, ["Q2"], ["P3", "P4"]).tolist() == [[2, 0]]
    with pytest.raises(ValueError, match="P1, P2"):
        retrieval.relevance(JUDGED, ["Q1"], ["P3"])
    with pytest.raises(ValueError, match="두 번"):
        retrieval.relevance(pd.concat([JUDGED, JUDGED]), ["Q1"], ["P1", "P2", "P3"])


def test_compare_methods():
    rng = np.random.default_rng(0)
    relevant = (rng.random((40, 30)) < 0.1) * rng.integers(1, 4, (40, 30))
    relevant[np.arange(40), rng.integers(0, 30, 40)] = 3
    noise = rng.random((40, 30))
    table = retrieval.compare_methods({"나쁨": noise, "좋음": noise + 0.2 * relevant, "같음": noise}, relevant, "나쁨", n=500)
    for name, scores in (("나쁨", noise), ("좋음", noise + 0.2 * relevant)):
        each = evaluation.retrieval_metrics(scores, relevant)["ndcg"].to_numpy()
        assert np.array_equal(table.loc[name, "each"], each) and table.loc[name, "mean"] == each.mean()
        assert table.loc[name, "low"] < each.mean() < table.loc[name, "high"]
    gap = table.loc["좋음", "each"] - table.loc["나쁨", "each"]
    assert math.isclose(table.loc["좋음", "difference"], gap.mean()) and table.loc["좋음", "difference_low"] > 0
    assert 2 * 1.96 * gap.std() / math.sqrt(40) == pytest.approx(table.loc["좋음", "difference_high"] - table.loc["좋음", "difference_low"], rel=0.2)
    assert (table.loc["같음", ["difference", "difference_low", "difference_high"]] == 0).all() and np.isnan(table.loc["나쁨", "difference"])
    recall = retrieval.compare_methods({"좋음": noise + 0.2 * relevant}, relevant, "좋음", metric="recall", k=30, n=10)
    assert recall.loc["좋음", "mean"] == 1
    with pytest.raises(ValueError, match="기준"):
        retrieval.compare_methods({"좋음": noise}, relevant, "없음")


# ── long documents ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def letters(words, add_special_tokens):
    """A tokenizer that takes each character for a token."""
    assert not add_special_tokens
    return {"input_ids": [list(map(ord, word)) for word in words]}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text("가나다라", min_size=1, max_size=6), max_size=30), min_size=1, max_size=3), st.integers(1, 20), st.floats(0, 0.9))
def test_windows_cover_every_word_in_order(texts, size, overlap):
    numbered = [[f"{word}{n}x" for n, word in enumerate(words)] for words in texts]      # all words of a text differ
    pieces, owner = retrieval.windows([" ".join(words) for words in numbered], letters, size, overlap)
    assert sorted(owner) == list(owner) and set(owner) == set(range(len(texts)))
    for number, words in enumerate(numbered):
        mine = [piece.split() for piece, of in zip(pieces, owner, strict=True) if of == number]
        if not words:
            assert mine == [[]]
            continue
        places = [[words.index(word) for word in piece] for piece in mine]
        assert places[0][0] == 0 and places[-1][-1] == len(words) - 1
        for piece, place in zip(mine, places, strict=True):
            assert place == list(range(place[0], place[-1] + 1))
            assert sum(map(len, piece)) <= size or len(piece) == 1
        for before, after in zip(places, places[1:], strict=False):
            assert before[0] < after[0] <= before[-1] + 1 and after[-1] > before[-1]
            shared = sum(len(words[i]) for i in before if i >= after[0])
            assert shared <= overlap * size
            assert after[-1] == len(words) - 1 or sum(map(len, words[after[0]:after[-1] + 2])) > size, "a piece could have held more"


def test_windows_overlap_as_asked():
    pieces, owner = retrieval.windows(["가 나 다 라 마 바 사 아", "가"], letters, 4, 0.5)
    assert pieces == ["가 나 다 라", "다 라 마 바", "마 바 사 아", "가"] and owner.tolist() == [0, 0, 0, 1]
    assert retrieval.windows(["가 나 다 라 마"], letters, 4, 0)[0] == ["가 나 다 라", "마"]
    for size, overlap in ((0, 0.5), (4, 1.0), (4, -0.1)):
        with pytest.raises(ValueError, match="size"):
            retrieval.windows(["가"], letters, size, overlap)
