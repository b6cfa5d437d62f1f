"""Every corpus of the course in one registry; each is one call away as a pandas frame.

``load(name)`` takes the files from ``LAB_DATA_DIR`` where they lie there, else from the cache, else from the
repository that publishes them, pinned to a commit and verified by git object id. What cannot be verified is used, and
a line says so.
"""

import inspect
import json
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from .checkpoint import whole_file
from .download import Damaged, download, git_blob_id, git_tree_id
from .runtime import cache_folder, data_folder, local_data_folder

if TYPE_CHECKING:
    import pandas as pd

RAW = "https://raw.githubusercontent.com"
ARCHIVE = "https://codeload.github.com"
UNVERIFIED = "⚠ 검증되지 않음:"


class DataError(ValueError):
    """A corpus cannot be read or does not exist; the message is Korean and says what to do."""


@dataclass(frozen=True)
class Dataset:
    """One corpus: where it comes from, how it is verified, under which licence, and how it becomes a frame."""

    name: str
    title: str
    licence: str
    rows: int | None  # of the whole corpus; None where the text decides
    citation: str
    loader: Callable[..., "pd.DataFrame"]
    repository: str = ""  # GitHub owner/name; "" for a corpus of this project
    commit: str = ""
    files: tuple[tuple[str, str], ...] = ()  # (path in the repository or in data/, git object id: blob, or tree if raw/)

    @property
    def source(self) -> str:
        """Address of the corpus at its pinned commit."""
        if not self.repository:
            return "이 과정에서 작성"
        return f"https://github.com/{self.repository}/tree/{self.commit}"


def load(name: str, **options) -> "pd.DataFrame":
    """The corpus as a frame, fetched first if it is not at hand.

    Parameters
    ----------
    name : str
        A key of `REGISTRY`.
    **options
        ``split="train"`` and the like (nsmc, korsts, xnli-ko); ``drop_empty=True, deduplicate=False`` (nsmc-stars);
        ``n=20000, seed=0`` (graded-reviews).

    Returns
    -------
    pandas.DataFrame
        Columns are described at each loader. Texts are never missing values: an empty text is ``""``.

    Raises
    ------
    DataError
        Unknown name or option value, or a file that cannot be read.
    DownloadError
        The corpus is not at hand and cannot be fetched.
    """
    dataset = _entry(name)
    known = list(inspect.signature(dataset.loader).parameters)[1:]
    if unknown := [option for option in options if option not in known]:
        raise DataError(f"'{name}'에는 {', '.join(unknown)} 옵션이 없습니다. 쓸 수 있는 옵션: {', '.join(known) or '없음'}")
    return dataset.loader([_obtain(dataset, path, object_id) for path, object_id in dataset.files], **options)


def fetch(name: str) -> Path:
    """Local path of the corpus's file (of the folder that holds them, if several), downloaded if need be."""
    dataset = _entry(name)
    if not dataset.files:
        raise DataError(f"'{name}'은(는) 파일 없이 그때그때 만들어지는 말뭉치입니다. load('{name}')로 읽으세요.")
    paths = [_obtain(dataset, path, object_id) for path, object_id in dataset.files]
    return paths[0] if len(paths) == 1 else paths[0].parent


def status(name: str) -> str:
    """Where the corpus stands, without network.

    Returns
    -------
    str
        ``"embedded"``; ``"verified"`` or ``"unverified"`` (in ``LAB_DATA_DIR``); ``"cached"`` (downloaded, verified);
        ``"missing"``.
    """
    dataset = _entry(name)
    if not dataset.repository:
        present = all((data_folder() / path).is_file() for path, _ in dataset.files)
        return "embedded" if present and (dataset.files or find_spec("lab_utils.graded_reviews")) else "missing"
    states = {_locate(dataset, path, object_id)[1] for path, object_id in dataset.files}
    return next(state for state in ("missing", "unverified", "cached", "verified") if state in states)


def available(name: str) -> bool:
    """True if `load` needs no network."""
    return status(name) != "missing"


def describe() -> "pd.DataFrame":
    """The registry as a table, one row a corpus, with its state on this computer."""
    import pandas as pd

    words = {
        "embedded": "내장",
        "verified": "있음(검증됨)",
        "cached": "내려받음(검증됨)",
        "unverified": "있음(검증되지 않음)",
        "missing": "없음(필요할 때 내려받음)",
    }
    states = {d.name: words[status(d.name)] if d.repository or available(d.name) else "없음(다시 설치해야 함)" for d in REGISTRY.values()}
    rows = [(d.name, d.title, d.rows, d.licence, d.source, d.citation, states[d.name]) for d in REGISTRY.values()]
    table = pd.DataFrame(rows, columns=["이름", "설명", "행 수", "라이선스", "출처", "인용", "상태"])
    return table.astype({"행 수": "Int64"}).set_index("이름")


# ── finding and verifying ────────────────────────────────────────────────────────────────────────────────────────────


def _entry(name: str) -> Dataset:
    if name not in REGISTRY:
        raise DataError(f"'{name}'이라는 말뭉치는 없습니다. 다음 가운데 하나를 적어 주세요: {', '.join(REGISTRY)}")
    return REGISTRY[name]


def _obtain(dataset: Dataset, path: str, object_id: str) -> Path:
    """The file at hand, or freshly downloaded; prints a line if it is used unverified."""
    if not dataset.repository:
        file = data_folder() / path
        if not file.is_file():
            raise DataError(f"내장 자료 {file} 이(가) 없습니다. lab_utils를 다시 설치하거나 저장소를 다시 받아 주세요.")
        return file
    found, state, why = _locate(dataset, path, object_id)
    if state == "unverified":
        print(f"{UNVERIFIED} {dataset.name}의 {found.name} — {why}")
    if found:
        return found
    target = _cached(dataset, path)
    if target.exists() and _object_id(target, tree=path == "raw") != object_id:
        target.unlink()  # damaged since it was downloaded

    def verify(part: Path) -> None:
        actual = _object_id(part, tree=path == "raw")
        if actual != object_id:
            raise Damaged(f"받은 내용이 공개된 것과 다릅니다(git 객체 id {actual[:8] or '없음'}, 공개된 것은 {object_id[:8]}).")

    return download(_address(dataset, path), target, verify)


def _address(dataset: Dataset, path: str) -> str:
    if path == "raw":
        return f"{ARCHIVE}/{dataset.repository}/tar.gz/{dataset.commit}"
    return f"{RAW}/{dataset.repository}/{dataset.commit}/{path}"


def _cached(dataset: Dataset, path: str) -> Path:
    repository = dataset.repository.split("/")[1]
    file = f"{repository}-{dataset.commit}.tar.gz" if path == "raw" else path
    return cache_folder() / "datasets" / f"{repository}-{dataset.commit[:8]}" / file


def _locate(dataset: Dataset, path: str, object_id: str) -> tuple[Path | None, str, str]:
    """(file, state, why it is unverified): a verified file wins over an unverified one, wherever it lies."""
    folder, repository = local_data_folder(), dataset.repository.split("/")[1]
    unverified = None, "missing", ""
    for place in _places(repository, dataset.commit, path) if folder else ():
        candidate = folder / place
        if not candidate.exists():
            continue
        actual = _object_id(candidate, tree=path == "raw")
        if actual == object_id:
            return candidate, "verified", ""
        if unverified[0] is None:
            why = f"git 객체 id가 {actual[:8] or '없음(읽을 수 없음)'}로, 공개된 {object_id[:8]}와 다릅니다."
            if "-rebuilt" in place:
                why = f"원자료에서 다시 뽑은 분할이어서 공개된 분할과 다릅니다({why[:-1]})."
            unverified = candidate, "unverified", why
    cached = _cached(dataset, path)
    if cached.exists() and _object_id(cached, tree=path == "raw") == object_id:
        return cached, "cached", ""
    return unverified


def _places(repository: str, commit: str, path: str) -> list[str]:
    """Where in ``LAB_DATA_DIR`` a file of a repository may lie."""
    if path == "raw":
        archives = [f"{repository}-{commit}.tar.gz", f"{repository}.tar.gz"]
        return archives + [f"{repository}-{commit}/raw", f"{repository}/raw", "raw"]
    name = path.rsplit("/", 1)[-1]
    return [f"{repository}-{commit}/{path}", f"{repository}/{path}", path, f"{repository}/{name}", name,
            f"{repository}-rebuilt/{name}"]


def _object_id(path: Path, tree: bool) -> str:
    """Git object id of a file, or of the folder ``raw`` in an archive; ``""`` if the archive is damaged.

    Reading 14,730 files takes seconds, so tree ids are remembered with size and time of modification.
    """
    if not tree:
        return git_blob_id(path)
    stats = [file.stat() for file in (path.iterdir() if path.is_dir() else [path])]
    signature = [sum(s.st_size for s in stats), max((s.st_mtime_ns for s in stats), default=0)]
    book = cache_folder() / "tree-ids.json"
    try:
        known = json.loads(book.read_text("utf-8"))
    except (OSError, ValueError):
        known = {}
    key = str(path).removesuffix(".part")  # a download is renamed once verified: no second reading
    remembered = known.get(key)
    if remembered and remembered[:2] == signature:
        return remembered[2]
    try:
        tree_id = git_tree_id(_raw_files(path))
    except DataError:
        return ""
    _write(book, json.dumps(known | {key: [*signature, tree_id]}).encode())
    return tree_id


def _write(target: Path, content: bytes) -> None:
    """Write a file of the cache in one step. A full disk costs the speed-up, not the lesson."""
    try:
        with whole_file(target) as part:
            part.write_bytes(content)
    except OSError as error:
        print(f"⚠ {target} 에 저장하지 못해 다음에 다시 계산합니다({getattr(error.__cause__, 'strerror', None) or error}).")


def _damaged(path: Path, reason: str) -> DataError:
    way_out = f"{path} 를 지우고 다시 실행하면 내려받습니다. 인터넷이 없으면 온전한 파일로 바꿔 주세요."
    if path.is_relative_to(data_folder()):
        way_out = "내장 자료이므로 lab_utils를 다시 설치하거나 저장소를 다시 받아 주세요."
    return DataError(f"{path.name} 파일을 읽지 못했습니다.\n  원인: {reason}\n  해결: {way_out}")


# ── loaders ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _table(path: Path, columns: dict[str, str], **how) -> "pd.DataFrame":
    """Read a table as text and give its columns their types.

    ``columns`` maps each column to ``"str"``, ``"int"`` or ``"float"``. Quotes are plain characters unless ``how``
    says otherwise; ``"NA"`` or an empty field stays a text.
    """
    import pandas as pd

    how = {"sep": "\t", "quoting": 3, "dtype": str, "keep_default_na": False, "encoding": "utf-8"} | how
    try:
        if how["quoting"] == 3:  # pandas would fill a line that is too short with empty texts
            content = path.read_bytes().rstrip(b"\r\n")
            separator = how["sep"].encode()
            wide = content.split(b"\n", 1)[0].count(separator)
            if content.count(separator) != wide * (content.count(b"\n") + 1):
                raise ValueError("열이 모자라거나 남는 줄이 있습니다. 파일이 잘렸을 수 있습니다")
        frame = pd.read_csv(path, **how)
        absent = [column for column in columns if column not in frame.columns]
        if absent:
            raise ValueError(f"{', '.join(absent)} 열이 없습니다")
        frame = frame[list(columns)]
        return frame.astype(columns)
    except UnicodeDecodeError as error:
        raise _damaged(path, "UTF-8로 저장된 파일이 아닙니다(엑셀이나 메모장에서 다시 저장했을 수 있습니다).") from error
    except (ValueError, OSError) as error:  # pandas' ParserError and EmptyDataError are ValueErrors
        raise _damaged(path, f"내용이 손상되었거나 형식이 다릅니다({error}).") from error


def _splits(paths: list[Path], names: tuple[str, ...], split: str | None, read) -> "pd.DataFrame":
    """Stack the files of a corpus with a column ``split``, or only the split asked for."""
    import pandas as pd

    if split is not None and split not in names:
        raise DataError(f"'{split}'이라는 분할은 없습니다. {', '.join(names)} 가운데 하나를 적어 주세요.")
    wanted = [(name, path) for name, path in zip(names, paths, strict=True) if split in (None, name)]
    return pd.concat([read(path).assign(split=name) for name, path in wanted], ignore_index=True)


def _nsmc(paths: list[Path], split: str | None = None) -> "pd.DataFrame":
    """Columns id (int), document, label (0 negative, 1 positive), split (train, test). A few documents are empty."""
    columns = {"id": "int", "document": "str", "label": "int"}
    return _splits(paths, ("train", "test"), split, lambda path: _table(path, columns))


def _naver_shopping(paths: list[Path]) -> "pd.DataFrame":
    """Columns star (1, 2, 4 or 5), text."""
    return _table(paths[0], {"star": "int", "text": "str"}, header=None, names=["star", "text"])


def _korsts(paths: list[Path], split: str | None = None) -> "pd.DataFrame":
    """Columns sentence1, sentence2, score (0–5), split (train, dev, test)."""
    columns = {"sentence1": "str", "sentence2": "str", "score": "float"}
    return _splits(paths, ("train", "dev", "test"), split, lambda path: _table(path, columns))


def _xnli(paths: list[Path], split: str | None = None) -> "pd.DataFrame":
    """Columns sentence1, sentence2, label (entailment, neutral, contradiction), split (dev, test)."""
    columns = {"sentence1": "str", "sentence2": "str", "gold_label": "str"}
    frame = _splits(paths, ("dev", "test"), split, lambda path: _table(path, columns))
    return frame.rename(columns={"gold_label": "label"})


def _ws353(paths: list[Path]) -> "pd.DataFrame":
    """Columns word1, word2, score (0–10)."""
    columns = {"word 1": "str", "word 2": "str", "kor_score": "float"}
    frame = _table(paths[0], columns, sep=",", encoding="utf-8-sig")
    return frame.set_axis(["word1", "word2", "score"], axis=1)


def _analogies(paths: list[Path]) -> "pd.DataFrame":
    """Columns section, a, b, c, d: a is to b as c is to d."""
    import pandas as pd

    section, rows = "", []
    try:
        for number, line in enumerate(paths[0].read_text("utf-8").splitlines(), 1):
            if line.startswith(":"):
                section = line[1:].strip()
            elif words := line.split():
                if len(words) != 4 or not section:
                    raise ValueError(f"{number}번째 줄이 단어 넷이 아닙니다")
                rows.append((section, *words))
    except UnicodeDecodeError as error:
        raise _damaged(paths[0], "UTF-8로 저장된 파일이 아닙니다.") from error
    except ValueError as error:
        raise _damaged(paths[0], f"내용이 손상되었거나 형식이 다릅니다({error}).") from error
    return pd.DataFrame(rows, columns=["section", "a", "b", "c", "d"])


def _chatbot(paths: list[Path]) -> "pd.DataFrame":
    """Columns question, answer, label (0 daily life, 1 parting, 2 love)."""
    frame = _table(paths[0], {"Q": "str", "A": "str", "label": "int"}, sep=",", quoting=0)
    return frame.set_axis(["question", "answer", "label"], axis=1)


def _encyclopedia(paths: list[Path]) -> "pd.DataFrame":
    """Columns sentence, topic."""
    return _table(paths[0], {"sentence": "str", "topic": "str"})


def _classic_english(paths: list[Path]) -> "pd.DataFrame":
    """Columns example (ong_choy, greens, singer, …), sentence."""
    return _table(paths[0], {"example": "str", "sentence": "str"})


def _ice_and_steam(paths: list[Path]) -> "pd.DataFrame":
    """Columns sentence, topic (ice, steam, water, fashion)."""
    return _table(paths[0], {"sentence": "str", "topic": "str"})


def _patents(paths: list[Path]) -> "pd.DataFrame":
    """Columns id, title, abstract, field (code and Korean name), year (int), applicant: fictional patent records."""
    from .retrieval import read_documents

    return read_documents(paths[0], ("id", "title", "abstract", "field", "applicant"))


def _patent_queries(paths: list[Path]) -> "pd.DataFrame":
    """Columns query_id, query, kind, id (of a patent), grade (0–3); patents that are not listed for a query have grade 0."""
    return _table(paths[0], {"query_id": "str", "query": "str", "kind": "str", "id": "str", "grade": "int"})


def _sentence_pairs(paths: list[Path]) -> "pd.DataFrame":
    """Columns sentence1, sentence2, score (0–5): how much they mean the same, as one person judges it."""
    return _table(paths[0], {"sentence1": "str", "sentence2": "str", "score": "float"})


def _graded_reviews(paths: list[Path], n: int = 20_000, seed: int = 0) -> "pd.DataFrame":
    """See `lab_utils.graded_reviews.generate`."""
    from .graded_reviews import generate

    return generate(n=n, seed=seed)


def _raw_files(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name, content) of every file of ``raw/``, read from the repository's archive or from the folder itself."""
    if path.is_dir():
        yield from ((file.name, file.read_bytes()) for file in path.iterdir() if re.fullmatch(r"\d+\.json", file.name))
        return
    try:
        with tarfile.open(path, "r|gz") as archive:
            for member in archive:
                if member.isfile() and re.fullmatch(r"[^/]+/raw/\d+\.json", member.name):
                    yield member.name.rsplit("/", 1)[1], archive.extractfile(member).read()
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise _damaged(path, f"압축 파일이 손상되었거나 끝까지 받아지지 않았습니다({error}).") from error


def _nsmc_stars(paths: list[Path], drop_empty: bool = True, deduplicate: bool = False) -> "pd.DataFrame":
    """All raw reviews of NSMC, by movie.

    Columns review_id, movie_id (int), rating (1–10), star = (rating + 1) // 2 (1–5), text, date (datetime). Runs of
    white space in a text became one space, so that a review is one line; nothing else was changed. Parsed once
    (seconds), then read from the cache.
    """
    import numpy as np
    import pandas as pd

    tree_id = _object_id(paths[0], tree=True)
    prepared = cache_folder() / "datasets" / f"nsmc-stars-v1-{tree_id[:12]}.npz"
    try:
        with np.load(prepared, allow_pickle=False) as stored:  # a zip file: its checksums find damage
            arrays = {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        arrays = None
    except Exception as error:  # what numpy and zipfile raise for a damaged file is not documented
        print(f"⚠ {prepared.name} 파일이 손상되어 다시 만듭니다({error}).")
        arrays = None
    if arrays is None:
        arrays = _parse_reviews(paths[0])
        _store(prepared, arrays)

    frame = pd.DataFrame({name: arrays[name] for name in ("review_id", "movie_id", "rating")})
    frame["star"] = (frame["rating"] + 1) // 2
    frame["text"] = arrays["text"].tobytes().decode().split("\n")
    frame["date"] = arrays["date"].astype("datetime64[s]")
    if drop_empty:
        empty = (frame["text"] == "").to_numpy()
        if empty.any():
            print(f"nsmc-stars: {len(frame):,}개 가운데 빈 리뷰 {empty.sum():,}개를 뺐습니다(drop_empty=False면 남깁니다).")
        frame = frame[~empty]
    if deduplicate:
        before = len(frame)
        frame = frame.drop_duplicates("text")
        print(f"nsmc-stars: 같은 글 {before - len(frame):,}개를 빼고 {len(frame):,}개가 남았습니다.")
    return frame.reset_index(drop=True)


def _parse_reviews(path: Path) -> dict:
    """The reviews as flat arrays: three of integers, one of dates, and all texts as UTF-8 bytes joined by newlines."""
    import numpy as np
    from tqdm import tqdm

    movies = {}
    try:
        files = tqdm(_raw_files(path), desc="리뷰 원자료 읽기", unit="편", total=14_730, leave=False, mininterval=0.5)
        for name, content in files:
            movies[int(name.removesuffix(".json"))] = [
                (int(r["review_id"]), int(r["movie_id"]), int(r["rating"]), r["date"], " ".join(r["review"].split()))
                for r in json.loads(content)
            ]
        if not movies:
            raise ValueError("리뷰가 하나도 없습니다")
        records = [record for movie in sorted(movies) for record in movies[movie]]
        review_id, movie_id, rating, date, text = zip(*records, strict=True)
        return {
            "review_id": np.array(review_id, np.int32),
            "movie_id": np.array(movie_id, np.int32),
            "rating": np.array(rating, np.int8),
            "date": np.array(["20" + d.replace(".", "-") for d in date], "datetime64[D]"),
            "text": np.frombuffer("\n".join(text).encode(), np.uint8),
        }
    except DataError:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, f"리뷰 자료의 형식이 다릅니다({error!r}).") from error


def _store(target: Path, arrays: dict) -> None:
    import io

    import numpy as np

    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    _write(target, buffer.getvalue())


NSMC = {
    "repository": "e9t/nsmc",
    "commit": "cc0670e872d4ac27bfe36c87456783004b39ef6c",
    "licence": "CC0 1.0",
    "citation": "Lucy Park, Naver Sentiment Movie Corpus, 2015",
}
KOR_NLU = {
    "repository": "kakaobrain/kor-nlu-datasets",
    "commit": "0df0fe7d496eb61b092e022e238c2230b29f1cbc",
    "citation": "Ham et al., KorNLI and KorSTS, Findings of EMNLP 2020",
}
WORD_SETS = {
    "repository": "SungjoonPark/KoreanWordVectors",
    "commit": "7a815fa9ea63c940249ed9dedac0e6a97d61e8c6",
    "licence": "밝히지 않음: 평가에만 사용(none stated: evaluation only)",
    "citation": "Park et al., Subword-level Word Vector Representations for Korean, ACL 2018",
}
OWN = {"licence": "CC BY 4.0", "citation": "Embedding Space Lab"}

REGISTRY: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "nsmc", "네이버 영화 리뷰: 긍정·부정(공개된 분할)", rows=200_000, loader=_nsmc, **NSMC,
            files=(
                ("ratings_train.txt", "ac0dba272895dc1d0b3dd5f11afbeaeb7abe7876"),
                ("ratings_test.txt", "b6cfcd8cd1557bcd9bf06617b0e429ed73e9a367"),
            ),
        ),
        Dataset(
            "nsmc-stars", "네이버 영화 리뷰 원자료: 평점 1–10, 영화 14,730편", rows=712_404, loader=_nsmc_stars, **NSMC,
            files=(("raw", "64d6947d33552b330d9d2ca1300eece444782e56"),),
        ),
        Dataset(
            "naver-shopping", "네이버 쇼핑 리뷰: 별점 1·2·4·5", "Public Domain(저장소 README)", 200_000,
            "bab2min, corpus: sentiment/naver_shopping, 2020", _naver_shopping,
            "bab2min/corpus", "62f3097b6c6974cecda5571f2cd2b64aa3b7f01e",
            (("sentiment/naver_shopping.txt", "25afff322fd86ee54d7813acedafe4990d83b18c"),),
        ),
        Dataset(
            "korsts", "KorSTS: 문장 쌍의 뜻 유사도 0–5", "CC BY-SA 4.0", 8_628, loader=_korsts, **KOR_NLU,
            files=(
                ("KorSTS/sts-train.tsv", "91fc16190dd0102a3cad2f0abf83317703438869"),
                ("KorSTS/sts-dev.tsv", "3686d9394fa63bcfd6b1bc7c70a60b1dfe08d388"),
                ("KorSTS/sts-test.tsv", "d2a7c958d520ed84402c0042142a60d9a18ee3e4"),
            ),
        ),
        Dataset(
            "xnli-ko", "XNLI 한국어: 함의·중립·모순", "CC BY-SA 4.0(XNLI 자체는 CC BY-NC 4.0)", 7_500, loader=_xnli, **KOR_NLU,
            files=(
                ("KorNLI/xnli.dev.ko.tsv", "21305150d466aa35d42b14e1890b7dcd58084634"),
                ("KorNLI/xnli.test.ko.tsv", "89a0b11bffa775fafd88178b3980a1fe2d8aee52"),
            ),
        ),
        Dataset(
            "ws353-ko", "WordSim-353 한국어판: 낱말 쌍의 유사도 0–10", rows=353, loader=_ws353, **WORD_SETS,
            files=(("WS353_korean.csv", "3861fa5eb5f8e41d0c8e1f2b523be7a6906e321b"),),
        ),
        Dataset(
            "analogies-ko", "한국어 낱말 유추: a : b = c : d", rows=10_000, loader=_analogies, **WORD_SETS,
            files=(("word_analogy_korean.txt", "6f4dc9a8c41b52cc71ce44330de854841fb13c3d"),),
        ),
        Dataset(
            "chatbot", "챗봇 문답 쌍: 일상·이별·사랑", "MIT", 11_823, "Youngsook Song, Chatbot_data for Korean, 2018", _chatbot,
            "songys/Chatbot_data", "4cf20d13fc46f5037fd1c531cd566e2dd9f72974",
            (("ChatbotData.csv", "4cc2bfa9a124991dc5ca80f5da1786f4162f46e1"),),
        ),
        Dataset(
            "encyclopedia", "작은 백과사전: 나라·가족·동물·음식·직업·영화", rows=None, loader=_encyclopedia, **OWN,
            files=(("encyclopedia/sentences.tsv", ""),),
        ),
        Dataset(
            "graded-reviews", "극성 1–5와 요인을 아는 리뷰(생성)", rows=20_000, loader=_graded_reviews, **OWN,
        ),
        Dataset(
            "classic-english", "고전 강의의 영어 예문(새로 씀)", rows=None, loader=_classic_english, **OWN,
            files=(("classic_english.tsv", ""),),
        ),
        Dataset(
            "ice-and-steam", "얼음과 수증기: GloVe 논문의 비율 표를 위한 문장(새로 씀)", rows=None, loader=_ice_and_steam, **OWN,
            files=(("ice_and_steam.tsv", ""),),
        ),
        Dataset(
            "patents", "지어낸 특허 기록: 12개 분야의 명칭과 요약", rows=132, loader=_patents, **OWN,
            files=(("patents.xlsx", ""),),
        ),
        Dataset(
            "patent-queries", "특허 기록을 찾는 질의와 등급 0–3의 정답", rows=None, loader=_patent_queries, **OWN,
            files=(("patent_queries.tsv", ""),),
        ),
        Dataset(
            "patent-training-queries", "특허 기록을 찾는 질의: 학습용(시험 질의와 겹치지 않음)", rows=None, loader=_patent_queries, **OWN,
            files=(("patent_training_queries.tsv", ""),),
        ),
        Dataset(
            "sentence-pairs", "뜻이 얼마나 같은지 0–5로 매긴 문장 쌍(새로 씀)", rows=120, loader=_sentence_pairs, **OWN,
            files=(("sentence_pairs.tsv", ""),),
        ),
    )
}
