"""The registry: formats, places, verification, damage — on small look-alikes, and on the real corpora where present."""

import dataclasses
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from fault_server import FaultServer

from lab_utils import datasets
from lab_utils import download as transport
from lab_utils.datasets import REGISTRY, UNVERIFIED, DataError
from lab_utils.download import DownloadError, git_blob_id, git_tree_id

ROOT = Path(__file__).resolve().parent.parent
REAL = Path(os.environ.get("LAB_DATA_DIR") or ROOT.parent / "shared" / "data").expanduser().resolve()

REVIEWS = {
    "20.json": [("7", "20", "10", "최고예요\r\n  또 볼래요", "15.08.25"), ("8", "20", "1", "", "03.11.21")],
    "3.json": [("5", "3", "5", '"그냥" NA\t그래요', "14.01.02"), ("6", "3", "9", "최고예요 또 볼래요", "14.01.03")],
}
TABLES = {
    "nsmc": {
        "ratings_train.txt": 'id\tdocument\tlabel\n1\t"아 더빙.. 짜증\t0\n2\tNA\t1\n3\t\t0\n',
        "ratings_test.txt": "id\tdocument\tlabel\n4\t굳 ㅋㅋㅋ\t1\n",
    },
    "naver-shopping": {"sentiment/naver_shopping.txt": '5\t배송 "빠르고 굿\n1\tnull\n'},
    "korsts": {
        "KorSTS/sts-train.tsv": "genre\tfilename\tyear\tid\tscore\tsentence1\tsentence2\n"
        'g\tf\t2012\t1\t5.000\t"비행기가 뜬다.\t비행기가 이륙한다.\n',
        "KorSTS/sts-dev.tsv": "genre\tfilename\tyear\tid\tscore\tsentence1\tsentence2\ng\tf\t2012\t2\t0.5\t가\t나",
        "KorSTS/sts-test.tsv": "genre\tfilename\tyear\tid\tscore\tsentence1\tsentence2\ng\tf\t2012\t3\t2.5\t다\t라\n",
    },
    "xnli-ko": {
        "KorNLI/xnli.dev.ko.tsv": 'sentence1\tsentence2\tgold_label\n그가 말했다, "왔어요."\t그는 왔다.\tentailment\n',
        "KorNLI/xnli.test.ko.tsv": "sentence1\tsentence2\tgold_label\n가\t나\tneutral\n",
    },
    "ws353-ko": {"WS353_korean.csv": "\ufeffword 1,word 2,kor_score\n호랑이,고양이,7.17\n"},
    "analogies-ko": {"word_analogy_korean.txt": ": sem1\n아테네 그리스 방콕 태국\n: syn1\n가 나 다 라\n"},
    "chatbot": {"ChatbotData.csv": 'Q,A,label\r\n12시 땡!,"네, 그래요.",0\r\nNA,응,2\r\n'},
}
EXPECTED = {  # first row of each
    "nsmc": {"id": 1, "document": '"아 더빙.. 짜증', "label": 0, "split": "train"},
    "naver-shopping": {"star": 5, "text": '배송 "빠르고 굿'},
    "korsts": {"sentence1": '"비행기가 뜬다.', "sentence2": "비행기가 이륙한다.", "score": 5.0, "split": "train"},
    "xnli-ko": {
        "sentence1": '그가 말했다, "왔어요."', "sentence2": "그는 왔다.", "label": "entailment", "split": "dev",
    },
    "ws353-ko": {"word1": "호랑이", "word2": "고양이", "score": 7.17},
    "analogies-ko": {"section": "sem1", "a": "아테네", "b": "그리스", "c": "방콕", "d": "태국"},
    "chatbot": {"question": "12시 땡!", "answer": "네, 그래요.", "label": 0},
}  # fmt: skip


def raw_folder() -> dict[str, bytes]:
    keys = ("review_id", "movie_id", "rating", "review", "date")
    files = {}
    for name, rows in REVIEWS.items():
        records = [dict(zip(keys, (i, m, r, t, d), strict=True)) | {"author": "a***"} for i, m, r, t, d in rows]
        files[name] = json.dumps(records, ensure_ascii=False).encode()
    return files


def archive(files: dict[str, bytes], top: str = "nsmc-cc0670e") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in [(f"{top}/README.md", b"readme"), *((f"{top}/raw/{n}", c) for n, c in files.items())]:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def blob_id(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0%s" % (len(content), content)).hexdigest()


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """A local stand-in for GitHub that publishes the look-alikes; the cache is empty, ``LAB_DATA_DIR`` not set."""
    hub = FaultServer({})
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("LAB_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("LAB_DATA_DIR", raising=False)
    monkeypatch.setattr(datasets, "RAW", hub.address)
    monkeypatch.setattr(datasets, "ARCHIVE", hub.address)
    monkeypatch.setattr(transport, "BACKOFF", 0.01)
    contents = {name: {path: text.encode() for path, text in files.items()} for name, files in TABLES.items()}
    contents["nsmc-stars"] = {"raw": archive(raw_folder())}
    for name, files in contents.items():
        entry = REGISTRY[name]
        ids = {path: git_tree_id(raw_folder().items()) if path == "raw" else blob_id(c) for path, c in files.items()}
        assert list(ids) == [path for path, _ in entry.files]
        monkeypatch.setitem(REGISTRY, name, dataclasses.replace(entry, files=tuple(ids.items())))
        for path, content in files.items():
            where = f"tar.gz/{entry.commit}" if path == "raw" else f"{entry.commit}/{path}"
            hub.files[f"/{entry.repository}/{where}"] = content
    yield hub
    hub.close()


@pytest.fixture
def school(hub, monkeypatch, tmp_path):
    """An empty ``LAB_DATA_DIR``, and no network: the hub answers 404."""
    hub.forever = 404
    folder = tmp_path / "school"
    folder.mkdir()
    monkeypatch.setenv("LAB_DATA_DIR", str(folder))
    return folder


def put(folder: Path, path: str, content: bytes) -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


# ── downloading ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", list(TABLES))
def test_download_parse_and_cache(hub, name, capsys):
    assert datasets.status(name) == "missing" and not datasets.available(name)
    frame = datasets.load(name)
    assert frame.iloc[0].to_dict() == EXPECTED[name]
    assert list(frame.columns) == list(EXPECTED[name])
    assert not frame.isna().to_numpy().any()
    assert datasets.status(name) == "cached" and datasets.available(name)
    asked = len(hub.requests)
    assert asked == len(REGISTRY[name].files)
    datasets.load(name)
    assert datasets.fetch(name).exists()
    assert len(hub.requests) == asked
    assert UNVERIFIED not in capsys.readouterr().out


def test_empty_and_NA_texts_stay_texts(hub):
    assert datasets.load("nsmc", split="train")["document"].tolist() == ['"아 더빙.. 짜증', "NA", ""]
    assert datasets.load("naver-shopping")["text"].tolist()[1] == "null"
    assert datasets.load("chatbot")["question"].tolist()[1] == "NA"


def test_splits(hub):
    assert datasets.load("korsts")["split"].tolist() == ["train", "dev", "test"]
    assert datasets.load("korsts", split="dev")["score"].tolist() == [0.5]
    assert datasets.load("xnli-ko", split="test")["label"].tolist() == ["neutral"]
    with pytest.raises(DataError, match="train, dev, test"):
        datasets.load("korsts", split="validation")


def test_wrong_bytes_never_reach_the_cache(hub):
    hub.forever = "flipped"
    with pytest.raises(DownloadError, match=r"WS353_korean\.csv(.|\n)*공개된 것과 다릅니다"):
        datasets.load("ws353-ko")
    assert not datasets.available("ws353-ko")
    hub.forever = None
    assert len(datasets.load("ws353-ko")) == 1


def test_damaged_archive_never_reaches_the_cache(hub):
    hub.forever = "silently truncated"
    with pytest.raises(DownloadError, match="공개된 것과 다릅니다"):
        datasets.load("nsmc-stars")
    assert not datasets.available("nsmc-stars")
    hub.forever = None
    assert len(datasets.load("nsmc-stars")) == 3


def test_file_damaged_in_the_cache_is_fetched_again(hub):
    file = datasets.fetch("ws353-ko")
    file.write_bytes(b"word 1,word 2,kor_score\n")
    assert not datasets.available("ws353-ko")
    assert len(datasets.load("ws353-ko")) == 1
    assert datasets.status("ws353-ko") == "cached"


# ── LAB_DATA_DIR ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("layout", ["kor-nlu-datasets/{path}", "{path}", "{name}", "kor-nlu-datasets/{name}"])
def test_local_files_are_found_and_verified(hub, school, layout, capsys):
    for path, text in TABLES["korsts"].items():
        put(school, layout.format(path=path, name=path.split("/")[-1]), text.encode())
    assert datasets.status("korsts") == "verified"
    assert len(datasets.load("korsts")) == 3
    assert datasets.fetch("korsts").is_relative_to(school)
    assert not hub.requests and UNVERIFIED not in capsys.readouterr().out


def test_other_content_is_used_and_says_so(hub, school, capsys):
    put(school, "WS353_korean.csv", "word 1,word 2,kor_score\n배,사과,5\n".encode())
    assert datasets.status("ws353-ko") == "unverified" and datasets.available("ws353-ko")
    assert datasets.load("ws353-ko")["word1"].tolist() == ["배"]
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith(UNVERIFIED))
    assert "WS353_korean.csv" in line and REGISTRY["ws353-ko"].files[0][1][:8] in line


def test_rebuilt_split_is_used_and_says_so(hub, school, capsys):
    for path in TABLES["nsmc"]:
        put(school, f"nsmc-rebuilt/{path}", b"id\tdocument\tlabel\n9\tx\t1\n")
    assert datasets.status("nsmc") == "unverified"
    assert len(datasets.load("nsmc")) == 2
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith(UNVERIFIED)]
    assert len(lines) == 2 and "ratings_train.txt" in lines[0] and "다시 뽑은 분할" in lines[0]


def test_verified_copy_in_the_cache_wins_over_an_unverified_local_one(hub, school, monkeypatch, capsys):
    hub.forever = None
    monkeypatch.delenv("LAB_DATA_DIR")
    datasets.load("ws353-ko")
    monkeypatch.setenv("LAB_DATA_DIR", str(school))
    put(school, "WS353_korean.csv", "word 1,word 2,kor_score\n배,사과,5\n".encode())
    assert datasets.status("ws353-ko") == "cached"
    assert datasets.load("ws353-ko")["word1"].tolist() == ["호랑이"]
    assert UNVERIFIED not in capsys.readouterr().out


def test_nothing_local_and_no_network(hub, school):
    with pytest.raises(DownloadError, match="LAB_DATA_DIR"):
        datasets.load("chatbot")
    assert not datasets.available("chatbot")


@pytest.mark.parametrize(
    ("name", "path", "content", "cause"),
    [
        ("ws353-ko", "WS353_korean.csv", "word 1,word 2,kor_score\n배,사과,5\n".encode("cp949"), "UTF-8"),
        ("ws353-ko", "WS353_korean.csv", "가,나,다\n1,2,3\n".encode(), "word 1"),
        ("ws353-ko", "WS353_korean.csv", "word 1,word 2,kor_score\n배,사과\n".encode(), "모자라거나"),
        ("ws353-ko", "WS353_korean.csv", "word 1,word 2,kor_score\n배,사과,많이\n".encode(), "형식이 다릅니다"),
        ("ws353-ko", "WS353_korean.csv", b"", "형식이 다릅니다"),
        ("analogies-ko", "word_analogy_korean.txt", ": 하나\n가 나 다\n".encode(), "2번째 줄"),
        ("analogies-ko", "word_analogy_korean.txt", ": 하나\n가 나 다 라\n".encode("cp949"), "UTF-8"),
        ("naver-shopping", "naver_shopping.txt", "5\t좋아요\n1\n".encode(), "모자라거나"),
        ("chatbot", "ChatbotData.csv", "Q,A,label\n가,나\n".encode(), "형식이 다릅니다"),
        ("chatbot", "ChatbotData.csv", "Q,A,label\n가,나,다,라\n마,바,사,아,자\n".encode(), "형식이 다릅니다"),
        ("nsmc-stars", "nsmc.tar.gz", archive(raw_folder())[:-40], "압축 파일이 손상"),
        ("nsmc-stars", "nsmc.tar.gz", b"not an archive", "압축 파일이 손상"),
        ("nsmc-stars", "nsmc.tar.gz", archive({}), "리뷰가 하나도 없습니다"),
        ("nsmc-stars", "nsmc.tar.gz", archive({"3.json": b'[{"review": "x"}]'}), "형식이 다릅니다"),
        ("nsmc-stars", "nsmc.tar.gz", archive({"3.json": b"[{"}), "형식이 다릅니다"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) or not value.isascii() else value,
)
def test_damaged_file_gives_a_clear_error(hub, school, name, path, content, cause):
    put(school, path, content)
    with pytest.raises(DataError) as caught:
        datasets.load(name)
    text = str(caught.value)
    assert path in text and "원인:" in text and "해결:" in text and cause in text


# ── the raw reviews ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_stars(hub, capsys):
    frame = datasets.load("nsmc-stars", drop_empty=False)
    assert list(frame.columns) == ["review_id", "movie_id", "rating", "star", "text", "date"]
    assert frame["movie_id"].tolist() == [3, 3, 20, 20], "ordered by movie, whatever the order in the archive"
    assert frame["rating"].tolist() == [5, 9, 10, 1] and frame["star"].tolist() == [3, 5, 5, 1]
    assert frame["text"].tolist() == ['"그냥" NA 그래요', "최고예요 또 볼래요", "최고예요 또 볼래요", ""]
    assert str(frame["date"][3].date()) == "2003-11-21"
    assert capsys.readouterr().out == ""


def test_whatever_is_dropped_is_said(hub, capsys):
    assert len(datasets.load("nsmc-stars")) == 3
    assert "빈 리뷰 1개를 뺐습니다" in capsys.readouterr().out
    assert len(datasets.load("nsmc-stars", deduplicate=True)) == 2
    assert "같은 글 1개를 빼고 2개" in capsys.readouterr().out


def test_parsed_once(hub, monkeypatch):
    first = datasets.load("nsmc-stars", drop_empty=False)
    monkeypatch.setattr(datasets, "_parse_reviews", None)
    monkeypatch.setattr(datasets, "_raw_files", None)
    assert datasets.load("nsmc-stars", drop_empty=False).equals(first)


def test_damaged_prepared_file_is_made_again(hub, capsys):
    first = datasets.load("nsmc-stars")
    (prepared,) = (datasets.cache_folder() / "datasets").glob("*.npz")
    content = bytearray(prepared.read_bytes())
    for damage in (content[: len(content) // 2], bytes(content).replace("그래요".encode(), "그래유".encode()), b""):
        prepared.write_bytes(damage)
        assert datasets.load("nsmc-stars").equals(first)
        assert "다시 만듭니다" in capsys.readouterr().out
        assert prepared.read_bytes() == content


def test_full_disk_costs_only_the_speed_up(hub, monkeypatch, capsys):
    datasets.fetch("nsmc-stars")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(datasets.Path, "write_bytes", full)
    assert len(datasets.load("nsmc-stars")) == 3
    assert "저장하지 못해" in capsys.readouterr().out
    assert not list(datasets.cache_folder().rglob("*.part"))


@pytest.mark.parametrize("place", ["nsmc.tar.gz", "nsmc/raw", "raw"])
def test_archive_and_extracted_folder_are_verified(hub, school, place, capsys):
    if place.endswith("gz"):
        put(school, place, archive(raw_folder()))
    else:
        for name, content in raw_folder().items():
            put(school, f"{place}/{name}", content)
        put(school, f"{place}/.DS_Store", b"left by a file manager")
    assert datasets.status("nsmc-stars") == "verified"
    assert len(datasets.load("nsmc-stars")) == 3
    assert not hub.requests and UNVERIFIED not in capsys.readouterr().out


def test_changed_archive_is_unverified_and_parsed_anew(hub, school, capsys):
    put(school, "nsmc.tar.gz", archive(raw_folder()))
    datasets.load("nsmc-stars")
    assert UNVERIFIED not in capsys.readouterr().out
    put(school, "nsmc.tar.gz", archive({"3.json": raw_folder()["3.json"]}))
    assert len(datasets.load("nsmc-stars")) == 2
    assert UNVERIFIED in capsys.readouterr().out


def test_verification_is_remembered_until_the_file_changes(hub, school, monkeypatch):
    file = put(school, "nsmc.tar.gz", archive(raw_folder()))
    read = []
    original = datasets._raw_files
    monkeypatch.setattr(datasets, "_raw_files", lambda path: (read.append(path), original(path))[1])
    assert [datasets.status("nsmc-stars") for _ in range(3)] == ["verified"] * 3
    assert len(read) == 1
    os.utime(file, (1, 1))
    assert datasets.status("nsmc-stars") == "verified" and len(read) == 2
    (datasets.cache_folder() / "tree-ids.json").write_text("{", "utf-8")
    assert datasets.status("nsmc-stars") == "verified" and len(read) == 3


# ── the registry ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_unknown_names_and_options():
    with pytest.raises(DataError, match="nsmc-stars") as caught:
        datasets.load("nsmc-star")
    assert all(name in str(caught.value) for name in REGISTRY)
    with pytest.raises(DataError, match="drop_empty, deduplicate"):
        datasets.load("nsmc-stars", dedup=True)
    with pytest.raises(DataError, match="load"):
        datasets.fetch("graded-reviews")


def test_every_entry_is_complete():
    for name, entry in REGISTRY.items():
        assert entry.name == name and entry.title and entry.licence and entry.citation
        if entry.repository:
            assert len(entry.commit) == 40 and entry.commit in entry.source
            assert entry.files and all(len(object_id) == 40 for _, object_id in entry.files)
    assert "평가에만" in REGISTRY["ws353-ko"].licence and "평가에만" in REGISTRY["analogies-ko"].licence


def test_describe(hub):
    datasets.load("chatbot")
    table = datasets.describe()
    assert list(table.index) == list(REGISTRY)
    assert table.loc["chatbot", "상태"] == "내려받음(검증됨)" and table.loc["korsts", "상태"].startswith("없음")
    assert table.loc["nsmc-stars", "행 수"] == 712_404


def test_importing_is_cheap():
    code = "import sys, lab_utils.datasets; print([m for m in ('pandas', 'numpy', 'requests', 'pooch') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


# ── embedded ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["encyclopedia", "graded-reviews", "classic-english"])
def test_embedded_corpora_need_no_network(hub, school, name):
    assert datasets.status(name) == "embedded" and datasets.available(name)
    frame = datasets.load(name, n=500) if name == "graded-reviews" else datasets.load(name)
    assert len(frame) >= 60 and not hub.requests


def test_classic_english():
    frame = datasets.load("classic-english")
    assert frame["sentence"].is_unique and len(frame) >= 60
    words = {name: " ".join(group).lower() for name, group in frame.groupby("example")["sentence"]}
    for name in ("ong_choy", "spinach", "chard", "collard_greens"):  # the shared contexts that give the meaning away
        assert all(context in words[name] for context in ("garlic", "rice", "leaves", "salty")), name
    assert all("ong choy" in s.lower() for s in frame.loc[frame["example"] == "ong_choy", "sentence"])
    assert "taylor will release a new album" in words["singer"]

    sentences = [set(s.lower().replace("ong choy", "ongchoy").rstrip(".").split()) for s in frame["sentence"]]

    def overlap(a, b):  # Jaccard similarity of the words met in the same sentences
        first, second = (set().union(*(s for s in sentences if word in s)) - {word} for word in (a, b))
        return len(first & second) / len(first | second)

    others = [overlap("ongchoy", word) for word in ("rice", "singer", "album", "tailor", "bank")]
    assert overlap("ongchoy", "spinach") > 2 * max(others)


def test_missing_embedded_file_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(datasets, "data_folder", lambda: tmp_path)
    assert datasets.status("classic-english") == "missing"
    with pytest.raises(DataError, match="다시 설치"):
        datasets.load("classic-english")


# ── the real corpora ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def real(monkeypatch, tmp_path_factory):
    if not (REAL / "kor-nlu-datasets").is_dir():
        pytest.skip(f"실제 말뭉치가 {REAL} 에 없습니다.")
    monkeypatch.setenv("LAB_DATA_DIR", str(REAL))
    monkeypatch.setenv("LAB_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "real-cache"))


@pytest.mark.parametrize("name", ["korsts", "xnli-ko", "ws353-ko", "analogies-ko", "chatbot"])
def test_real_corpus_has_the_registered_ids_and_rows(real, name):
    folder = REAL / REGISTRY[name].repository.split("/")[1]
    for path, object_id in REGISTRY[name].files:
        assert git_blob_id(folder / path) == object_id
    assert datasets.status(name) == "verified"
    assert len(datasets.load(name)) == REGISTRY[name].rows


def test_real_sections_splits_and_scores(real):
    assert datasets.load("korsts")["split"].value_counts().to_dict() == {"train": 5749, "dev": 1500, "test": 1379}
    assert datasets.load("korsts")["score"].between(0, 5).all()
    assert datasets.load("xnli-ko")["label"].value_counts().to_dict() == dict.fromkeys(
        ("entailment", "neutral", "contradiction"), 2500
    )
    assert datasets.load("analogies-ko")["section"].nunique() == 10
    assert datasets.load("ws353-ko")["score"].between(0, 10).all()


def test_real_reviews(real, capsys):
    frame = datasets.load("nsmc-stars", drop_empty=False)
    out = capsys.readouterr().out
    if UNVERIFIED in out:
        pytest.fail(out)
    assert datasets._object_id(datasets.fetch("nsmc-stars"), tree=True) == "64d6947d33552b330d9d2ca1300eece444782e56"
    assert len(frame) == 712_404 and frame["movie_id"].nunique() <= 14_730
    assert (frame["text"] == "").sum() == 21 and frame["text"].nunique() == 688_426
    assert frame["review_id"].is_unique
    frame = datasets.load("nsmc-stars")
    stars = {1: 87_837, 2: 33_842, 3: 73_303, 4: 139_371, 5: 378_030}
    assert frame["star"].value_counts().to_dict() == stars


def test_rebuilt_split(real, capsys):
    frame = datasets.load("nsmc")
    assert frame["split"].value_counts().to_dict() == {"train": 150_000, "test": 50_000}
    assert frame["label"].value_counts().to_dict() == {0: 100_000, 1: 100_000}
    if datasets.status("nsmc") == "unverified":
        assert UNVERIFIED in capsys.readouterr().out


def test_truncated_copy_of_a_real_table_is_seen(real, tmp_path, monkeypatch, capsys):
    content = (REAL / "kor-nlu-datasets/KorSTS/sts-test.tsv").read_bytes()
    school = tmp_path / "school"
    for path, _ in REGISTRY["korsts"].files:
        put(school, path, content[: content.rindex(b"\t", 0, len(content) // 2)])
    put(school, "nsmc.tar.gz", gzip.compress(b"x" * 10_000))
    monkeypatch.setenv("LAB_DATA_DIR", str(school))
    monkeypatch.setenv("LAB_CACHE_DIR", str(tmp_path / "cache"))
    assert datasets.status("korsts") == datasets.status("nsmc-stars") == "unverified"
    with pytest.raises(DataError):
        datasets.load("korsts")
    assert UNVERIFIED in capsys.readouterr().out
