import numpy as np
import pandas as pd
import pytest

from lab_utils import datasets, movie_reviews, tokenization

WORDS = ["연기", "배우", "감독", "영화", "음악", "눈물", "웃음", "액션", "는", "이", "를", "."]


@pytest.fixture
def sentences():
    generator = np.random.default_rng(0)
    return [[WORDS[i] for i in generator.integers(0, len(WORDS), 9)] for _ in range(400)]


def test_report_of_counting(sentences):
    report = movie_reviews.counting_report(sentences)
    values = dict(zip(report["항목"], report["값"], strict=True))
    assert values["리뷰"] == "400건" and len(values["감독: 행이 비슷한 말"].split()) == 8
    assert not any("송강호" in item for item in values), "a word that does not occur is left out"


def test_models_are_compared_on_the_same_pairs(sentences):
    generator = np.random.default_rng(1)
    pairs = pd.DataFrame({"word1": WORDS[:6], "word2": WORDS[6:], "score": generator.uniform(0, 10, 6)})
    pairs.loc[len(pairs)] = ["없는말", "연기", 3.0]
    table = movie_reviews.compare_count_models(sentences, pairs, k=4)
    assert set(table["쌍"]) == {6} and set(table["전체"]) == {7}
    assert ((table["아래"] <= table.rho) & (table.rho <= table["위"])).all()
    rho = dict(zip(table["모델"], table.rho, strict=True))
    for row in table.itertuples(index=False):
        if row.기준:
            assert np.isclose(row.차이, row.rho - rho[row.기준])


def test_a_limit_draws_over_the_whole_corpus(monkeypatch, tmp_path):
    monkeypatch.setenv("LAB_CACHE_DIR", str(tmp_path))
    texts = pd.Series([f"{i}번째 글" for i in range(100)])
    monkeypatch.setattr(datasets, "load", lambda name: pd.DataFrame({"text": texts}))
    found = list(movie_reviews.tokens(limit=10))
    assert len(found) == 10 and found[-1][0] == "90"
    assert isinstance(movie_reviews.tokens(), tokenization.TokenFile) and len(movie_reviews.tokens()) == 100
