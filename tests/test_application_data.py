"""The bilingual and the recommendation set: what the recipes build is what is committed, and it is what their READMEs say."""

import csv
import importlib.util
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

DATA = Path(__file__).resolve().parent.parent / "data"


def recipe(folder):
    spec = importlib.util.spec_from_file_location(f"{folder}_build", DATA / folder / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table(folder, name):
    with open(DATA / folder / f"{name}.tsv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize(("folder", "names"), [("bilingual", ("english", "articles", "pairs")),
                                               ("recommendation", ("movies", "reviews", "users", "ratings"))])
def test_the_recipe_builds_the_committed_files(folder, names, tmp_path, monkeypatch):
    built = recipe(folder)
    for file in (DATA / folder).glob("*.txt"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(built, "FOLDER", tmp_path)
    built.main()
    for name in names:
        assert (tmp_path / f"{name}.tsv").read_bytes() == (DATA / folder / f"{name}.tsv").read_bytes(), f"{folder}/{name}.tsv"


# ── bilingual ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_english_sentences_are_english_and_different():
    sentences = [row["sentence"] for row in table("bilingual", "english")]
    assert len(sentences) == len(set(sentences)) > 7_000
    for text in sentences:
        assert re.fullmatch(r"[A-Z][A-Za-z0-9 ,.:;?'\-]+[.?]", text) and "  " not in text and "{" not in text, text
    frames = Counter(" ".join(text.split()[:4]) for text in sentences)
    assert frames.most_common(1)[0][1] < 0.06 * len(sentences)


def test_pairs_have_both_sides_in_the_corpora():
    pairs = table("bilingual", "pairs")
    names = [row for row in pairs if row["topic"] != "word"]
    assert len(names) >= 300 and len({(row["korean"], row["english"]) for row in pairs}) == len(pairs)
    assert max(Counter(row["korean"] for row in names).values()) == 1
    korean = " ".join(row["sentence"] for row in csv.DictReader(open(DATA / "encyclopedia" / "sentences.tsv", encoding="utf-8"), delimiter="\t"))
    english = " ".join(row["sentence"] for row in table("bilingual", "english")).lower()
    for row in pairs:
        assert re.search(rf"\b{re.escape(row['english'])}\b", english), row
        verb = row["topic"] == "word" and row["korean"].endswith("다") and row["korean"] != "바다"
        stem = row["korean"].removesuffix("다") if verb else row["korean"]
        assert (stem[:-1] or stem if verb else stem) in korean, row  # the last syllable of a stem changes: 나르다, 날라


def test_queries_ask_for_articles_without_naming_them():
    articles, pairs = {row["word"]: row["text"] for row in table("bilingual", "articles")}, table("bilingual", "pairs")
    queries = table("bilingual", "queries")
    assert len(queries) == len({row["word"] for row in queries}) >= 40 and len(articles) >= 300
    for row in queries:
        assert row["word"] in articles
        named = [pair["korean"] for pair in pairs if pair["english"] == row["word"].lower()]
        assert named and not any(re.search(rf"(^| ){word}", row["query"]) for word in named), row


# ── recommendation ───────────────────────────────────────────────────────────────────────────────────────────────────
TASTES = ("suspense", "laughter", "love", "spectacle")


def test_nobody_rates_a_film_twice_and_stars_are_stars():
    ratings, movies, users = (table("recommendation", name) for name in ("ratings", "movies", "users"))
    assert len({(row["user"], row["movie"]) for row in ratings}) == len(ratings) > 9_000
    assert {row["stars"] for row in ratings} == set("12345")
    for column, known in (("movie", movies), ("user", users)):
        assert {row[column] for row in ratings} == {row[column] for row in known}
    assert len({row["title"] for row in movies}) == len(movies) >= 80
    assert min(Counter(row["user"] for row in ratings).values()) >= 12


def test_the_stars_follow_the_tastes_as_the_readme_says():
    ratings, movies, users = (table("recommendation", name) for name in ("ratings", "movies", "users"))
    films = {row["movie"]: (np.array([float(row[t]) for t in TASTES]), float(row["quality"])) for row in movies}
    people = {row["user"]: (np.array([float(row[t]) for t in TASTES]), float(row["generous"])) for row in users}
    match = np.array([people[row["user"]][0] @ films[row["movie"]][0] for row in ratings])
    rest = np.array([float(row["stars"]) - people[row["user"]][1] - films[row["movie"]][1] for row in ratings])
    middle = np.abs(match) < 1.5  # where the cut at 1 and 5 does not bite
    slope, mean = np.polyfit(match[middle], rest[middle], 1)
    noise = np.std(rest[middle] - slope * match[middle] - mean)
    assert abs(slope - 0.45) < 0.06 and abs(mean - 3.4) < 0.15 and 0.5 < noise < 0.75
    shuffled = np.random.default_rng(0).permutation(match)
    assert abs(np.corrcoef(shuffled, rest)[0, 1]) < 0.05 < np.corrcoef(match, rest)[0, 1]


def test_reviews_speak_of_the_tastes_of_their_film():
    built = recipe("recommendation")
    phrases = built.read_phrases()
    reviews, movies = table("recommendation", "reviews"), table("recommendation", "movies")
    assert set(Counter(row["movie"] for row in reviews).values()) == {12}
    assert not any("{" in row["text"] or "  " in row["text"] for row in reviews)
    names = {movie["director"] for movie in movies} | {movie["title"] for movie in movies if len(movie["title"]) > 2}
    assert not any(name in row["text"] for row in reviews for name in names)
    plain = {side: [phrase for phrase in phrases[side] if "{n}" not in phrase] for side in phrases}
    for taste in TASTES:
        counts = {side: Counter() for side in "+-"}
        for row in reviews:
            for side in "+-":
                counts[side][row["movie"]] += sum(phrase in row["text"] for phrase in plain[f"{taste} {side}"])
        value = np.array([float(movie[taste]) for movie in movies])
        spoken = np.array([counts["+"][movie["movie"]] - counts["-"][movie["movie"]] for movie in movies])
        assert np.corrcoef(value, spoken)[0, 1] > 0.7, taste
