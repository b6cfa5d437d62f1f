"""The figures in README.md: ``python data/graded_reviews/measure.py`` from the root of the checkout (about a minute)."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from lab_utils.graded_reviews import generate


def accuracy(reviews, factor, **vectoriser):
    """Predictions for the last quarter from the first three (rows are in random order): truth and prediction."""
    n = len(reviews) * 3 // 4
    model = make_pipeline(TfidfVectorizer(sublinear_tf=True, **vectoriser), LogisticRegression(C=3, max_iter=300))
    model.fit(reviews.text[:n], reviews[factor][:n])
    test = reviews[n:]
    return test, model.predict(test.text)


start = time.perf_counter()
reviews = generate()
print(f"generate(): {len(reviews):,} texts, {reviews.text.nunique():,} distinct, {time.perf_counter() - start:.1f} s")
print(f"eojeol: mean {reviews.n_tokens.mean():.1f}, most {reviews.n_tokens.max()}; characters: mean "
      f"{reviews.text.str.len().mean():.1f}, most {reviews.text.str.len().max()}; "
      f"word forms: {len(set(' '.join(reviews.text).split())):,}")
print("domain:", reviews.domain.value_counts().to_dict())
print("aspects mentioned:", reviews.aspect.str.split("·").explode().value_counts().to_dict())
print("aspects a text:", reviews.aspect.str.count("·").add(1).value_counts(normalize=True).round(3).to_dict())
marked = reviews.text.str.contains(r"[ㅋㅎㅠㅡ^]").groupby(reviews.intensity).mean().round(3)
print("share with an emoticon, by intensity:", marked.to_dict())
for name, options in {
    "characters 1-3": {"analyzer": "char", "ngram_range": (1, 3), "min_df": 2},
    "eojeol": {"token_pattern": r"\S+"},
}.items():
    test, predicted = accuracy(reviews, "polarity", **options)
    error = abs(predicted - test.polarity)
    by_length = (error == 0).groupby(test.length).mean().round(3).to_dict()
    print(f"polarity from {name}: accuracy {(error == 0).mean():.3f} {by_length}, errors to a neighbour "
          f"{(error[error > 0] == 1).mean():.3f}")
test, predicted = accuracy(reviews, "intensity", analyzer="char", ngram_range=(1, 3), min_df=2)
print(f"intensity from characters 1-3: accuracy {(predicted == test.intensity).mean():.3f}")
