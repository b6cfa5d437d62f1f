"""Analogies against gensim, retrieval against scikit-learn and the definitions."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.metrics import average_precision_score, ndcg_score

from lab_utils import evaluation as ev
from lab_utils.cooccurrence import Vocabulary


def vocabulary(words):
    return Vocabulary(list(words), np.ones(len(words), np.int64))


@pytest.fixture(scope="module")
def task():
    """40 words in 30 dimensions, 120 items in two sections, a few with unknown words or with d among a, b, c."""
    generator = np.random.default_rng(0)
    words = [f"w{i}" for i in range(40)]
    rows = generator.normal(size=(40, 30)) * generator.uniform(0.1, 5, size=(40, 1))
    items = pd.DataFrame(generator.choice(words + ["unknown"], size=(110, 4)), columns=list("abcd"))
    easy = []
    for i in range(10):  # w30+i is made to answer its item
        a, b, c = generator.choice(30, 3, replace=False)
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        rows[30 + i] = unit[b] - unit[a] + unit[c]
        easy.append((f"w{a}", f"w{b}", f"w{c}", f"w{30 + i}"))
    items = pd.concat([items, pd.DataFrame(easy, columns=list("abcd"))], ignore_index=True)
    items["section"] = ["first"] * 70 + ["second"] * 50
    return rows, vocabulary(words), items


@pytest.fixture(scope="module")
def gensim_vectors(task):
    from gensim.models import KeyedVectors

    vectors = KeyedVectors(30)
    vectors.add_vectors(task[1].words, task[0])
    return vectors


def test_accuracy_by_section_against_gensim(task, gensim_vectors, tmp_path):
    rows, words, items = task
    file = tmp_path / "items.txt"
    with open(file, "w") as out:
        for name, part in items.groupby("section"):
            out.write(f": {name}\n" + "".join(" ".join(row) + "\n" for row in part[list("abcd")].to_numpy()))
    _, sections = gensim_vectors.evaluate_word_analogies(str(file), case_insensitive=False)
    result = ev.analogy_accuracy(rows, words, items)
    for section in sections[:-1]:
        row = result.by_section.set_index("section").loc[section["section"]]
        assert row.covered == len(section["correct"]) + len(section["incorrect"])
        assert row.accuracy == pytest.approx(len(section["correct"]) / row.covered)
    assert 0.05 < result.accuracy < 0.5 and result.low <= result.accuracy <= result.high


@pytest.mark.filterwarnings("ignore:.*init_sims:DeprecationWarning")
@pytest.mark.parametrize("method, function", [("add", "most_similar"), ("mul", "most_similar_cosmul")])
def test_single_items_against_gensim(task, gensim_vectors, method, function):
    # gensim's evaluate_word_analogies takes similarity_function and does not use it, so 3CosMul is compared item by item
    rows, words, items = task
    for item in items[items[list("abcd")].isin(words.words).all(axis=1)].itertuples():
        theirs = getattr(gensim_vectors, function)(positive=[item.b, item.c], negative=[item.a], topn=3)
        ours = ev.analogy(rows, words, item.a, item.b, item.c, n=3, method=method)
        assert ours[0][0] == theirs[0][0]
        assert ours[0][1] == pytest.approx(theirs[0][1], rel=1e-5 if method == "add" else 0.02)  # their ε is smaller than the paper's


@pytest.mark.parametrize("method", ["add", "mul"])
@pytest.mark.parametrize("exclude", [True, False])
def test_many_items_agree_with_one_by_one_dense_and_sparse(task, method, exclude):
    rows, words, items = task
    result = ev.analogy_accuracy(rows, words, items, method=method, exclude_inputs=exclude)
    known = items[items[list("abcd")].isin(words.words).all(axis=1)]
    one_by_one = [ev.analogy(rows, words, r.a, r.b, r.c, n=1, method=method, exclude_inputs=exclude)[0][0] for r in known.itertuples()]
    assert result.answers == one_by_one
    assert np.array_equal(result.each, np.array(one_by_one) == known.d.to_numpy())
    assert (result.n_covered, result.n_total) == (len(known), 120)
    inputs = [set(row) for row in known[list("abc")].to_numpy()]
    assert result.n_unsolvable == sum(d in given for d, given in zip(known.d, inputs, strict=True)) > 0
    assert result.echoes == pytest.approx(np.mean([a in given for a, given in zip(one_by_one, inputs, strict=True)]))
    assert (result.echoes == 0) == exclude
    scattered = np.where(rows > 0, rows, 0)
    assert ev.analogy_accuracy(sparse.csr_array(scattered), words, items, method=method).answers == \
        ev.analogy_accuracy(scattered, words, items, method=method).answers


def test_batches_do_not_change_answers(task):
    rows, words, items = task
    long = pd.concat([items] * 5, ignore_index=True)
    assert ev.analogy_accuracy(rows, words, long).answers == ev.analogy_accuracy(rows, words, items).answers * 5


def test_sections_add_up_and_uncovered_ones_are_named(task):
    rows, words, items = task
    more = pd.concat([items, pd.DataFrame({"section": ["third"] * 3, **dict.fromkeys("abcd", "unknown")})])
    result = ev.analogy_accuracy(rows, words, more)
    sections = result.by_section.set_index("section")
    assert sections.total.to_dict() == {"first": 70, "second": 50, "third": 3}
    assert (sections.accuracy.fillna(0) * sections.covered).sum() == pytest.approx(result.each.sum())
    assert np.isnan(sections.accuracy["third"]) and sections.covered["third"] == 0
    nothing = ev.analogy_accuracy(rows, words, more[more.section == "third"])
    assert np.isnan(nothing.accuracy) and (nothing.n_covered, nothing.n_total) == (0, 3)


def test_interval_draws_pairs_not_items():
    generator = np.random.default_rng(0)
    inside = wide = 0
    for seed in range(150):
        truth = generator.random(25) < 0.5                                # 25 pairs, right or wrong as a whole
        values, clusters = np.repeat(truth, 12), np.repeat(np.arange(25), 12)
        low, high = ev.clustered_interval(values, clusters, n=300, seed=seed)
        inside += low <= 0.5 <= high
        naive = ev.bootstrap_interval(np.mean, values, n=300, seed=seed)
        wide += high - low > 2 * (naive[1] - naive[0])
    assert 0.88 < inside / 150 < 0.99 and wide > 140
    values = generator.random(40)
    single = ev.clustered_interval(values, np.arange(40))
    assert single == pytest.approx(ev.bootstrap_interval(np.mean, values))


# ---- retrieval ---------------------------------------------------------------------------------------------------------
@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(1, 4))
def test_metrics_by_definition(seed, documents, queries):
    generator = np.random.default_rng(seed)
    scores = generator.permutation(queries * documents).reshape(queries, documents).astype(float)     # no ties
    relevant = generator.integers(0, 3, size=scores.shape)
    relevant[:, 0] = 1
    k = int(generator.integers(1, documents + 1))
    table = ev.retrieval_metrics(scores, relevant, k=k)
    for q in range(queries):
        ranked = relevant[q][np.argsort(-scores[q])]
        hits = [i for i, grade in enumerate(ranked, 1) if grade > 0]
        row = table.iloc[q]
        assert row.precision == pytest.approx(sum(h <= k for h in hits) / k)
        assert row.recall == pytest.approx(sum(h <= k for h in hits) / len(hits))
        assert row.reciprocal_rank == pytest.approx(1 / hits[0])
        assert row.average_precision == pytest.approx(np.mean([n / h for n, h in enumerate(hits, 1)]))
        gain = [grade / np.log2(i + 1) for i, grade in enumerate(ranked[:k], 1)]
        best = [grade / np.log2(i + 1) for i, grade in enumerate(sorted(relevant[q])[::-1][:k], 1)]
        assert row.ndcg == pytest.approx(sum(gain) / sum(best))


def test_equal_scores_count_as_chance_whatever_the_order_of_documents():
    relevant = np.zeros((400, 50))
    relevant[:, :5] = 1                                                   # all in front of the file
    scores = np.zeros((400, 50))
    table = ev.retrieval_metrics(scores, relevant, k=10)
    assert table.precision.mean() == pytest.approx(0.1, abs=0.02)
    assert table.recall.mean() == pytest.approx(0.2, abs=0.03)
    assert table.average_precision.iloc[0] == pytest.approx(average_precision_score(relevant[0], scores[0])) == pytest.approx(0.1)
    assert table.ndcg.iloc[0] == pytest.approx(ndcg_score(relevant[:1], scores[:1], k=10))
    pd.testing.assert_frame_equal(table, ev.retrieval_metrics(scores, relevant, k=10))


@pytest.mark.parametrize("wrong", [
    lambda: ev.retrieval_metrics(np.zeros((2, 3)), np.ones((2, 4))),
    lambda: ev.retrieval_metrics(np.full((1, 3), np.nan), np.ones((1, 3)), k=1),
    lambda: ev.retrieval_metrics(np.zeros((2, 3)), np.array([[1, 0, 0], [0, 0, 0]]), k=1),
    lambda: ev.retrieval_metrics(np.zeros((1, 3)), np.ones((1, 3)), k=4),
    lambda: ev.analogy(np.eye(3), vocabulary("가나다"), "가", "나", "다", method="sub"),
    lambda: ev.analogy_accuracy(np.eye(3), vocabulary("가나다"), pd.DataFrame({"a": ["가"]})),
    lambda: ev.clustered_interval([1, 0], [1]),
])
def test_wrong_input_is_explained_in_korean(wrong):
    with pytest.raises(ValueError, match="[가-힣]"):
        wrong()
