"""What can be seen in the mini-encyclopedia: ``python data/encyclopedia/measure.py`` prints the tables of its README."""

from pathlib import Path

import numpy as np
import pandas as pd

from lab_utils import cooccurrence, evaluation, pmi, similarity, svd, tokenization

FOLDER = Path(__file__).resolve().parent
CONTENT = ("NN", "NR", "NP", "MAG", "XR", "V")  # nouns, adverbs, roots, verbs and adjectives


def read(name):
    return pd.read_csv(FOLDER / name, sep="\t", keep_default_na=False)


def whole_vocabulary_precision(matrix, vocabulary, categories, n=5):
    """Share of the n nearest words of the whole vocabulary that are listed in the word's own category."""
    known = categories[categories.word.isin(vocabulary.index)]
    category = dict(zip(known.word, known.category, strict=True))
    hits = [np.mean([category.get(w) == category[word] for w, _ in similarity.nearest(matrix, vocabulary, word, n=n)]) for word in known.word]
    return np.mean(hits)


def analogies_right(matrix, vocabulary, analogies):
    """For each analogy: is the first answer of 3CosAdd d?"""
    return np.array([evaluation.analogy(matrix, vocabulary, r.a, r.b, r.c, n=1)[0][0] == r.d for r in analogies.itertuples()])


def main():
    sentences, categories, analogies = read("sentences.tsv").sentence, read("categories.tsv"), read("analogies.tsv")
    for name, keep, min_count in (("content words", CONTENT, 8), ("all morphemes", None, 5)):
        tokens = tokenization.morphemes(sentences, keep=keep, progress=False)
        counts, vocabulary = cooccurrence.count_cooccurrences(tokens, window=5, min_count=min_count)
        positive = pmi.ppmi(counts)
        U, S, _ = svd.truncated_svd(positive, k=100, method="arpack")
        models = {"raw counts": counts, "PPMI": positive, "SVD 50": svd.word_vectors(U[:, :50], S[:50]), "SVD 100": svd.word_vectors(U, S)}
        rows = {}
        for model, matrix in models.items():
            right = analogies_right(matrix, vocabulary, analogies)
            rows[model] = {
                "neighbours, listed words": evaluation.category_precision(matrix, vocabulary, categories, n=5).precision,
                "neighbours, whole vocabulary": whole_vocabulary_precision(matrix, vocabulary, categories),
                f"analogies, all {len(right)}": right.mean(),
                **{f"{section} ({sum(analogies.section == section)})": right[(analogies.section == section).to_numpy()].mean()
                   for section in analogies.section.unique()},
            }
        print(f"\n{name}, minimum count {min_count}, vocabulary {len(vocabulary):,}, window 5\n{pd.DataFrame(rows).round(2).to_string()}")


if __name__ == "__main__":
    main()
