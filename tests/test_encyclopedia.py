"""The Korean mini-encyclopedia: rebuilt byte for byte, unique, balanced, correct particles, every listed word covered."""

import csv
import importlib.util
import re
import statistics
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "data" / "encyclopedia"


def read(name):
    """Rows of a tab-separated file as dicts (no quoting: Korean quotation marks are plain characters)."""
    with open(FOLDER / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("encyclopedia_build", FOLDER / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows(build):
    return build.generate()


@pytest.fixture(scope="module")
def sentences():
    return [row["sentence"] for row in read("sentences.tsv")]


@pytest.fixture(scope="module")
def facts():
    return tomllib.loads((FOLDER / "facts.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def nouns(facts):
    """Every noun that frames put a particle on."""
    found = set()
    for topic, items in facts.items():
        if topic == "family":
            found |= {pair[gender] for pair in items for gender in ("male", "female")}
            continue
        found |= set(items)
        for entry in items.values():
            found |= {value for key, value in entry.items() if isinstance(value, str) and key not in ("kind", "genre")}
    return found


@pytest.fixture(scope="module")
def counts(sentences):
    """How often each morpheme occurs, verbs as stem + 다."""
    from kiwipiepy import Kiwi

    return Counter(
        token.form + ("다" if token.tag[0] == "V" else "")
        for tokens in Kiwi(num_workers=1).tokenize(sentences) for token in tokens)


def test_the_recipe_reproduces_the_files(build):
    tables = build.tables()
    assert set(tables) == {"sentences.tsv", "polysemy.tsv"}
    for name, content in tables.items():
        assert (FOLDER / name).read_bytes() == content.encode(), f"{name}: run data/encyclopedia/build.py"


def test_size_and_uniqueness(sentences):
    assert len(sentences) >= 3000
    assert len(set(sentences)) == len(sentences)


def test_many_sentences_are_written_by_hand(build, rows):
    written = build.written()
    assert len(written) >= 600
    assert sum(not frame for _, _, frame in rows) == len(written)


def test_characters_and_spaces(sentences):
    odd = [s for s in sentences if re.search(r"[^가-힣 .,?:“”〈〉]", s) or "  " in s or s != s.strip()]
    assert not odd, odd[:5]
    assert all(re.search(r"[.?]”?$", s) for s in sentences)
    assert not [s for s in sentences if unicodedata.normalize("NFC", s) != s]


def test_lengths_are_spread(sentences):
    lengths = [len(s.split()) for s in sentences]
    assert 3 <= min(lengths) and max(lengths) <= 25
    assert statistics.pstdev(lengths) > 1.8
    assert sum(n <= 5 for n in lengths) > 300 and sum(n >= 11 for n in lengths) > 300


def test_no_frame_dominates(build, rows):
    used = Counter(frame for _, _, frame in rows if frame)
    assert max(used.values()) <= 0.03 * len(rows)
    assert len(used) > 200


def test_no_sentence_is_a_grid_of_names(rows, nouns):
    """Replace every item name: at most 25 sentences may then be equal."""
    names = re.compile("|".join(sorted(map(re.escape, nouns), key=len, reverse=True)))
    forms = {"는": "은", "가": "이", "를": "을", "와": "과", "로": "으로", "다": "이다", "라고": "이라고"}
    particle = re.compile(r"(?<=◯)(이라고|라고|이다|으로|은|는|이|가|을|를|과|와|로|다)(?=[ .,?”])")
    skeletons = Counter(
        particle.sub(lambda match: forms.get(match[0], match[0]), names.sub("◯", sentence))
        for sentence, _, frame in rows if frame)
    worst = skeletons.most_common(3)
    assert worst[0][1] <= 25, worst


PAIRS = [("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("이라고", "라고"), ("으로", "로")]


def closed(word):
    """Return the final consonant as a conjoining letter, "" after a vowel; independent of build.py."""
    last = unicodedata.normalize("NFD", word[-1])
    return last[2:]


def test_particles_follow_the_final_consonant(sentences, nouns):
    right, wrong = {}, {}
    for noun in nouns:
        for after_consonant, after_vowel in PAIRS:
            is_closed = bool(closed(noun)) and not (after_consonant == "으로" and closed(noun) == "\u11af")
            good, bad = (after_consonant, after_vowel) if is_closed else (after_vowel, after_consonant)
            right[noun + good] = noun
            wrong[noun + bad] = noun
    seen = Counter()
    mistakes = []
    for sentence in sentences:
        for word in re.findall(r"[가-힣]+", sentence):
            seen[right.get(word)] += 1
            if word in wrong and word not in right and word != "달라고":  # 달라고 is a verb: 돈을 달라고 하다
                mistakes.append((word, sentence))
    assert not mistakes, mistakes[:5]
    assert len(seen) > 400


@pytest.mark.parametrize(("word", "particle", "expected"), [
    ("고양이", "은", "고양이는"), ("서울", "은", "서울은"), ("서울", "으로", "서울로"), ("방콕", "으로", "방콕으로"),
    ("도쿄", "이다", "도쿄다"), ("왕", "이라고", "왕이라고"), ("공주", "이었다", "공주였다"), ("사과", "과", "사과와"),
])
def test_particle(build, word, particle, expected):
    assert build.with_particle(word, particle) == expected


@pytest.mark.parametrize(("predicate", "ending", "expected"), [
    ("쥐를 잡다", "는", "쥐를 잡는"), ("굴에 살다", "는", "굴에 사는"), ("굴에 살다", "다", "굴에 산다"),
    ("무겁다", "는", "무거운"), ("꼬리가 길다", "는", "꼬리가 긴"), ("까맣다", "는", "까만"), ("집을 짓다", "을", "집을 지을"),
    ("수염이 있다", "다", "수염이 있다"), ("수염이 있다", "는", "수염이 있는"), ("개의 조상이다", "는", "개의 조상인"),
    ("개의 조상이다", "다고", "개의 조상이라고"), ("요리이다", "다고", "요리라고"), ("국에 넣어 끓이다", "다", "국에 넣어 끓인다"),
    ("산을 물들이다", "는", "산을 물들이는"),
    ("길을 열었다", "는", "길을 연"), ("규칙을 정했다", "다고", "규칙을 정했다고"), ("르네상스를 꽃피웠다", "는", "르네상스를 꽃피운"),
    ("모이를 쪼다", "으며", "모이를 쪼며"), ("풀을 뜯다", "으며", "풀을 뜯으며"), ("수술을 돕다", "을", "수술을 도울"),
])
def test_conjugation(build, predicate, ending, expected):
    assert build.conjugate(predicate, ending) == expected


def test_a_past_event_is_no_habit(build):
    with pytest.raises(ValueError):
        build.conjugate("길을 열었다", "기도")


def test_every_category_word_occurs_often(counts):
    categories = read("categories.tsv")
    words = [row["word"] for row in categories]
    assert len(set(words)) == len(words)
    assert len({row["category"] for row in categories}) >= 10
    rare = [(word, counts[word]) for word in words if counts[word] < 8]
    assert not rare, rare


def test_every_analogy_is_answerable(counts):
    items = read("analogies.tsv")
    assert len(items) >= 150
    assert len({tuple(row.values()) for row in items}) == len(items)
    assert {"capital-country", "male-female", "job-workplace"} <= {row["section"] for row in items}
    for row in items:
        words = [row[key] for key in "abcd"]
        assert len(set(words)) == 4, row
        assert all(counts[word] >= 8 for word in words), row


def test_polysemy_senses(sentences):
    known, items = set(sentences), read("polysemy.tsv")
    senses = Counter((row["word"], row["sense"]) for row in items)
    assert len(senses) == 13 and {word for word, _ in senses} == {"배", "사과", "눈", "차", "신", "밤"}
    assert min(senses.values()) >= 15
    assert all(row["word"] in row["sentence"] and row["sentence"] in known for row in items)
