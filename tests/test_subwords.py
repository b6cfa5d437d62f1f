"""Subwords against other implementations: `tokenizers` for BPE and Viterbi, enumeration for the unigram model."""

import math
import unicodedata
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from lab_utils import subwords

SYLLABLES = [chr(code) for code in range(0xAC00, 0xD7A4)]
hangul = st.text(st.sampled_from("가각간고나다라마바사아자하한글ㅋㅠa1 "), min_size=1, max_size=8)
words = st.dictionaries(st.text(st.sampled_from("가나다라"), min_size=1, max_size=6), st.integers(1, 9), min_size=1, max_size=8)


# ── letters ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_parts_of_all_syllables_agree_with_unicode():
    for syllable in SYLLABLES:
        initial, vowel, final = subwords._parts(syllable)
        assert subwords.jamo(syllable) == chr(0x1100 + initial) + chr(0x1161 + vowel) + (chr(0x11A7 + final) if final else "")
        assert subwords._syllable(initial, vowel, final) == syllable
    assert [len(letters) for letters in (subwords.INITIALS, subwords.VOWELS, subwords.FINALS)] == [19, 21, 28]
    for place, (letters, name) in enumerate([(subwords.INITIALS, "CHOSEONG"), (subwords.VOWELS, "JUNGSEONG"), (subwords.FINALS, "JONGSEONG")]):
        for number, letter in enumerate(letters):
            if letter:
                conjoining = unicodedata.name(chr((0x1100, 0x1161, 0x11A7)[place] + number))
                assert conjoining == unicodedata.name(letter).replace("LETTER", name)


@given(hangul)
def test_jamo_come_back(text):
    assert unicodedata.normalize("NFC", subwords.jamo(text)) == text


def test_chat_jamo_stay_as_they_are():
    assert subwords.jamo("ㅋㅋㅠㅠ") == "ㅋㅋㅠㅠ" != unicodedata.normalize("NFKC", "ㅋㅋㅠㅠ")


@settings(max_examples=200)
@given(st.text(st.sampled_from(SYLLABLES), min_size=1, max_size=5), st.integers(0, 10**6))
def test_a_typo_changes_one_letter_to_a_neighbouring_key(word, seed):
    wrong = subwords.typo(word, np.random.default_rng(seed))
    assert len(wrong) == len(word) and all("가" <= character <= "힣" for character in wrong)
    changed = [(a, b) for a, b in zip(word, wrong, strict=True) if a != b]
    if wrong != word:
        assert len(changed) == 1
        letters = [(set_[a], set_[b]) for set_, a, b in zip(
            (subwords.INITIALS, subwords.VOWELS, subwords.FINALS), *(subwords._parts(c) for c in changed[0]), strict=True) if a != b]
        assert len(letters) == 1
        row = next(row for row in subwords.KEYBOARD if letters[0][0] in row)
        assert abs(row.index(letters[0][0]) - row.index(letters[0][1])) == 1


def test_typos_are_drawn_from_all_letters_and_by_seed():
    drawn = Counter(subwords.typo("감독", np.random.default_rng(seed)) for seed in range(400))
    assert {"갇독", "감족", "깅독"} & set(drawn) and len(drawn) >= 8 and "감독" not in drawn
    assert subwords.typo("감독", np.random.default_rng(3)) == subwords.typo("감독", np.random.default_rng(3))
    assert subwords.typo("abc", np.random.default_rng(0)) == "abc"


# ── BPE ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def merges_of_tokenizers(counts, n_merges):
    """The merge list of the `tokenizers` library for the same words."""
    import json

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    alphabet = len(set("".join(counts)))
    trainer = trainers.BpeTrainer(vocab_size=alphabet + 2 * n_merges + 5, show_progress=False, special_tokens=[])
    tokenizer.train_from_iterator((word for word, times in counts.items() for _ in range(times)), trainer)
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return [tuple(pair) for pair in merges][:n_merges], tokenizer


@settings(max_examples=150, deadline=None)
@given(words)
def test_bpe_merges_are_those_of_tokenizers(counts):
    theirs, _ = merges_of_tokenizers(counts, 12)
    assert subwords.learn_bpe(counts, 12) == theirs


@settings(max_examples=100, deadline=None)
@given(words, st.text(st.sampled_from("가나다라"), min_size=1, max_size=8))
def test_bpe_pieces_are_those_of_tokenizers(counts, word):
    counts = counts | {word: 1}
    merges = subwords.learn_bpe(counts, 30)
    _, tokenizer = merges_of_tokenizers(counts, 30)
    model = Tokenizer(models.BPE(vocab=tokenizer.get_vocab(), merges=merges))
    assert list(subwords.apply_bpe(word, merges)) == model.encode(word).tokens


def test_bpe_by_hand():
    counts = {"먹고": 5, "먹는": 3, "자고": 4, "자는": 2, "가고": 1}
    assert subwords.learn_bpe(counts, 3) == [("먹", "고"), ("자", "고"), ("먹", "는")]
    assert subwords.learn_bpe({"가": 3}, 5) == []
    assert subwords.merge_pair(("가", "가", "가"), ("가", "가")) == ("가가", "가")
    assert subwords.apply_bpe("먹고자고", [("먹", "고"), ("자", "고")]) == ("먹고", "자고")


# ── the unigram model ────────────────────────────────────────────────────────────────────────────────────────────────

PIECES = ["가", "나", "다", "가나", "나다", "가나다", "다가", "나나"]


def all_segmentations(word):
    """Every way to cut a word."""
    if not word:
        yield []
    for end in range(1, len(word) + 1):
        for rest in all_segmentations(word[end:]):
            yield [word[:end], *rest]


models_ = st.dictionaries(st.sampled_from(PIECES), st.floats(0.01, 1), min_size=1).map(
    lambda weights: {piece: math.log(weight / sum(weights.values())) for piece, weight in weights.items()})
short = st.text(st.sampled_from("가나다"), min_size=1, max_size=8)


@settings(max_examples=200)
@given(short, models_)
def test_viterbi_is_the_best_of_all(word, log_probability):
    scores = [sum(log_probability[p] for p in cut) for cut in all_segmentations(word) if all(p in log_probability for p in cut)]
    pieces, log_p = subwords.best_segmentation(word, log_probability)
    if not scores:
        assert (pieces, log_p) == ([], -math.inf)
        return
    assert log_p == pytest.approx(max(scores)) == pytest.approx(sum(log_probability[p] for p in pieces))
    assert "".join(pieces) == word


@settings(max_examples=200)
@given(short, models_)
def test_expected_counts_are_those_of_enumeration(word, log_probability):
    weights = [(cut, math.exp(sum(log_probability[p] for p in cut)))
               for cut in all_segmentations(word) if all(p in log_probability for p in cut)]
    counts, log_p = subwords.expected_counts(word, log_probability)
    total = sum(weight for _, weight in weights)
    if not weights:
        assert not counts and log_p == -math.inf
        return
    expected = Counter()
    for cut, weight in weights:
        for piece in cut:
            expected[piece] += weight / total
    assert log_p == pytest.approx(math.log(total))
    assert counts == pytest.approx(dict(expected))


@settings(max_examples=50)
@given(words)
def test_em_never_loses_likelihood(counts):
    substrings = Counter(word[i:j] for word in counts for i in range(len(word)) for j in range(i + 1, len(word) + 1))
    log_probability = {piece: math.log(times / substrings.total()) for piece, times in substrings.items()}
    likelihoods = []
    for _ in range(6):
        log_probability, likelihood = subwords.em_step(counts, log_probability)
        likelihoods.append(likelihood)
        assert sum(map(math.exp, log_probability.values())) == pytest.approx(1)
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(likelihoods))


@settings(max_examples=50, deadline=None)
@given(words, st.lists(short, min_size=1, max_size=5))
def test_viterbi_cuts_as_tokenizers_does(counts, others):
    log_probability = subwords.fit_unigram(counts | {word: 1 for word in others}, size=12)
    # Equal scores may be cut either way: let every piece have a score of its own.
    log_probability = {piece: value - 1e-3 * math.sqrt(number + 2) for number, (piece, value) in enumerate(sorted(log_probability.items()))}
    tokenizer = Tokenizer(models.Unigram([("<unk>", -99.0), *log_probability.items()], unk_id=0))
    for word in [*counts, *others]:
        assert tokenizer.encode(word).tokens == subwords.best_segmentation(word, log_probability)[0]


def test_unigram_keeps_useful_pieces_and_all_characters():
    stems, endings = "먹자웃걷뛰읽쓰듣보잡놓열닫찾믿", ("었습니다", "는다", "겠지만", "으니까")
    counts = {stem + ending: 1 + 12 // (1 + 3 * i + j) for i, stem in enumerate(stems) for j, ending in enumerate(endings)}
    characters = set("".join(counts))
    log_probability = subwords.fit_unigram(counts, size=len(characters) + 4)
    assert set(log_probability) == characters | set(endings)
    assert subwords.best_segmentation("뛰었습니다", log_probability)[0] == ["뛰", "었습니다"]
    assert sum(map(math.exp, log_probability.values())) == pytest.approx(1)
    assert len(subwords.fit_unigram(counts, size=len(characters) + 20)) <= len(characters) + 20


# ── unknown words and units ──────────────────────────────────────────────────────────────────────────────────────────


def test_eojeols_lose_only_the_punctuation_around_them():
    assert subwords.eojeols("“나는, ㅋㅋㅋ 3.5점!” 하고…") == ["나는", "ㅋㅋㅋ", "3.5점", "하고"]
    assert subwords.eojeols(subwords.jamo("한글")) == ["한글"]


def test_vocabulary_growth_counts():
    train, held = [["가", "나"], ["가", "다"], ["라"], ["가"]], [["가", "마"], ["라", "다"]]
    table = subwords.vocabulary_growth(train, held, steps=3)
    assert table.to_numpy().tolist() == [[1, 2, 2, 0.75], [2, 4, 3, 0.5], [4, 6, 4, 0.25]]


@pytest.fixture(scope="module")
def sentences():
    from lab_utils import datasets

    return [subwords.eojeols(text) for text in datasets.load("encyclopedia").sentence[:700]]


def test_vectors_of_unknown_words(sentences):
    unknown = "고양이한테서까지도"
    plain = subwords.word_vectors(sentences, "Word2Vec", epochs=1)
    assert plain(unknown) is None and plain("있다").shape == (50,)
    for kind in subwords.KINDS[1:]:
        vector, again = (subwords.word_vectors(sentences, kind, seed=3, epochs=1) for _ in range(2))
        assert np.isfinite(vector(unknown)).all() and np.array_equal(vector(unknown), again(unknown)), kind
    with pytest.raises(ValueError, match="FastText, 자모"):
        subwords.word_vectors(sentences, "GloVe")


def test_the_control_knows_nothing_but_spelling(sentences):
    vector = subwords.word_vectors(sentences, "자모 조각, 배우지 않음")

    def pieces(word):
        text = f"<{subwords.jamo(word)}>"
        return {text[i:i + n] for n in range(3, 7) for i in range(len(text) - n + 1)}

    words = sorted({word for sentence in sentences for word in sentence if len(word) >= 3})[:150]
    cosines, overlaps = [], []
    for a, b in pairwise(words):
        u, v = vector(a), vector(b)
        cosines.append(u @ v / np.linalg.norm(u) / np.linalg.norm(v))
        overlaps.append(len(pieces(a) & pieces(b)) / math.sqrt(len(pieces(a)) * len(pieces(b))))
    assert np.corrcoef(cosines, overlaps)[0, 1] > 0.8


def test_trials_count_what_they_say(sentences):
    train, held = sentences[:550], sentences[550:]
    items = subwords.unknown_word_items(train, held, n_typos=60)
    trials = subwords.word_trials(train, items, seeds=(1,), kinds=("Word2Vec", "자모 조각, 배우지 않음"))
    known = {word for sentence in train for word in sentence}
    assert not set(trials.낱말) & known and set(trials.시험) == {"오타", "활용형"}
    without = trials[trials.모델 == "Word2Vec"]
    assert (without.맞음 == 0).all() and (without.답 == "").all() and (without.역순위 == 0).all()
    spelled = trials[trials.모델 != "Word2Vec"]
    assert set(spelled.답) <= known and ((spelled.역순위 == 1) == (spelled.맞음 == 1)).all()
    assert spelled.맞음.mean() > 5 * spelled.우연.mean()
    summary = subwords.trial_summary(trials)
    assert summary.낱말.sum() == 2 * trials.groupby("시험").낱말.nunique().sum() and (summary.아래 <= summary.맞음).all()


def test_a_known_word_is_no_answer_to_itself(sentences):
    known = sorted({word for sentence in sentences for word in sentence if sum(word in s for s in sentences) >= 2})[:5]
    items = [("아는 오타", word, {"있다", "어휘에 없는 말"}) for word in known]
    trials = subwords.word_trials(sentences, items, seeds=(1,), kinds=("Word2Vec", "자모 조각, 배우지 않음"))
    assert (trials.답 != trials.낱말).all() and (trials.답 != "").all() and (trials.역순위 > 0).all()
    assert trials.우연.nunique() == 1 and 0 < trials.우연.iloc[0] < 0.01


def test_units_of_text():
    texts = ["먹고 먹는 먹었다", "잡고 잡는 잡았다", "먹고 잡았다!"] * 20
    table = subwords.compare_units(texts, ["먹고 뷁는"], [text.split() for text in texts], [["먹", "고", "뷁", "는"]], size=40)
    last = table.groupby("단위").last()
    assert last.loc["어절", ["모르는 비율", "어절당 토큰"]].tolist() == [0.5, 1]
    assert last.loc["형태소", "어절당 토큰"] == 2
    for name in ("BPE 40", "유니그램 40"):
        assert 0 < last.loc[name, "모르는 비율"] < 1 and last.loc[name, "종류"] <= 40  # 뷁 was never seen
