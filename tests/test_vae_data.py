"""Reviews as arrays, the order of the batches, the split, and the numbers that say how good a model is."""

import json
import math
import os
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import tiny_vae
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_vae import one_thread  # noqa: F401
from tokenizers import Tokenizer

from lab_utils.vae import data, metrics, training
from lab_utils.vae.data import Batches, TokenArray, prepare, split
from lab_utils.vae.metrics import bleu
from lab_utils.vae.pretrained import TransformerVAE

# ── batches ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=120), st.integers(1, 200), st.integers(0, 5), st.data())
def test_an_epoch_deals_every_review_once_and_lengths_never_mix(lengths, budget, seed, chance):
    lengths = np.array(lengths)
    members = np.array(chance.draw(st.lists(st.sampled_from(range(len(lengths))), min_size=1, unique=True)))
    batches = Batches(lengths, members, budget, seed)
    for epoch in range(3):
        dealt = [batches[epoch * batches.per_epoch + place] for place in range(batches.per_epoch)]
        assert sorted(np.concatenate(dealt)) == sorted(members)
        for batch in dealt:
            assert len(set(lengths[batch])) == 1
            assert len(batch) == 1 or len(batch) * (lengths[batch[0]] + 1) <= budget


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(0, 3))
def test_a_step_number_fixes_the_batch(step, seed):
    array = tiny_vae.array()
    used = Batches(array.lengths, array.of(0), 64, seed)
    for other in (0, step + 1, step // 2):
        used[other]
    fresh = Batches(array.lengths, array.of(0), 64, seed)
    np.testing.assert_array_equal(fresh[step], used[step])
    np.testing.assert_array_equal(fresh[step], fresh[step])


def test_epochs_and_seeds_differ():
    array = tiny_vae.array()
    first, second = (Batches(array.lengths, array.of(0), 64, seed) for seed in (0, 1))
    order = [np.concatenate([first[epoch * first.per_epoch + i] for i in range(first.per_epoch)]).tolist() for epoch in (0, 1)]
    order.append(np.concatenate([second[i] for i in range(second.per_epoch)]).tolist())
    assert len({tuple(numbers) for numbers in order}) == 3
    lengths = array.lengths[order[0]]
    assert (np.diff(lengths) != 0).sum() > 7, "batches of one length must not follow each other in order of length"


# ── arrays ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_array_comes_back_from_its_file(tmp_path):
    array = tiny_vae.array()
    array.scores[3] = np.nan
    array.save(tmp_path / "tokens.npz")
    again = TokenArray.load(tmp_path / "tokens.npz")
    for name in ("tokens", "starts", "lengths", "scores", "parts"):
        np.testing.assert_array_equal(getattr(again, name), getattr(array, name))
    assert sorted(np.concatenate([again.of(part) for part in range(5)])) == list(range(200))


def test_lengths_above_255_survive(tmp_path):
    lengths = np.array([300, 2, 256], np.int32)
    array = TokenArray(np.arange(558, dtype=np.uint16), np.array([0, 300, 302], np.int32), lengths, np.zeros(3, np.float32), np.zeros(3, np.uint8))
    array.save(tmp_path / "tokens.npz")
    np.testing.assert_array_equal(TokenArray.load(tmp_path / "tokens.npz").lengths, lengths)


def test_a_corpus_gathers_the_reviews_of_one_length():
    array = tiny_vae.array()
    corpus = training.Corpus(array, "cpu")
    members = np.flatnonzero(array.lengths == 5)
    tokens, scores = corpus.gather(members)
    for row, score, i in zip(tokens.tolist(), scores.tolist(), members, strict=True):
        assert row == array.tokens[array.starts[i]: array.starts[i] + 5].tolist() and score == array.scores[i]


# ── split ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 15), st.integers(1, 5)), min_size=1, max_size=200), st.integers(0, 9))
def test_no_movie_is_in_two_parts_and_no_middle_review_is_seen(rows, seed):
    frame = pd.DataFrame(rows, columns=["group", "score"])
    parts = split(frame, seed)
    assert ((frame["score"] == 3) == np.isin(parts, (3, 4))).all()
    side = np.where(np.isin(parts, (2, 4)), 2, parts)  # of middle reviews it is only known whether the movie is of the test part
    for _, of_movie in pd.Series(side).groupby(frame["group"].to_numpy()):
        assert len(set(of_movie) - {3}) <= 1
        assert not (2 in set(of_movie) and 3 in set(of_movie))
    np.testing.assert_array_equal(parts, split(frame, seed))


def test_the_published_test_part_stays_it():
    frame = pd.DataFrame({"score": [1, 5] * 500, "split": ["train"] * 700 + ["test"] * 300, "text": "x"})
    parts = split(frame)
    assert (parts[700:] == 2).all() and set(parts[:700]) == {0, 1} and 3 <= (parts == 1).sum() <= 30


def test_shares_of_a_random_split():
    counts = np.bincount(split(pd.DataFrame({"score": [1.0] * 20_000})), minlength=3) / 20_000
    np.testing.assert_allclose(counts, [0.9, 0.02, 0.08], atol=0.01)


# ── prepare ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def source(monkeypatch):
    calls = []

    def reviews(seed=0):
        calls.append(seed)
        texts = [*tiny_vae.texts(300), "", "   ", "정말 " * 60]
        return pd.DataFrame({"text": texts, "score": [1 + i % 5 for i in range(len(texts))]})

    monkeypatch.setitem(data.SOURCES, "graded", reviews)
    return calls


def test_prepared_reviews_are_their_texts(source, tmp_path):
    array, vocabulary = prepare(tiny_vae.RECIPE, tmp_path)
    tokenizer = Tokenizer.from_file(str(vocabulary))
    found = [tokenizer.decode(array.tokens[s: s + n].tolist()) for s, n in zip(array.starts, array.lengths, strict=True)]
    fits = [text for text in tiny_vae.texts(300) if len(tokenizer.encode(text).ids) < tiny_vae.CONFIG.max_tokens]
    assert len(fits) > 200 and found[: len(fits)] == fits
    assert set(array.scores[array.parts >= 3]) == {0.0} and not (array.scores[array.parts < 3] == 0).any()
    report = json.loads((tmp_path / "prepared.json").read_text("utf-8"))
    assert report["reviews"] == 303 and report["too long"] == 301 - len(fits) and report["empty"] >= 1
    assert report["reviews"] == len(array.lengths) + report["too long"] + report["empty"] and sum(report["parts"].values()) == len(array.lengths)
    assert array.lengths.max() < tiny_vae.CONFIG.max_tokens and array.tokens.max() < tiny_vae.CONFIG.vocabulary and array.tokens.min() > 3
    again, _ = prepare(tiny_vae.RECIPE, tmp_path)
    assert len(source) == 1, "the second call reads the files"
    np.testing.assert_array_equal(again.tokens, array.tokens)


def test_preparing_twice_gives_the_same_numbers(source, tmp_path):
    first, second = (prepare(tiny_vae.RECIPE, tmp_path / name)[0] for name in ("a", "b"))
    np.testing.assert_array_equal(first.tokens, second.tokens)
    assert (tmp_path / "a" / "tokenizer.json").read_bytes() == (tmp_path / "b" / "tokenizer.json").read_bytes()


@pytest.mark.parametrize("lost", ["tokens.npz", "tokenizer.json", "prepared.json"])
def test_a_lost_file_is_made_again(source, tmp_path, lost):
    prepare(tiny_vae.RECIPE, tmp_path)
    (tmp_path / lost).unlink()
    prepare(tiny_vae.RECIPE, tmp_path)
    assert len(source) == 2 and (tmp_path / lost).exists()
    assert not list(tmp_path.glob("*.[0-9]*")), "no temporary file stays"


def test_an_interrupted_preparation_passes_for_neither_recipe(source, tmp_path, monkeypatch):
    """First one vocabulary, then another that stops after its tokens are written: the first must not take these for its own."""
    before, _ = prepare(tiny_vae.RECIPE, tmp_path)
    other = replace(tiny_vae.RECIPE, model=replace(tiny_vae.CONFIG, vocabulary=300))
    replace_file = os.replace

    def stop(old, new):
        replace_file(old, new)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(os, "replace", stop)
        prepare(other, tmp_path)
    after, _ = prepare(tiny_vae.RECIPE, tmp_path)
    np.testing.assert_array_equal(after.tokens, before.tokens)


# ── metrics ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_bleu_by_hand():
    reference, hypothesis = "the cat is on the red mat".split(), "the cat on the red red mat".split()
    # 1-grams: the 2, cat, on, red 1 (clipped), mat = 6/7; 2-grams: the-cat, on-the, the-red, red-mat 4/6; 3: on-the-red 1/5; 4: none
    assert bleu([reference], [hypothesis], longest=3) == pytest.approx(100 * (6 / 7 * 4 / 6 * 1 / 5) ** (1 / 3))
    assert bleu([reference], [hypothesis]) == 0
    short = "the cat is on the".split()  # all n-grams right, 5 words for 7
    assert bleu([reference], [short]) == pytest.approx(100 * math.exp(1 - 7 / 5))


def test_bleu_counts_over_the_corpus_and_clips():
    assert bleu([["a", "b"], ["c", "d"]], [["a", "b"], ["d", "c"]], longest=2) == pytest.approx(100 * math.sqrt(4 / 4 * 1 / 2))
    assert bleu([["the", "cat"]], [["the"] * 7], longest=1) == pytest.approx(100 / 7)
    assert bleu([list("abcdef")], [list("abcdefgh")]) < 100, "longer than the reference: precision falls"


def test_bleu_at_its_edges():
    assert bleu([list("abcd")], [list("abcd")]) == pytest.approx(100)
    assert bleu([list("abc")], [list("abc")]) == 0, "no 4-gram at all, and nothing is smoothed"
    assert bleu([list("abcd")], [[]]) == bleu([[]], [list("abcd")]) == bleu([[]], [[]]) == bleu([], []) == 0
    with pytest.raises(ValueError, match="글의 수가 다릅니다"):
        bleu([["a"]], [])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(*[st.lists(st.sampled_from("abc"), max_size=8)] * 2), max_size=4))
def test_bleu_is_a_percentage(pairs):
    references, hypotheses = [a for a, _ in pairs], [b for _, b in pairs]
    assert 0 <= bleu(references, hypotheses) <= 100 + 1e-9
    if any(len(text) >= 4 for text in references):
        assert bleu(references, references) == pytest.approx(100)


@pytest.mark.parametrize("n", [50, 400])
def test_mutual_information_of_useless_and_of_perfect_codes(n):
    torch.manual_seed(0)
    nothing = training.mutual_information(torch.zeros(n, 4), torch.zeros(n, 4))
    assert nothing == pytest.approx(0, abs=1e-4)
    far_apart = training.mutual_information(100.0 * torch.arange(n)[:, None].expand(n, 4), torch.full((n, 4), -2.0))
    assert far_apart == pytest.approx(math.log(n), abs=1e-3)


def test_mutual_information_of_two_clusters_is_one_bit():
    torch.manual_seed(0)
    mean = torch.tensor([[-50.0], [50.0]]).repeat(500, 1)
    assert training.mutual_information(mean, torch.zeros(1000, 1)) == pytest.approx(math.log(2), abs=1e-3)


def test_mutual_information_of_gaussian_codes_is_the_channel_s():
    """z = x + noise with x ~ N(0, 3), noise ~ N(0, 1): I = ½ log(1 + 3) = .693."""
    torch.manual_seed(0)
    found = [training.mutual_information(torch.randn(1000, 1) * math.sqrt(3), torch.zeros(1000, 1)) for _ in range(30)]
    assert np.mean(found) == pytest.approx(0.5 * math.log(4), abs=0.03)


def test_a_collapse_is_named_with_a_way_out():
    healthy = {"rate": 20.0, "active_units": 8, "mutual_information": 5.0}
    assert training.diagnosis(healthy, tiny_vae.RECIPE) == ""
    for change in ({"rate": 0.02}, {"active_units": 0}, {"mutual_information": 0.1}):
        message = training.diagnosis(healthy | change, tiny_vae.RECIPE)
        assert "사후 붕괴(posterior collapse)" in message and "해결:" in message and "free_bits" in message and "word_dropout" in message
    assert training.diagnosis(healthy | {"rate": 0.0}, tiny_vae.recipe(rate=None)) == ""
    assert training.diagnosis({"distortion": 50.0}, tiny_vae.RECIPE) == ""


def test_a_model_that_says_nothing_with_z_is_diagnosed():
    array, model = tiny_vae.array(), tiny_vae.model()
    with torch.no_grad():
        model.encoder.to_latent.weight.zero_()
        model.encoder.to_latent.bias.zero_()
    found = training.evaluate(model, tiny_vae.RECIPE, training.Corpus(array, "cpu"), array.of(0))
    assert found["rate"] == pytest.approx(0, abs=1e-6) and found["active_units"] == 0 and abs(found["mutual_information"]) < 1e-4
    assert "사후 붕괴" in training.diagnosis(found, tiny_vae.RECIPE)


def test_evaluation_weighs_sentences_and_tokens(monkeypatch):
    monkeypatch.setattr(training, "half_precision", lambda device: None)
    array, model, recipe = tiny_vae.array(), tiny_vae.model(spread=3.0), tiny_vae.recipe(rate=None)  # no noise
    members = array.of(1)
    found = training.evaluate(model.train(), recipe, training.Corpus(array, "cpu"), members, tokens=40)
    assert model.training, "evaluation leaves the mode as it was"
    vae = TransformerVAE(model, Tokenizer.from_str(tiny_vae.tokenizer_json()))
    reviews = [array.tokens[array.starts[i]: array.starts[i] + array.lengths[i]].tolist() for i in members]
    monkeypatch.setattr(vae, "tokens", lambda texts: reviews)
    nats, accuracy = vae.log_likelihood(reviews)
    lengths = np.array([len(review) + 1 for review in reviews])
    assert found["distortion"] == pytest.approx(-nats.mean(), rel=1e-4)
    assert found["nats_per_token"] == pytest.approx(-nats.sum() / lengths.sum(), rel=1e-4)
    assert found["accuracy"] == pytest.approx((accuracy * lengths).sum() / lengths.sum(), abs=1e-4)
    mean, _ = vae.encode(reviews)
    assert found["active_units"] == (mean.var(axis=0, ddof=1) > 0.01).sum()
    assert found["score_mae"] == pytest.approx(2 * np.abs((vae.score(mean) - 3) / 2 - array.scores[members]).mean(), rel=1e-4)


def test_reviews_without_a_score_leave_the_error_of_the_others():
    array, model = tiny_vae.array(), tiny_vae.model()
    array.lengths[:] = 2  # one length: batches of equal size whatever the scores
    everything = array.of(0)
    rated = everything[: len(everything) // 2]
    alone = training.evaluate(model, tiny_vae.RECIPE, training.Corpus(array, "cpu"), rated, tokens=12)["score_mae"]
    array.scores[everything[len(everything) // 2:]] = np.nan
    together = training.evaluate(model, tiny_vae.RECIPE, training.Corpus(array, "cpu"), everything, tokens=12)["score_mae"]
    assert together == pytest.approx(alone, rel=1e-3)


def test_reconstruction_of_a_perfect_model_is_perfect(monkeypatch):
    vae = TransformerVAE(tiny_vae.model(), Tokenizer.from_str(tiny_vae.tokenizer_json()))
    monkeypatch.setattr(vae, "reconstruct", list)
    texts = tiny_vae.texts(50)
    found = metrics.reconstruction(vae, texts)
    assert found["bleu_words"] == found["bleu_tokens"] == 100 and found["exact"] == 1 and found["texts"] == 50
    assert found["nats_per_token"] > 0 and 0 <= found["token_accuracy"] <= 1
