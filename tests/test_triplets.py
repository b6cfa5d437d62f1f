"""Mining of triplets against plain loops and against sentence-transformers; what is measured before and after fine-tuning."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_utils import fine_tuning, triplets
from lab_utils.evaluation import spearman

torch.set_num_threads(1)


def batch(seed, size=12, labels=4, width=5, dtype=torch.float64):
    rng = np.random.default_rng(seed)
    names = np.concatenate([np.repeat(np.arange(labels), 2), rng.integers(labels, size=size - 2 * labels)])
    return torch.tensor(rng.normal(size=(size, width)), dtype=dtype), torch.tensor(rng.permutation(names))


def plain_distance(a, b, metric):
    if metric == "cosine":
        return 1 - sum(x * y for x, y in zip(a, b, strict=True)) / math.hypot(*a) / math.hypot(*b)
    euclidean = math.dist(a, b)
    return euclidean if metric == "euclidean" else euclidean**2


def plain_triplets(labels):
    n = range(len(labels))
    return [(a, p, o) for a in n for p in n for o in n if a != p and labels[a] == labels[p] != labels[o]]


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "squared"])
def test_distances(metric):
    vectors, _ = batch(0)
    expected = [[plain_distance(a, b, metric) for b in vectors.tolist()] for a in vectors.tolist()]
    np.testing.assert_allclose(triplets.distances(vectors, metric), expected, atol=1e-12)


def test_squared_distance_of_unit_vectors_is_twice_the_cosine_distance():
    unit = torch.nn.functional.normalize(batch(1)[0], dim=1)
    torch.testing.assert_close(triplets.distances(unit, "squared"), 2 * triplets.distances(unit))


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "squared"])
def test_no_nan_in_gradients_of_equal_rows(metric):
    vectors = torch.ones(4, 3, dtype=torch.float64, requires_grad=True)
    loss = triplets.batch_hard_loss(triplets.distances(vectors, metric), torch.tensor([0, 0, 1, 1]), 0.2)
    loss.backward()
    assert loss.item() == pytest.approx(0.2) and torch.isfinite(vectors.grad).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0, 1.5))
def test_kinds_are_those_of_the_definition(seed, margin):
    vectors, labels = batch(seed, size=9, labels=3)
    distance = triplets.distances(vectors)
    found = triplets.kinds(distance, labels, margin)
    d, names = distance.tolist(), labels.tolist()
    expected = {"easy": set(), "semi_hard": set(), "hard": set()}
    for a, p, n in plain_triplets(names):
        kind = "hard" if d[a][n] <= d[a][p] else "easy" if d[a][p] - d[a][n] + margin <= 0 else "semi_hard"
        expected[kind].add((a, p, n))
    for name, mask in found._asdict().items():
        assert {tuple(place) for place in mask.nonzero().tolist()} == expected[name], name
    assert triplets.counts(distance, labels, margin) == {name: len(members) for name, members in expected.items()}
    assert int(triplets.valid_triplets(labels).sum()) == sum(map(len, expected.values())) == len(plain_triplets(names))


def test_a_tie_is_hard_and_the_margin_itself_is_easy():
    distance = torch.tensor([[0.0, 0.25, 0.25, 0.75], [0.25, 0, 1, 1], [0.25, 1, 0, 1], [0.75, 1, 1, 0]], dtype=torch.float64)
    found = triplets.kinds(distance, torch.tensor([0, 0, 1, 2]), 0.5)
    assert found.hard[0, 1, 2] and found.easy[0, 1, 3] and not found.semi_hard.any()


def plain_losses(distance, labels, margin):
    """(batch-all, batch-hard, semi-hard as in the libraries, semi-hard as in FaceNet) by loops."""
    n = range(len(labels))
    every = [max(0, distance[a][p] - distance[a][o] + margin) for a, p, o in plain_triplets(labels)]
    active = [loss for loss in every if loss > 0]
    hard, semi, strict = [], [], []
    for a in n:
        positives = [p for p in n if p != a and labels[p] == labels[a]]
        negatives = [o for o in n if labels[o] != labels[a]]
        if positives and negatives:
            hard.append(max(0, max(distance[a][p] for p in positives) - min(distance[a][o] for o in negatives) + margin))
            for p in positives:
                beyond = [distance[a][o] for o in negatives if distance[a][o] > distance[a][p]]
                semi.append(max(0, distance[a][p] - (min(beyond) if beyond else max(distance[a][o] for o in negatives)) + margin))
                if beyond:
                    strict.append(semi[-1])
    return [sum(losses) / len(losses) if losses else 0 for losses in (active, hard, semi, strict)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["cosine", "euclidean", "squared"]), st.floats(0.01, 3), st.booleans())
def test_losses_against_loops(seed, metric, margin, lonely):
    vectors, labels = batch(seed)
    if lonely:  # one text whose label nobody shares: a negative for the others, no anchor itself
        labels[0] = 99
    distance = triplets.distances(vectors, metric)
    found = [triplets.batch_all_loss(distance, labels, margin), triplets.batch_hard_loss(distance, labels, margin),
             triplets.semi_hard_loss(distance, labels, margin), triplets.semi_hard_loss(distance, labels, margin, fallback=False)]
    np.testing.assert_allclose([loss.item() for loss in found], plain_losses(distance.tolist(), labels.tolist(), margin), atol=1e-12)


@pytest.mark.parametrize("labels", [[0, 0, 0], [0, 1, 2]])
def test_a_batch_without_triplets_is_refused(labels):
    with pytest.raises(ValueError, match="해결"):
        triplets.pairs(torch.tensor(labels))


def library(name, metric, margin):
    from sentence_transformers.sentence_transformer import losses

    functions = losses.BatchHardTripletLossDistanceFunction
    metrics = {"cosine": functions.cosine_distance, "euclidean": functions.euclidean_distance,
               "squared": lambda vectors: functions.euclidean_distance(vectors, squared=True)}
    loss = getattr(losses, name)(None, distance_metric=metrics[metric], margin=margin)
    return {"BatchAllTripletLoss": "batch_all_triplet_loss", "BatchHardTripletLoss": "batch_hard_triplet_loss",
            "BatchSemiHardTripletLoss": "batch_semi_hard_triplet_loss"}[name], loss


@pytest.mark.parametrize(("ours", "name"), [
    (triplets.batch_all_loss, "BatchAllTripletLoss"), (triplets.batch_hard_loss, "BatchHardTripletLoss"),
    (triplets.semi_hard_loss, "BatchSemiHardTripletLoss")])  # fmt: skip
@pytest.mark.parametrize(("metric", "margin"), [("cosine", 0.2), ("cosine", 1.5), ("euclidean", 5.0), ("squared", 1.0)])
def test_losses_and_gradients_against_sentence_transformers(ours, name, metric, margin):
    method, loss = library(name, metric, margin)
    without_beyond = 0
    for seed in range(8):
        vectors, labels = batch(seed)
        mine, theirs = vectors.clone().requires_grad_(), vectors.clone().requires_grad_()
        distance = triplets.distances(mine, metric)
        without_beyond += int((triplets.pairs(labels)[0] & ~triplets.semi_hard_negatives(distance, labels)[1]).sum())
        value, expected = ours(distance, labels, margin), getattr(loss, method)(labels, theirs)
        value.backward()
        expected.backward()
        torch.testing.assert_close(value, expected, check_dtype=False, rtol=1e-6, atol=1e-6)  # theirs passes through float32
        torch.testing.assert_close(mine.grad, theirs.grad, rtol=1e-5, atol=1e-6)
    assert without_beyond > 0, "the fallback to the farthest negative must occur in this test"


def test_facenets_definition_differs_only_where_nothing_lies_beyond():
    distance = torch.tensor([[0, 0.9, 0.1, 0.5], [0.9, 0, 1.0, 1.5], [0.1, 1.0, 0, 0.3], [0.5, 1.5, 0.3, 0]])
    labels = torch.tensor([0, 0, 1, 1])
    chosen, beyond = triplets.semi_hard_negatives(distance, labels)
    assert (chosen[0, 1], bool(beyond[0, 1])) == (3, False)  # both negatives are nearer than the positive: the farthest of them
    assert (chosen[1, 0], bool(beyond[1, 0])) == (2, True)
    strict, loose = (triplets.semi_hard_loss(distance, labels, 0.2, fallback=way).item() for way in (False, True))
    assert loose > strict


# ── before and after ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_label_precision_against_a_loop():
    rng = np.random.default_rng(0)
    vectors, labels = rng.normal(size=(15, 4)), rng.integers(3, size=15)
    for member, value in zip([2, 7], fine_tuning.label_precision(fine_tuning.cosines(vectors), labels, [2, 7]), strict=True):
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        order = [i for i in np.argsort(-unit @ unit[member]) if i != member]
        hits = [labels[i] == labels[member] for i in order]
        expected = np.mean([np.mean(hits[: k + 1]) for k, hit in enumerate(hits) if hit])
        assert value == pytest.approx(expected)


def test_graded_keeps_what_is_relevant_and_its_order():
    queries = pd.DataFrame({"query_id": [2, 2, 1, 3], "query": ["나", "나", "가", "없음"], "id": ["B", "A", "C", "A"], "grade": [3, 1, 2, 0]})
    texts, grades = fine_tuning.graded(queries, pd.DataFrame({"id": ["A", "B", "C", "D"]}))
    assert texts == ["나", "가"] and grades.tolist() == [[1, 3, 0, 0], [0, 0, 2, 0]]


def test_mean_cosine_and_pairs_of_cosines():
    vectors = np.random.default_rng(0).normal(size=(6, 3))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    between = {(i, j): unit[i] @ unit[j] for i, j in itertools.combinations(range(6), 2)}
    assert fine_tuning.mean_cosine(vectors) == pytest.approx(np.mean(list(between.values())))
    assert all(fine_tuning.cosines(3 * vectors)[place] == pytest.approx(value) for place, value in between.items())
    assert fine_tuning.mean_cosine(np.outer([1, 2, 3], [1.0, 2])) == pytest.approx(1)
    np.testing.assert_allclose(fine_tuning.pair_cosines(vectors[:3], 5 * vectors[3:]), [unit[i] @ unit[i + 3] for i in range(3)])


def test_gain_is_paired_and_counts_the_trainings():
    rng = np.random.default_rng(0)
    before = rng.normal(size=200)
    difference, low, high = fine_tuning.gain(before + 0.1, before)
    assert (difference, low, high) == pytest.approx((0.1, 0.1, 0.1))
    few = before[:, None] + np.array([0.0, 0.1, 0.2])
    difference, low, high = fine_tuning.gain(few, before)
    assert difference == pytest.approx(0.1) and low < 0.06 and high > 0.14, "trainings that differ widen the interval"
    assert fine_tuning.gain(few, before, statistic=lambda x: spearman(x, before))[0] == pytest.approx(0, abs=1e-12)


def test_columns_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="길이"):
        fine_tuning.fine_tune(None, {"a": ["x"], "b": []}, None, steps=1)


# ── the tables of lesson 09 ─────────────────────────────────────────────────────────────────────────────────────────


def test_every_field_is_unseen_once():
    from instructor.lesson09_results import unseen_fields

    fields = np.repeat([f"분야 {n}" for n in range(12)], 3)
    left_out = np.stack([unseen_fields(fields, fold) for fold in range(3)])
    assert (left_out.sum(axis=0) == 1).all() and (left_out.sum(axis=1) == 12).all()
    assert all(len(set(fields[row]) & set(fields[~row])) == 0 for row in left_out)


def test_pairs_of_one_field_and_of_two():
    from instructor.lesson09_results import _same_field_pairs

    fields, seen = np.repeat(["가", "나", "다"], 4), np.arange(12) < 8
    first, second, same = _same_field_pairs([str(n) for n in range(12)], fields, seen, np.random.default_rng(0), 40)
    assert sum(same) == 20 and all(int(i) < 8 and int(j) < 8 and i != j for i, j in zip(first, second, strict=True))
    assert all((fields[int(i)] == fields[int(j)]) == (s == 1) for i, j, s in zip(first, second, same, strict=True))


def test_new_queries_ask_only_for_unseen_documents():
    from instructor.lesson09_results import new_queries

    grades = np.array([[3, 0, 1], [0, 3, 3], [2, 2, 0], [0, 0, 1]])
    assert new_queries(grades, [0, 2]).tolist() == [0, 3]
    assert new_queries(grades, [1, 2]).tolist() == [1, 3]


def test_reciprocal_ranks_of_ties():
    from instructor.lesson09_results import _reciprocal_ranks

    assert _reciprocal_ranks(np.array([[0.9, 0.1, 0.2], [0.9, 0.5, 0.1], [0.0, 0.0, 0.0]])).tolist() == [1, 0.5, 0.5]


def test_interval_over_items_and_trainings():
    from instructor.lesson09_results import interval

    rng = np.random.default_rng(0)
    gold = rng.normal(size=80)
    noisy = gold[:, None] + rng.normal(0, [0.1, 2.0], (80, 2))
    value, low, high = interval(noisy, None, gold)
    assert value == pytest.approx(np.mean([spearman(column, gold) for column in noisy.T])) and low < 0.6 and high > 0.95
    assert interval(noisy, noisy, gold)[0] == 0


# ── the trainer itself, with a model of a few hundred numbers ──────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory):
    from transformers import BertConfig, BertModel

    from lab_utils import masked_language_model as mlm

    folder = tmp_path_factory.mktemp("bert")
    texts = ["배터리 전극 음극 양극", "온실 재배 양액 뿌리", "전극 배터리 충전", "뿌리 작물 온실"] * 20
    tokenizer = mlm.train_wordpiece(texts, 120)
    torch.manual_seed(0)
    config = BertConfig(vocab_size=tokenizer.get_vocab_size(), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
                        max_position_embeddings=32, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    mlm.save_pretrained(BertModel(config), tokenizer, folder)
    return folder


def test_fine_tune_lowers_the_loss_and_repeats_itself(tiny_folder):
    from lab_utils import sbert

    texts = ["배터리 전극", "음극 양극", "충전 배터리 전극", "온실 재배", "양액 뿌리", "작물 온실 뿌리"] * 3
    labels = [0, 0, 0, 1, 1, 1] * 3
    results = []
    for _ in range(2):
        model = sbert.build(tiny_folder, max_length=16)
        before = triplets.batch_all_loss(triplets.distances(torch.tensor(model.encode(texts))), torch.tensor(labels), 0.5).item()
        _, loss = library("BatchAllTripletLoss", "cosine", 0.5)
        loss.sentence_embedder = model
        trained = fine_tuning.fine_tune(model, {"text": texts, "label": labels}, loss, steps=15, batch_size=8, learning_rate=3e-3,
                                        sampler="group_by_label", progress=False)
        assert trained is model and not model.training
        results.append(model.encode(texts))
        after = triplets.batch_all_loss(triplets.distances(torch.tensor(results[-1])), torch.tensor(labels), 0.5).item()
        precision = fine_tuning.label_precision(fine_tuning.cosines(results[-1]), labels).mean()
        assert after < before or precision == 1
    np.testing.assert_array_equal(*results)
