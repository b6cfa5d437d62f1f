"""Tokens: what kiwipiepy makes of Korean, and a cache that survives interruption."""

import unicodedata

import pytest

from lab_utils import tokenization as tk

TEXTS = ["사랑했던 배우가 예뻤어요ㅋㅋㅋ", "", "밥을 먹었다 ㅠㅠ 😀", "에이지 오브 울트론", "두 줄\n한 글", "진짜 재미있는 영화이다"]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_CACHE_DIR", str(tmp_path))
    return tmp_path / "tokens"


def test_whitespace_composes_but_never_folds():
    decomposed = unicodedata.normalize("NFD", "한국 영화ㅋㅋㅋ ㅡㅡ")
    assert tk.whitespace([decomposed, "", " 두\t칸\u3000셋 "]) == [["한국", "영화ㅋㅋㅋ", "ㅡㅡ"], [], ["두", "칸", "셋"]]
    assert "\u110f" not in "".join(tk.whitespace(["ㅋㅋㅋ"])[0])


def test_stems_get_their_ending():
    first, empty, second, title, two_lines, last = tk.morphemes(TEXTS, progress=False)
    assert first[:2] == ["사랑", "하다"] and {"배우", "예쁘다", "ㅋㅋㅋ"} <= set(first)
    assert empty == [] and {"밥", "먹다", "ㅠㅠ", "😀"} <= set(second)
    assert title == ["에이지_오브_울트론"], "a token must not contain a space"
    assert "한" in two_lines and {"재미있다", "영화", "이다"} <= set(last)
    ending = tk.morphemes(["하얀 집"], progress=False)[0]
    assert ending == ["하얗다", "ㄴ", "집"]
    everything = "".join(first + second + two_lines + last + ending)
    assert not any("\u1100" <= letter <= "\u11ff" for letter in everything), "conjoining jamo: fonts lack them"


def test_decomposed_text_gives_the_same_morphemes():
    assert tk.morphemes([unicodedata.normalize("NFD", TEXTS[0])], progress=False) == tk.morphemes(TEXTS[:1], progress=False)


def test_only_some_tags():
    assert tk.morphemes(["밥을 먹었다"], keep=("NN", "VV"), progress=False) == [["밥", "먹다"]]


def test_file_holds_the_same_as_memory(cache):
    file = tk.morphemes(TEXTS, cache="some", progress=False)
    assert list(file) == tk.morphemes(TEXTS, progress=False) and len(file) == len(TEXTS)
    assert file.path.parent == cache and file.path.read_bytes().count(b"\r") == 0


def test_second_call_analyses_nothing(cache, monkeypatch):
    file = tk.morphemes(TEXTS, cache="some", progress=False)
    monkeypatch.setattr(tk, "_tokenise", lambda *_: pytest.fail("analysed again"))
    assert tk.morphemes(iter_twice(TEXTS), cache="some", progress=False) == file


def iter_twice(texts):
    import pandas as pd

    return pd.Series(texts)


def test_other_texts_tags_or_versions_are_other_files(cache, monkeypatch):
    paths = {tk.morphemes(texts, cache="some", keep=keep, progress=False).path
             for texts, keep in ((TEXTS, None), (TEXTS[::-1], None), (TEXTS, ("NN",)), (["ab", "c"], None), (["a", "bc"], None))}
    monkeypatch.setattr("importlib.metadata.version", lambda _: "99")
    assert len(paths | {tk.morphemes(TEXTS, cache="some", progress=False).path}) == 6


def test_interruption_loses_little_and_leaves_no_half_file(cache, monkeypatch):
    texts = [f"{number}번째 영화를 보았다" for number in range(40)]
    analyse = tk._kiwi

    class Interrupted:
        def tokenize(self, remaining, **options):
            for number, result in enumerate(analyse(1).tokenize(list(remaining), **options)):
                if number == 25:
                    raise KeyboardInterrupt
                yield result

    monkeypatch.setattr(tk, "_kiwi", lambda workers: Interrupted())
    with pytest.raises(KeyboardInterrupt):
        tk.morphemes(texts, cache="some", progress=False)
    assert not list(cache.glob("*.txt"))
    part, = cache.glob("*.part")
    with open(part, "ab") as file:
        file.write("찢어진 줄".encode()[:-1])  # what a power cut may leave
    seen = []

    class Watching:
        def tokenize(self, remaining, **options):
            seen.extend(remaining)
            return analyse(1).tokenize(seen, **options)

    monkeypatch.setattr(tk, "_kiwi", lambda workers: Watching())
    file = tk.morphemes(texts, cache="some", progress=False)
    assert len(seen) == 15, "the first 25 were not done again"
    monkeypatch.undo()
    assert list(file) == tk.morphemes(texts, progress=False) and not part.exists()


@pytest.mark.parametrize("wrong", [
    lambda: tk.whitespace("글 하나"),
    lambda: tk.whitespace(["글", None]),
    lambda: tk.morphemes("글 하나", progress=False),
    lambda: tk.morphemes(["글", float("nan")], progress=False),
    lambda: tk.morphemes(iter(["글"]), cache="some", progress=False),
])
def test_wrong_input_is_explained_in_korean(cache, wrong):
    with pytest.raises(TypeError, match="[가-힣]"):
        wrong()


def test_half_a_surrogate_pair_does_not_stop_the_corpus():
    assert tk.morphemes(["\ud83d 영화"], progress=False)[0][-1] == "영화"
