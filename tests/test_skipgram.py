"""Skip-gram and CBOW against plain loops, autograd and gensim; interruptions that lose nothing."""

import os
import signal
import subprocess
import sys
import textwrap
import time
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_utils import _skipgram_kernels as kernels
from lab_utils import skipgram
from lab_utils.cooccurrence import build_vocabulary, encode
from lab_utils.similarity import unit_rows
from lab_utils.skipgram import CheckpointError, SkipGram, keep_probability, noise_distribution

LIMIT, POINTS = skipgram.LIMIT, 1 << 16
SIGMOIDS = (1 / (1 + np.exp(-((np.arange(POINTS) + 0.5) / POINTS * 2 * LIMIT - LIMIT)))).astype(np.float32)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def topics(sentences=1500, groups=4, size=6, length=8, seed=0):
    """A corpus in which a sentence keeps to one group of words, with one word that stands everywhere."""
    generator = np.random.default_rng(seed)
    return [[f"{group}-{word}" for word in generator.integers(size, size=length)] + ["는"]
            for group in generator.integers(groups, size=sentences)]


def purity(model, matrix=None):
    """Share of words whose nearest word is of their group."""
    words = [word for word in model.vocabulary_.words if word != "는"]
    rows = unit_rows((model.vectors_ if matrix is None else matrix)[[model.vocabulary_.index[word] for word in words]])
    cosines = rows @ rows.T - 9 * np.eye(len(words))
    return np.mean([words[i].split("-")[0] == word.split("-")[0] for i, word in zip(cosines.argmax(1), words, strict=True)])


# ── how words are drawn ──────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=300))
def test_alias_table_holds_the_shares(weights):
    shares = np.array(weights) / np.sum(weights)
    keep, other = kernels.alias_table(shares)
    drawn = keep.astype(float) / len(shares)
    np.add.at(drawn, other, (1 - keep.astype(float)) / len(shares))
    np.testing.assert_allclose(drawn, shares, atol=1e-6)


def test_words_are_drawn_with_their_shares():
    from scipy.stats import chisquare

    shares = noise_distribution([1000, 300, 300, 20, 5, 1])
    keep, other = kernels.alias_table(shares)
    state = np.array([7], np.uint64)
    drawn = np.bincount([kernels.draw(state, keep, other) for _ in range(40_000)], minlength=6)
    assert chisquare(drawn, shares * 40_000).pvalue > 1e-3
    assert chisquare(drawn, noise_distribution([1000, 300, 300, 20, 5, 1], 1) * 40_000).pvalue < 1e-9, "the test tells ¾ from 1"


def test_subsampling_and_noise_are_gensims():
    from gensim.models import Word2Vec

    sentences = topics(400) + [["는"] * 30] * 200
    theirs = Word2Vec(sentences, vector_size=2, min_count=1, sample=1e-3, negative=5, epochs=1, workers=1)
    counts = theirs.wv.expandos["count"]
    kept = np.array([theirs.wv.get_vecattr(word, "sample_int") for word in theirs.wv.index_to_key]) / (2**32 - 1)
    np.testing.assert_allclose(keep_probability(counts, 1e-3), kept, atol=1e-6)
    np.testing.assert_allclose(np.cumsum(noise_distribution(counts)), theirs.cum_table / theirs.cum_table[-1], atol=1e-6)
    assert (keep_probability(counts, 0) == 1).all()


# ── the step ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_step_is_the_gradient_of_the_loss():
    import torch

    generator = np.random.default_rng(0)
    words, contexts = generator.normal(0, 0.4, (2, 7, 12)).astype(np.float32)
    targets, rate = np.array([3, 0, 5, 6]), 0.1
    v = torch.tensor(words[2], dtype=torch.float64, requires_grad=True)
    c = torch.tensor(contexts, dtype=torch.float64, requires_grad=True)
    scores = c[targets] @ v
    loss = -torch.nn.functional.logsigmoid(scores[0]) - torch.nn.functional.logsigmoid(-scores[1:]).sum()
    loss.backward()
    moved, gradient = contexts.copy(), np.empty(12, np.float32)
    kernels._push(words, 2, moved, SIGMOIDS, LIMIT, targets, np.float32(rate), gradient)
    np.testing.assert_allclose(gradient, -rate * v.grad.numpy(), atol=1e-5)
    np.testing.assert_allclose(moved - contexts, -rate * c.grad.numpy(), atol=1e-5)


def test_far_beyond_the_table_the_sigmoid_is_0_or_1():
    words, contexts = np.full((1, 4), 3, np.float32), np.array([[3] * 4, [3] * 4, [-3] * 4], np.float32)
    gradient = np.empty(4, np.float32)
    kernels._push(words, 0, contexts, SIGMOIDS, LIMIT, np.array([0, 1, 2]), np.float32(0.1), gradient)
    np.testing.assert_allclose(contexts[[0, 2]], [[3] * 4, [-3] * 4])   # right and wrong, both beyond doubt: nothing moves
    np.testing.assert_allclose(contexts[1], [2.7] * 4, atol=1e-6)       # wrong, and held to be right: a full step


@pytest.mark.parametrize("cbow", [False, True])
def test_training_is_what_plain_loops_do(cbow):
    """With a window of 1 and always the same negative nothing is left to chance."""
    sentences = [["가", "나", "다", "라", "나"], ["라", "가"], ["다"], ["나", "나", "라", "다"]] * 5
    vocabulary = build_vocabulary(sentences)
    ids, offsets = encode(sentences, vocabulary)
    size, always = 6, vocabulary.index["다"]
    start = np.random.default_rng(1).normal(0, 0.3, (2, len(vocabulary), size))
    words, contexts = start.astype(np.float32)
    W, C = start[0].copy(), start[1].copy()
    rate, total, before = 0.2, 300, 40
    kept = kernels.train(ids, offsets, 0, len(offsets) - 1, np.ones(len(vocabulary), np.float32), np.zeros(len(vocabulary), np.float32),
                         np.full(len(vocabulary), always, np.int32), 1, 2, SIGMOIDS, LIMIT, words, contexts, rate, total, before, 0, cbow)
    assert kept == len(ids)
    for line in range(len(offsets) - 1):
        sentence, now = ids[offsets[line]:offsets[line + 1]], rate * (1 - (before + offsets[line]) / total)
        for i, centre in enumerate(sentence):
            around = [sentence[j] for j in (i - 1, i + 1) if 0 <= j < len(sentence)]
            for given_words in ([around] if cbow and around else [[word] for word in around]):
                given, moves = np.mean([W[word] for word in given_words], axis=0), np.zeros(size)
                for target, label in [(centre, 1), (always, 0), (always, 0)]:
                    if label == 0 and target == centre:
                        continue
                    step = now * (label - sigmoid(given @ C[target]))
                    moves += step * C[target]
                    C[target] += step * given
                for word in given_words:
                    W[word] += moves
    np.testing.assert_allclose(words, W, atol=2e-4)
    np.testing.assert_allclose(contexts, C, atol=2e-4)
    assert np.abs(W - start[0]).max() > 0.1


def test_the_reach_is_drawn_from_1_to_the_window():
    state = np.array([3], np.uint64)
    drawn = np.bincount([kernels._below(state, 5) for _ in range(20_000)], minlength=5)
    assert len(drawn) == 5 and np.abs(drawn / 20_000 - 0.2).max() < 0.015


# ── torch's way ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_windows_are_the_neighbours_within_reach():
    import torch

    sentence = np.repeat(np.arange(900), 8)
    ids = np.arange(len(sentence)) % 1000  # with the sentence's number this tells the place
    generator = torch.Generator().manual_seed(0)
    words, contexts = skipgram.windows(torch.tensor(ids), torch.tensor(sentence), torch.ones(1000), 3, generator)
    assert len(words) == len(ids)
    seen = {}
    for place, row in enumerate(contexts.tolist()):
        distances = sorted((c - ids[place] + 500) % 1000 - 500 for c in row if c >= 0)
        reach = max(map(abs, distances))
        expected = [d for d in range(-reach, reach + 1) if d and 0 <= place % 8 + d < 8]
        assert distances == expected, "all places within the reach, of the same sentence, each once"
        if place % 8 == 3:
            seen[reach] = seen.get(reach, 0) + 1
    assert seen.keys() == {1, 2, 3} and min(seen.values()) > 240


def test_windows_close_over_words_that_subsampling_removed():
    import torch

    keep = torch.tensor([1.0, 0.0, 1.0, 1.0])
    words, contexts = skipgram.windows(torch.tensor([0, 1, 2, 3, 1]), torch.tensor([0, 0, 0, 1, 1]), keep, 1, torch.Generator().manual_seed(0))
    assert words.tolist() == [0, 2] and contexts.tolist() == [[2, -1], [-1, 0]]


@pytest.mark.parametrize("method", ["skip-gram", "cbow"])
def test_torch_loss(method):
    import torch

    sentences = topics(20)
    vocabulary = build_vocabulary(sentences)
    ids, offsets = encode(sentences, vocabulary)
    model = SkipGram(dimensions=5, method=method, negatives=3, window=2, device="cpu")
    arrays = np.random.default_rng(0).normal(size=(2, len(vocabulary), 5)).astype(np.float32)
    training = skipgram._TorchTraining(model, vocabulary, ids, offsets, {"vectors": arrays[0].copy(), "contexts": arrays[1].copy()})
    word = torch.tensor([1, 4])
    context = torch.tensor([2, 5]) if method == "skip-gram" else torch.tensor([[2, 3, -1, -1], [5, -1, -1, 0]])
    got = float(training.loss(word, context, torch.Generator().manual_seed(1)).detach())
    chance = torch.rand(2, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64).numpy()
    wrong = np.searchsorted(np.cumsum(noise_distribution(vocabulary.counts)), chance)
    expected, (W, C) = 0.0, arrays.astype(float)
    for row in range(2):
        given = W[word[row]] if method == "skip-gram" else np.mean([W[c] for c in context[row] if c >= 0], axis=0)
        right = int(context[row] if method == "skip-gram" else word[row])
        expected -= np.log(sigmoid(given @ C[right])) + sum(np.log(sigmoid(-given @ C[n])) for n in wrong[row] if n != right)
    assert np.isclose(got, expected, rtol=1e-5)


def test_torch_gradients_are_sparse():
    import torch

    vocabulary = build_vocabulary(topics(50))
    ids, offsets = encode(topics(50), vocabulary)
    zeros = np.ones((len(vocabulary), 4), np.float32)
    training = skipgram._TorchTraining(SkipGram(device="cpu"), vocabulary, ids, offsets, {"vectors": zeros, "contexts": zeros.copy()})
    training.loss(torch.tensor([3, 3]), torch.tensor([1, 2]), torch.Generator()).backward()
    gradient = training.words.weight.grad
    assert gradient.is_sparse and gradient.coalesce().indices().tolist() == [[3]]


# ── what is learnt ───────────────────────────────────────────────────────────────────────────────────────────────────

KINDS = [("skip-gram", "numba", 0.025), ("cbow", "numba", 0.05), ("skip-gram", "torch", 0.1), ("cbow", "torch", 0.1)]


@pytest.mark.parametrize(("method", "backend", "rate"), KINDS)
def test_topics_are_found_and_a_shuffled_corpus_has_none(method, backend, rate):
    settings = {"dimensions": 20, "epochs": 6, "learning_rate": rate, "method": method, "backend": backend, "workers": 1,
                "device": "cpu", "subsample": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = SkipGram(**settings).fit(topics())
    assert model.vectors_.shape == model.context_vectors_.shape == (len(model.vocabulary_), 20)
    assert model.vectors_.dtype == model.context_vectors_.dtype == np.float32
    assert purity(model) == 1
    flat = [word for sentence in topics() for word in sentence]
    order = np.random.default_rng(0).permutation(len(flat))
    mixed = [[flat[i] for i in order[start:start + 9]] for start in range(0, len(flat), 9)]
    assert purity(SkipGram(**settings).fit(mixed)) < 0.7


@pytest.mark.parametrize("method", ["skip-gram", "cbow"])
def test_cosines_agree_with_gensims(method):
    """Two corpora of one kind: ours on one is as near to gensim's on it as gensim is to itself with another seed."""
    from gensim.models import Word2Vec
    from scipy.stats import spearmanr

    generator = np.random.default_rng(0)
    places = generator.normal(size=(60, 3))  # words near in space stand together
    chance = np.exp(-((places[:, None] - places) ** 2).sum(-1))
    chance /= chance.sum(1, keepdims=True)
    sentences = [[f"w{generator.choice(60, p=chance[centre])}" for _ in range(7)] for centre in generator.integers(60, size=3000)]
    how = {"vector_size": 30, "window": 3, "negative": 5, "min_count": 5, "sample": 0, "epochs": 8, "workers": 1, "sg": int(method == "skip-gram")}

    def cosines(matrix, vocabulary):
        rows = unit_rows(matrix[[vocabulary.index[f"w{i}"] for i in range(60)]])
        return (rows @ rows.T)[np.triu_indices(60, 1)]

    from lab_utils.vectors import from_keyed_vectors

    theirs = [cosines(*from_keyed_vectors(Word2Vec(sentences, seed=seed, **how).wv)) for seed in (1, 2)]
    ours = SkipGram(dimensions=30, window=3, epochs=8, subsample=0, workers=1, method=method).fit(sentences)
    to_itself = spearmanr(*theirs).statistic
    to_ours = spearmanr(theirs[0], cosines(ours.vectors_, ours.vocabulary_)).statistic
    assert to_itself > 0.9 and to_ours > to_itself - 0.03, (to_itself, to_ours)
    norms = np.linalg.norm(ours.vectors_, axis=1).mean()
    assert 0.7 < norms / np.linalg.norm(Word2Vec(sentences, seed=1, **how).wv.vectors, axis=1).mean() < 1.4


def test_same_seed_same_vectors():
    models = [SkipGram(dimensions=8, epochs=2, workers=1, seed=seed).fit(topics(300)) for seed in (0, 0, 1)]
    assert (models[0].vectors_ == models[1].vectors_).all() and (models[0].context_vectors_ == models[1].context_vectors_).all()
    assert not np.allclose(models[0].vectors_, models[2].vectors_, atol=1e-3)


def test_chunks_of_any_size_cover_the_corpus(monkeypatch):
    for size in (1, 7, 100, 10**6):
        monkeypatch.setattr(skipgram, "CHUNK_WORDS", size)
        offsets = np.array([0, 3, 3, 4, 40, 41, 41])
        cuts = skipgram._cuts(offsets)
        assert cuts[0] == 0 and cuts[-1] == len(offsets) - 1 and (np.diff(cuts) > 0).all()
    monkeypatch.setattr(skipgram, "CHUNK_WORDS", 500)
    assert purity(SkipGram(dimensions=20, epochs=6, workers=3, subsample=0).fit(topics())) == 1


def test_files_and_lists_and_iterators_are_the_same_corpus(tmp_path):
    sentences = topics(200)
    (tmp_path / "corpus.txt").write_text("".join(" ".join(s) + "\n" for s in sentences), encoding="utf-8")
    fits = [SkipGram(dimensions=4, epochs=1, workers=1).fit(c) for c in (sentences, tmp_path / "corpus.txt", iter(sentences))]
    assert all((fit.vectors_ == fits[0].vectors_).all() and fit.vocabulary_.words == fits[0].vocabulary_.words for fit in fits)


def test_min_count_and_max_vocabulary():
    sentences = topics(200) + [["드문"], ["드문"]]
    assert "드문" not in SkipGram(dimensions=2, epochs=1, min_count=3).fit(sentences).vocabulary_
    assert len(SkipGram(dimensions=2, epochs=1, max_vocabulary=7).fit(sentences).vocabulary_) == 7


@pytest.mark.parametrize("wrong", [
    {"dimensions": 0}, {"window": 0}, {"window": 2.5}, {"negatives": 0}, {"epochs": -1}, {"workers": 0}, {"learning_rate": 0},
    {"learning_rate": float("nan")}, {"subsample": -1}, {"method": "skipgram"}, {"backend": "jax"}, {"min_count": True},
])  # fmt: skip
def test_settings_out_of_range(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SkipGram(**wrong).fit(topics(30))


@pytest.mark.parametrize("corpus", [[], [[]], [["가"] * 50], [["가", "나"]]])
def test_a_corpus_with_nothing_to_learn(corpus):
    with pytest.raises(ValueError, match="min_count"):
        SkipGram().fit(corpus)


def test_a_text_is_no_corpus():
    with pytest.raises(TypeError, match="문자열"):
        SkipGram().fit("영화가 재미있다")


def test_sentences_of_one_word_train_nothing():
    model = SkipGram(dimensions=3, epochs=2, workers=1).fit([["가"], ["나"], []] * 20)
    assert (model.context_vectors_ == 0).all() and np.abs(model.vectors_).max() <= 1 / 3


# ── interruptions ────────────────────────────────────────────────────────────────────────────────────────────────────

JOB = textwrap.dedent("""
    import sys
    sys.path[:0] = [{root!r}, {tests!r}]
    from test_skipgram import topics
    from lab_utils.skipgram import SkipGram
    import numpy as np
    model = SkipGram(dimensions=32, epochs={epochs}, workers=1, backend={backend!r}, device="cpu", learning_rate=.05)
    try:
        model.fit(topics({sentences}), checkpoint={checkpoint!r})
    except KeyboardInterrupt:
        assert np.abs(model.context_vectors_).max() > 0, "the model so far is kept"
        print("interrupted", flush=True)
        model.fit(topics({sentences}), checkpoint={checkpoint!r})
    np.save({result!r}, np.array([model.vectors_, model.context_vectors_]))
""")


def job(tmp_path, backend, epochs, sentences=700):
    here = Path(__file__).resolve().parent
    code = JOB.format(root=str(here.parent), tests=str(here), epochs=epochs, backend=backend, sentences=sentences, checkpoint=str(tmp_path / "c.npz"),
                      result=str(tmp_path / "result.npy"))
    return [sys.executable, "-c", code]


def until(condition, process, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None and time.monotonic() < end, "ended before it could be interrupted"
        time.sleep(0.005)


def epochs_done(path):
    try:
        with np.load(path) as file:
            return int(file["epoch"])
    except FileNotFoundError:
        return 0


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX")
@pytest.mark.parametrize(("backend", "epochs", "sentences", "rounds"), [("numba", 80, 700, 2), ("torch", 4, 150, 1)])
def test_killed_and_resumed_is_as_if_nothing_had_happened(backend, epochs, sentences, rounds, tmp_path):
    checkpoint, last = tmp_path / "c.npz", 0
    for _ in range(rounds):
        process = subprocess.Popen(job(tmp_path, backend, epochs, sentences))
        until(lambda: epochs_done(checkpoint) > last, process)  # noqa: B023
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        last = epochs_done(checkpoint)
        assert 0 < last < epochs
    subprocess.run(job(tmp_path, backend, epochs, sentences), check=True)
    expected = SkipGram(dimensions=32, epochs=epochs, workers=1, backend=backend, device="cpu", learning_rate=.05).fit(topics(sentences))
    assert (np.load(tmp_path / "result.npy") == [expected.vectors_, expected.context_vectors_]).all()


@pytest.mark.skipif(os.name == "nt", reason="POSIX")
def test_keyboard_interrupt_keeps_the_model_and_resumes(tmp_path):
    process = subprocess.Popen(job(tmp_path, "numba", 80), stdout=subprocess.PIPE, text=True)
    until(lambda: epochs_done(tmp_path / "c.npz") > 0, process)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[0].strip() == "interrupted" and process.returncode == 0
    expected = SkipGram(dimensions=32, epochs=80, workers=1, learning_rate=.05).fit(topics(700))
    assert (np.load(tmp_path / "result.npy") == [expected.vectors_, expected.context_vectors_]).all()


def test_a_finished_checkpoint_is_the_model(tmp_path):
    first = SkipGram(dimensions=4, epochs=2).fit(topics(50), tmp_path / "c")
    again = SkipGram(dimensions=4, epochs=2, workers=1).fit(topics(50), tmp_path / "c")  # the number of workers may change
    assert (first.vectors_ == again.vectors_).all() and (first.context_vectors_ == again.context_vectors_).all()
    assert [file.name for file in tmp_path.iterdir()] == ["c"]


@pytest.mark.parametrize(("change", "named"), [({"window": 3}, "window"), ({"epochs": 9}, "epochs"), ({"seed": 5}, "seed"), (None, "corpus")])
def test_a_checkpoint_of_something_else(change, named, tmp_path):
    settings = {"dimensions": 4, "epochs": 1}
    SkipGram(**settings).fit(topics(50), tmp_path / "c")
    with pytest.raises(CheckpointError, match=rf"다릅니다: {named}\.\n.*해결"):
        SkipGram(**settings | (change or {})).fit(topics(50, seed=0 if change else 1), tmp_path / "c")


def test_a_damaged_checkpoint(tmp_path):
    path = tmp_path / "c"
    SkipGram(dimensions=4, epochs=1).fit(topics(50), path)
    content = path.read_bytes()
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 0xFF
    for damaged in (b"", content[:100], content[:-30], content[: len(content) // 2], bytes(flipped), b"x" * 500):
        path.write_bytes(damaged)
        with pytest.raises(CheckpointError, match="원인.*\n.*해결"):
            SkipGram(dimensions=4, epochs=1).fit(topics(50), path)
