"""Build the recommendation set: ``movies.tsv``, ``reviews.tsv``, ``ratings.tsv`` and the tastes behind them, ``users.tsv``.

Films come from ``movies.txt``, what reviews say from ``phrases.txt``; users, their tastes and their stars are drawn here. Run
``python build.py``; the standard library is enough and the output is the same on every machine: only ``random.Random(seed).random()``
is drawn from, and every number is rounded before it is used further.

The model of the stars: user u likes film m by  3.4 + a_u + q_m + 0.45 t_u · f_m + noise of standard deviation 0.6,  rounded to 1-5, where
f_m are the four numbers of the film (-2 to 2), t_u the user's taste (standard normal), a_u how generous the user is and q_m how good the
film is. Users see what is popular, and more often what they like: films are missing not at random.
"""

import math
import random
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SEED = 11
USERS, REVIEWS = 400, 12
TASTES = ("suspense", "laughter", "love", "spectacle")


class Draw:
    """Random numbers that are the same in every Python version and on every machine (6 digits are kept)."""

    def __init__(self, seed):
        self.uniform = random.Random(seed).random

    def normal(self, deviation=1.0):
        return round(deviation * math.sqrt(-2 * math.log(1 - self.uniform())) * math.cos(2 * math.pi * self.uniform()), 6)

    def pick(self, options):
        return options[int(self.uniform() * len(options))]

    def weighted(self, weights):
        left = self.uniform() * sum(weights)
        for number, weight in enumerate(weights):
            left -= weight
            if left < 0:
                return number
        return len(weights) - 1


def read_movies():
    movies = []
    for line in (FOLDER / "movies.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            title, genre, director, actors, tastes, about, nouns = (part.strip() for part in line.split("|"))
            movies.append({"title": title, "genre": genre, "director": director, "actors": actors, "about": about, "nouns": nouns.split(),
                           "tastes": [int(number) for number in tastes.split()]})
    return movies


def read_phrases():
    phrases, header = {}, ""
    for line in (FOLDER / "phrases.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            header = line.strip("[]")
        elif line and not line.startswith("#"):
            phrases.setdefault(header, []).append(line)
    return phrases


def review(movie, quality, phrases, draw):
    """Two or three sentences: the film's tastes decide which, its quality colours the last one."""
    parts = []
    while len(parts) < 2:
        number = draw.weighted([abs(value) + 0.15 for value in movie["tastes"]])
        side = "+" if movie["tastes"][number] > 0 or (movie["tastes"][number] == 0 and draw.uniform() < 0.5) else "-"
        phrase = draw.pick(phrases[f"{TASTES[number]} {side}"])
        if phrase not in parts:
            parts.append(phrase)
    end = draw.uniform()
    if end < 0.35:
        parts.append(draw.pick(phrases["any"]))
    elif end < 0.75:
        parts.append(draw.pick(phrases["quality +" if quality + draw.normal(0.5) > 0 else "quality -"]))
    return ". ".join(part.replace("{n}", draw.pick(movie["nouns"])) for part in parts) + "."


def build():
    """Rows of the four tables."""
    draw, movies, phrases = Draw(SEED), read_movies(), read_phrases()
    quality = [draw.normal(0.35) for _ in movies]
    fame = [round(math.exp(draw.normal(0.8)), 6) for _ in movies]
    reviews = [(f"m{m:02}", review(movie, quality[m], phrases, draw)) for m, movie in enumerate(movies) for _ in range(REVIEWS)]
    users, ratings = [], []
    for u in range(USERS):
        taste, generous = [draw.normal() for _ in TASTES], draw.normal(0.35)
        users.append((f"u{u:03}", *(f"{value:.3f}" for value in (generous, *taste))))
        liking = [round(0.45 * sum(t * f for t, f in zip(taste, movie["tastes"], strict=True)), 6) for movie in movies]
        weights = [round(fame[m] * math.exp(0.5 * max(-2.0, min(2.0, liking[m]))), 6) for m in range(len(movies))]
        for _ in range(12 + int(draw.uniform() * 25)):
            m = draw.weighted(weights)
            weights[m] = 0.0
            stars = round(3.4 + generous + quality[m] + liking[m] + draw.normal(0.6))
            ratings.append((f"u{u:03}", f"m{m:02}", str(min(5, max(1, stars)))))
    films = [(f"m{m:02}", movie["title"], movie["genre"], movie["director"], movie["actors"], movie["about"],
              *(str(value) for value in movie["tastes"]), f"{quality[m]:.3f}") for m, movie in enumerate(movies)]
    return {
        "movies": (("movie", "title", "genre", "director", "actors", "about", *TASTES, "quality"), films),
        "reviews": (("movie", "text"), reviews),
        "users": (("user", "generous", *TASTES), users),
        "ratings": (("user", "movie", "stars"), ratings),
    }


def main():
    for name, (header, rows) in build().items():
        with open(FOLDER / f"{name}.tsv", "w", encoding="utf-8", newline="\n") as file:
            file.writelines("\t".join(row) + "\n" for row in (header, *rows))


if __name__ == "__main__":
    main()
