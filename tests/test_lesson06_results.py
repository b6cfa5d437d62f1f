"""The tables of lesson 06: which items there are, what debiasing takes away, and that a written table says how it was made."""

import numpy as np
import pandas as pd
import pytest
from test_bias import space  # noqa: F401

from instructor import lesson06_results, results
from lab_utils import bias, subwords


def test_removing_the_only_direction_removes_the_bias(space):  # noqa: F811
    matrix, vocabulary = space
    found = lesson06_results.debiasing(matrix, vocabulary, n_biased=60)
    assert found["직업 d, 전"] > 1 > 0.6 > abs(found["직업 d, 뒤"]) and found["직업 p, 뒤"] > 0.05
    assert found["성별 방향: 분류 전"] > 0.95 and found["무작위 방향: 분류 전"] > 0.8
    assert found["성별 방향: 분류 뒤"] < 0.65, "the words are independent in all other directions"
    assert found["낱말"] == 120


def test_misspellings_are_asked_for_only_if_the_right_form_is_known():
    train = [["역할", "역활", "며칠"], ["역할", "역활", "며칠", "굳이"]]
    assert lesson06_results.misspelling_items(train) == [("모르는 오타", "몇일", {"며칠"}), ("아는 오타", "역활", {"역할"})]
    wrong, right = zip(*lesson06_results.MISSPELLINGS, strict=True)
    assert len(set(wrong)) == len(wrong) and not set(wrong) & set(right)


@pytest.fixture
def reviews(monkeypatch):
    """Encyclopedia sentences in place of the real reviews."""
    from lab_utils import datasets, movie_reviews, tokenization

    texts = list(datasets.load("encyclopedia").sentence)
    tokens = list(tokenization.morphemes(texts, cache="encyclopedia", progress=False))
    monkeypatch.setattr(movie_reviews, "tokens", lambda limit=None: tokens[:4000])
    monkeypatch.setattr(subwords, "review_texts", lambda n, seed=0: (texts[:300], texts[300:420], tokens[:300], tokens[300:420]))


def test_unknown_words_has_every_model_in_every_test(reviews, monkeypatch, capsys):
    monkeypatch.setattr(lesson06_results, "MISSPELLINGS", (("수돠", "수도"), ("있따", "있다")))
    table = lesson06_results.unknown_words(seeds=(1,))
    assert set(table.시험) == {"오타", "활용형", "모르는 오타"} and set(table.모델) == set(subwords.KINDS)
    assert len(table) == 12 and (table.seed == "1").all() and "Word2Vec" in capsys.readouterr().out


def test_associations_on_all_reviews_and_on_a_part(reviews, monkeypatch, capsys):
    monkeypatch.setattr(bias, "MAX_EXACT", 1000)
    monkeypatch.setattr(lesson06_results, "debiasing", lambda matrix, vocabulary, min_count: {"낱말": len(matrix)})
    tests, directions = lesson06_results.associations(n_parts=2, parts=(0,), min_count=1)
    assert list(zip(directions.모델, directions.자료, directions.seed, strict=True)) == [
        ("PPMI + SVD", "전체", 0), ("스킵그램", "전체", 0), ("PPMI + SVD", "1/2", 1), ("스킵그램", "1/2", 1)]
    assert set(tests.모델) == {"PPMI + SVD", "스킵그램"} and tests.d.between(-2.5, 2.5).all()
    assert (directions["짝 섞기, 아래"] < directions["짝 섞기, 위"]).all() and (directions.낱말 > 1000).all()
    assert capsys.readouterr().out.count("1/2") == 2


def test_a_written_table_names_the_command_that_makes_it(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    results.write("06", "some", pd.DataFrame({"p": [5.4e-6, 0.25], "n": [12, 3]}))
    results.write("06", "own", pd.DataFrame({"p": [np.nan], "seed": ["1 2 3"]}))
    some, own = pd.read_csv(tmp_path / "some.csv"), pd.read_csv(tmp_path / "own.csv")
    assert some.p.tolist() == [5.4e-6, 0.25] and some.n.tolist() == [12, 3], "small p values stay above 0"
    assert (some.command == "python -m instructor.results 06").all() and (some.seed == 0).all() and own.seed.item() == "1 2 3"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own.csv", "some.csv"]
