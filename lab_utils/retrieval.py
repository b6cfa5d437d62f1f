"""Find documents: read them from a table, score them by keywords, mix rankings, compare methods over the same queries."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .datasets import DataError

if TYPE_CHECKING:
    import pandas as pd

# ── documents from an Excel file ─────────────────────────────────────────────────────────────────────────────────────────────


def read_documents(path, columns: Sequence[str] = ("title", "abstract"), sheet: str | int = 0) -> "pd.DataFrame":
    """The table that ``pd.read_excel(path)`` gives, or an error that says in Korean what is wrong with the file.

    Parameters
    ----------
    path : str or Path
        An Excel workbook (.xlsx).
    columns : sequence of str
        Columns that must be there, with text in every row.
    sheet : str or int
        Name of the sheet, or its position from 0.

    Returns
    -------
    pandas.DataFrame
        Unchanged: all columns, all rows, numbered from 0.

    Raises
    ------
    DataError
        No file; an old .xls, a document of another program, a text or a web page under the name of a workbook; a file that is
        encrypted, damaged or open in Excel; a column that is missing; an empty cell or a number where text belongs.
    """
    import warnings

    import pandas as pd

    path = Path(path)
    _require_workbook(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # openpyxl's, on styles and validation rules
            book = pd.read_excel(path, sheet_name=None, engine="openpyxl")
    except Exception as error:  # what openpyxl raises for odd contents is not documented
        raise _unreadable(path, f"엑셀 파일이지만 내용을 해석하지 못했습니다({type(error).__name__}: {error}).",
                          "엑셀에서 열어 '다른 이름으로 저장 → Excel 통합 문서(*.xlsx)'로 다시 저장하세요.") from error
    names = list(book)
    if (isinstance(sheet, str) and sheet not in names) or (isinstance(sheet, int) and not -len(names) <= sheet < len(names)):
        raise _unreadable(path, f"시트 {sheet!r}이(가) 없습니다. 있는 시트: {', '.join(names)}.", "sheet에 있는 시트의 이름을 적어 주세요.")
    frame = book[sheet if isinstance(sheet, str) else names[sheet]]
    _require_columns(path, frame, columns, book)
    for column in columns:
        _require_text(path, frame, column)
    return frame


def _unreadable(path: Path, cause: str, way_out: str) -> DataError:
    return DataError(f"{path.name} 파일을 읽지 못했습니다.\n  원인: {cause}\n  해결: {way_out}")


def _require_workbook(path: Path) -> None:
    """Raise unless the bytes are those of an .xlsx file, whatever its name says."""
    import zipfile
    import zlib

    again = "엑셀에서 열어 '다른 이름으로 저장 → Excel 통합 문서(*.xlsx)'를 고르세요."
    if path.is_dir():
        raise _unreadable(path, "파일이 아니라 폴더입니다.", "폴더 안의 엑셀 파일 이름까지 적어 주세요.")
    if not path.exists():
        there = sorted(file.name for file in path.parent.glob("*.xls*")) if path.parent.is_dir() else []
        nearby = f"그 폴더의 엑셀 파일: {', '.join(there[:5])}." if there else f"'{path.parent.resolve()}' 폴더에는 엑셀 파일이 없습니다."
        raise _unreadable(path, f"그런 파일이 없습니다. {nearby}", "철자와 폴더를 확인하세요. Colab이라면 왼쪽의 파일 창에 먼저 올려야 합니다.")
    try:
        content = path.read_bytes()
    except PermissionError as error:
        raise _unreadable(path, "다른 프로그램이 이 파일을 쓰고 있거나 읽을 권한이 없습니다.", "엑셀에서 파일을 닫고 다시 실행하세요.") from error
    if not content:
        raise _unreadable(path, "크기가 0인 빈 파일입니다.", "파일을 다시 받으세요.")
    if content.startswith(bytes.fromhex("d0cf11e0a1b11ae1")):  # compound file of Microsoft: its entries are named in UTF-16
        def holds(entry):
            return entry.encode("utf-16-le") in content

        if holds("EncryptedPackage"):
            raise _unreadable(path, "암호로 보호된 파일입니다.",
                              "엑셀에서 암호를 넣어 연 뒤 '파일 → 정보 → 통합 문서 보호'에서 암호를 지우고 저장하세요.")
        if holds("HwpSummaryInformation"):
            raise _unreadable(path, "엑셀이 아니라 한글(hwp) 문서입니다.", "표를 복사해 엑셀에 붙여 넣고 .xlsx로 저장하세요.")
        raise _unreadable(path, "옛 형식(.xls)이거나 다른 오피스 문서입니다. 이름을 .xlsx로 바꾸어도 형식은 바뀌지 않습니다.", again)
    if not content.startswith(b"PK"):
        raise _unreadable(path, *_what_text(content, again))
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            locked = any(entry.flag_bits & 1 for entry in archive.infolist())
            damaged = None if locked else archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise _unreadable(path, f"파일이 손상되었거나 끝까지 받아지지 않았습니다({error}).",
                          "파일을 다시 받거나 원본에서 다시 저장하세요.") from error
    if locked:
        raise _unreadable(path, "암호가 걸린 압축 파일입니다.", "압축을 푼 뒤 그 안의 엑셀 파일을 쓰세요.")
    if damaged:
        raise _unreadable(path, f"파일의 일부({damaged})가 손상되었습니다.", "파일을 다시 받거나 원본에서 다시 저장하세요.")
    if "xl/workbook.xml" not in names:
        kinds = {"xl/workbook.bin": "이진 형식(.xlsb)의 엑셀 문서", "word/document.xml": "워드 문서(.docx)", "content.xml": "오픈도큐먼트(.ods) 문서",
                 "ppt/presentation.xml": "파워포인트 문서(.pptx)", "Contents/header.xml": "한글(hwpx) 문서"}
        kind = next((said for entry, said in kinds.items() if entry in names), "압축 파일")
        raise _unreadable(path, f".xlsx가 아니라 {kind}입니다.", again)


def _what_text(content: bytes, again: str) -> tuple[str, str]:
    """Cause and way out for a file that is neither a zip archive nor a compound file."""
    for encoding in ("utf-8-sig", "cp949", "utf-16"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            continue
        if text.lstrip()[:200].lower().startswith(("<!doctype html", "<html", "<table")):
            return "엑셀이 아니라 웹 페이지(HTML)입니다. 내려받기 대신 로그인 화면이 저장되었을 수도 있습니다.", f"파일을 다시 받거나, {again}"
        how = "" if encoding == "utf-8-sig" else f', encoding="{encoding}"'
        separator = ', sep="\\t"' if "\t" in text.split("\n", 1)[0] else ""
        return ("엑셀이 아니라 글자로 된 표(CSV)입니다. 이름을 .xlsx로 바꾸어도 형식은 바뀌지 않습니다.",
                f"pd.read_csv(경로{separator}{how})로 읽거나, {again}")
    return "엑셀 파일의 형식이 아닙니다.", f"파일을 다시 받거나, {again}"


def _require_columns(path: Path, frame, columns: Sequence[str], book: dict) -> None:
    from difflib import get_close_matches

    missing = [column for column in columns if column not in frame.columns]
    if missing:
        there = [str(column) for column in frame.columns]
        elsewhere = [name for name, other in book.items() if all(column in other.columns for column in columns)]
        plain = {name.strip().casefold(): name for name in there}
        close = [f"{plain[found]!r} → {column!r}" for column in missing
                 for found in get_close_matches(column.strip().casefold(), plain, n=1, cutoff=0.75)]
        way_out = "엑셀에서 첫 줄이 열 이름인지, 철자가 같은지 확인하세요."
        if close:
            way_out = f"엑셀에서 첫 줄의 이름을 고치세요. 비슷한 열이 있습니다: {', '.join(close)}."
        if elsewhere:
            way_out = f"그 열들은 다른 시트에 있습니다: sheet={elsewhere[0]!r}를 적어 주세요."
        raise _unreadable(path, f"{', '.join(missing)} 열이 없습니다. 있는 열: {', '.join(there) or '없음'}.", way_out)
    if frame.empty:
        raise _unreadable(path, "열 이름만 있고 자료가 한 줄도 없습니다.", "다른 시트에 자료가 있는지 확인하세요.")


def _require_text(path: Path, frame, column: str) -> None:
    cells = frame[column]
    empty = cells.isna() | cells.map(lambda cell: isinstance(cell, str) and not cell.strip())
    wrong, what = (empty, "비어 있습니다") if empty.any() else (~cells.map(lambda cell: isinstance(cell, str)), "글이 아니라 수나 날짜입니다")
    if wrong.any():
        rows = [str(number + 2) for number in np.flatnonzero(wrong)]  # Excel counts from 1, and the first row holds the names
        listed = ", ".join(rows[:5]) + (f" … (모두 {len(rows)}줄)" if len(rows) > 5 else "")
        way_out = f"엑셀에서 그 칸을 채우거나 그 줄을 지우고, 또는 df.dropna(subset=[{column!r}]).reset_index(drop=True)로 빼세요."
        if what.startswith("글이"):
            way_out = f"열이 밀리지 않았는지 확인하고, 글이 맞다면 df[{column!r}] = df[{column!r}].astype(str)로 바꾸세요."
        raise _unreadable(path, f"'{column}' 열의 칸이 {what}: 엑셀의 {listed}번째 줄.", way_out)


# ── scores by keywords ───────────────────────────────────────────────────────────────────────────────────────────────────────


def character_ngrams(texts: Iterable[str], low: int = 2, high: int = 3) -> list[list[str]]:
    """Runs of ``low`` to ``high`` characters inside each word, which is padded with a space on both sides (scikit-learn's "char_wb").

    A crude but sturdy way to cut Korean: "자동차는" and "자동차를" share all but their particle.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    cut = CountVectorizer(analyzer="char_wb", ngram_range=(low, high), lowercase=True).build_analyzer()
    return [cut(text) for text in texts]


def content_morphemes(texts: Iterable[str], *, progress: bool = True) -> list[list[str]]:
    """Nouns, roots, verbs, adjectives and foreign words of each text (kiwipiepy): particles and endings are gone."""
    from .tokenization import morphemes

    return morphemes(list(texts), keep=("NN", "XR", "VV", "VA", "SL", "SH"), progress=progress)


def tfidf_scores(queries: list[list[str]], documents: list[list[str]]) -> np.ndarray:
    """Cosine of the TF-IDF vectors (scikit-learn; idf from the documents).

    Parameters
    ----------
    queries, documents : list of list of str
        Tokens.

    Returns
    -------
    (Q, D) float
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    _require_tokens(queries, documents)
    vectorizer = TfidfVectorizer(analyzer=list)
    vectors = vectorizer.fit_transform(documents)                         # (D, V), rows of unit length
    return np.asarray((vectorizer.transform(queries) @ vectors.T).toarray())


def bm25_scores(queries: list[list[str]], documents: list[list[str]], k1: float = 1.5, b: float = 0.75) -> np.ndarray:
    """BM25 in Lucene's form, by the library bm25s: Σ idf · tf / (tf + k1 (1 − b + b · length / mean length)).

    Parameters
    ----------
    queries, documents : list of list of str
        Tokens; one that stands twice in a query counts twice.

    Returns
    -------
    (Q, D) float
        0 where query and document share no token.

    References
    ----------
    Robertson & Zaragoza (2009), "The probabilistic relevance framework". Lù (2024), "BM25S".
    """
    _require_tokens(queries, documents)
    index = _bm25s().BM25(k1=k1, b=b, method="lucene", dtype="float64")
    index.index(documents, show_progress=False)
    known = [[token for token in query if token in index.vocab_dict] for query in queries]
    return np.array([index.get_scores(query) if query else np.zeros(len(documents)) for query in known])


def _bm25s():
    """The library, imported without jax: where that is installed (Colab), bm25s would start it and take most of the GPU's memory."""
    import sys

    if "bm25s" in sys.modules or "jax" in sys.modules:
        import bm25s
    else:
        sys.modules["jax"] = None
        try:
            import bm25s
        finally:
            del sys.modules["jax"]
    return bm25s


def _require_tokens(queries, documents) -> None:
    for name, texts in (("queries", queries), ("documents", documents)):
        if not len(texts) or any(isinstance(text, str) for text in texts):
            raise TypeError(f"{name}에는 글마다 토큰의 목록이 필요합니다: [['자동차', '배터리'], …].\n"
                            "  해결: content_morphemes나 character_ngrams로 나누어 주세요.")
    if not any(documents):
        raise ValueError("문서에 토큰이 하나도 없습니다. 글이 비어 있지 않은지, 토큰을 모두 버리지 않았는지 확인하세요.")


# ── rankings ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def rank_fusion(*scores, k: int = 60) -> np.ndarray:
    """Reciprocal rank fusion: Σ 1 / (k + rank) over several (Q, D) score matrices; only the orders count, not the scores.

    Equal scores share their mean rank.

    References
    ----------
    Cormack, Clarke & Büttcher (2009), "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods".
    """
    from scipy.stats import rankdata

    shapes = {np.shape(matrix) for matrix in scores}
    if len(shapes) != 1 or len(next(iter(shapes))) != 2:
        raise ValueError(f"점수 행렬은 모두 (질의, 문서) 모양이 같아야 합니다: {sorted(shapes)}.")
    return sum(1 / (k + rankdata(-np.asarray(matrix, float), axis=1)) for matrix in scores)


def relevance(judgements, queries: Sequence[str], documents: Sequence[str]) -> np.ndarray:
    """A long table of grades as a matrix.

    Parameters
    ----------
    judgements : pandas.DataFrame
        Columns query_id, id, grade.
    queries, documents : sequence of str
        The query_ids and ids, in the order of the rows and columns wanted.

    Returns
    -------
    (Q, D) float
        0 where the table says nothing.

    Raises
    ------
    ValueError
        If the table has a document that is not in ``documents``, or grades one twice.
    """
    row, column = ({name: number for number, name in enumerate(names)} for names in (queries, documents))
    matrix = np.zeros((len(row), len(column)))
    asked = judgements[judgements["query_id"].isin(row)]
    if unknown := sorted(set(asked["id"]) - set(column)):
        raise ValueError(f"정답표의 문서 {', '.join(unknown[:5])}이(가) 문서 목록에 없습니다. 자료를 거르기 전의 id를 쓰고 있지 않은지 확인하세요.")
    if asked.duplicated(["query_id", "id"]).any():
        raise ValueError("정답표에 같은 질의와 문서가 두 번 있습니다.")
    matrix[asked["query_id"].map(row), asked["id"].map(column)] = asked["grade"]
    return matrix


def compare_methods(scores: dict, relevant, baseline: str, metric: str = "ndcg", k: int = 10, n: int = 2000) -> "pd.DataFrame":
    """Each method's mean over the queries and its difference from a baseline, both with 95 % bootstrap intervals.

    The same queries are drawn for both methods: what makes a query hard for either cancels in the difference.

    Parameters
    ----------
    scores : dict of str to (Q, D) array
        Method → scores of the documents.
    relevant : (Q, D) array
        Grades.
    baseline : str
        One of the methods.
    metric : str
        A column of `evaluation.retrieval_metrics`: ndcg, recall, reciprocal_rank, …
    k : int
        How far down the ranking counts.
    n : int
        Bootstrap draws.

    Returns
    -------
    pandas.DataFrame
        Index method; columns mean, low, high, difference, difference_low, difference_high (NaN for the baseline), and each: the
        values of the queries.
    """
    import pandas as pd

    from .evaluation import bootstrap_interval, retrieval_metrics

    if baseline not in scores:
        raise ValueError(f"기준 {baseline!r}이(가) 방법 {', '.join(scores)} 가운데 없습니다.")
    each = {name: retrieval_metrics(matrix, relevant, k=k)[metric].to_numpy() for name, matrix in scores.items()}
    rows = []
    for name, values in each.items():
        low, high = bootstrap_interval(np.mean, values, n=n)
        row = {"method": name, "mean": values.mean(), "low": low, "high": high}
        gap = values - each[baseline]
        below, above = bootstrap_interval(np.mean, gap, n=n) if name != baseline else (np.nan, np.nan)
        rows.append(row | {"difference": gap.mean() if name != baseline else np.nan, "difference_low": below, "difference_high": above,
                           "each": values})
    return pd.DataFrame(rows).set_index("method")


# ── long documents ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def windows(texts: Sequence[str], tokenizer, size: int, overlap: float = 0.25) -> tuple[list[str], np.ndarray]:
    """Cut each text, between words, into pieces that an encoder can read whole.

    Parameters
    ----------
    texts : sequence of str
    tokenizer : transformers tokenizer
        Counts the tokens of each word.
    size : int
        Tokens in a piece, without [CLS] and [SEP]. A single word with more stands alone.
    overlap : float
        Share of a piece that the next one repeats at most, so that what is cut in two stands whole in one of them; 0 ≤ overlap < 1.

    Returns
    -------
    pieces : list of str
    owner : (len(pieces),) int
        Number of the text that each piece comes from. Each text, even an empty one, has at least one.
    """
    if size < 1 or not 0 <= overlap < 1:
        raise ValueError(f"size는 1 이상, overlap은 0 이상 1 미만이어야 합니다: {size}, {overlap}.")
    split = [text.split() for text in texts]
    different = sorted({word for words in split for word in words})
    tokens = tokenizer(different, add_special_tokens=False)["input_ids"] if different else []
    cost = {word: len(found) for word, found in zip(different, tokens, strict=True)}
    pieces, owner = [], []
    for number, words in enumerate(split):
        place = np.concatenate([[0], np.cumsum([cost[word] for word in words])]).astype(int)  # tokens before each word
        start = 0
        while True:
            end = max(start + 1, int(np.searchsorted(place, place[start] + size, side="right")) - 1)
            pieces.append(" ".join(words[start:end]))
            owner.append(number)
            if end >= len(words):
                break
            repeated = int(np.searchsorted(place, place[end] - overlap * size))
            fits = int(np.searchsorted(place, place[end + 1] - size))          # from here on the next word fits in, too
            start = min(max(repeated, fits, start + 1), end)
    return pieces, np.array(owner)
