"""Reviews as one flat array of tokens, and batches of sentences of equal length, in an order that a step number fixes."""

import json
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PARTS = ("train", "validation", "test", "middle", "middle of the test part")
HELD_OUT = 3  # stars that no model sees: parts 3 and 4


@dataclass
class TokenArray:
    """Tokenised reviews; small enough to lie on the training device as a whole.

    Attributes
    ----------
    tokens : (N,) uint16
        All reviews one after the other, without begin and end.
    starts, lengths : (n,) int32
        Review i is ``tokens[starts[i]: starts[i] + lengths[i]]``.
    scores : (n,) float32
        Stars mapped to −1 … 1 ((stars − 3) / 2); NaN where a review has none.
    parts : (n,) uint8
        0 train, 1 validation, 2 test; 3-star reviews, which no model sees, are 3 (of movies of 0 and 1) or 4 (of movies of 2).
    """

    tokens: np.ndarray
    starts: np.ndarray
    lengths: np.ndarray
    scores: np.ndarray
    parts: np.ndarray

    def save(self, path) -> None:
        """Write ``.npz`` to a path or an open file."""
        np.savez_compressed(path, tokens=self.tokens, lengths=self.lengths.astype(np.uint16), scores=self.scores.astype(np.float16), parts=self.parts)

    @classmethod
    def load(cls, path: Path) -> "TokenArray":
        with np.load(path, allow_pickle=False) as stored:
            lengths = stored["lengths"].astype(np.int32)
            starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int32)
            return cls(stored["tokens"], starts, lengths, stored["scores"].astype(np.float32), stored["parts"])

    def checksum(self) -> int:
        """CRC-32 of everything that training depends on: a run goes on only with the reviews that it began with."""
        found = 0
        for values in (self.tokens, self.lengths, self.scores, self.parts):
            found = zlib.crc32(np.ascontiguousarray(values), found)
        return found

    def of(self, part: int) -> np.ndarray:
        """Numbers of the reviews of a part."""
        return np.flatnonzero(self.parts == part)


def movie_stars(seed: int = 0):
    """Movie reviews with 1, 2, 4 or 5 stars (at most 50,000 each) and all 3-star ones apart; columns text, score, group.

    Exact duplicates go first. The group is the movie: no movie is in two parts.
    """
    import pandas as pd

    from .. import datasets

    frame = datasets.load("nsmc-stars", deduplicate=True)
    rng = np.random.default_rng(seed)
    chosen = [part if star == HELD_OUT else part.iloc[np.sort(rng.permutation(len(part))[:50_000])] for star, part in frame.groupby("star")]
    frame = pd.concat(chosen)
    return frame.assign(score=frame["star"], group=frame["movie_id"])[["text", "score", "group"]]


def movie_polarity(seed: int = 0):
    """NSMC positive / negative: 150,000 and 50,000 reviews; columns text, score (1 or 5), split."""
    from .. import datasets

    frame = datasets.load("nsmc")
    frame = frame[frame["document"] != ""]
    return frame.assign(text=frame["document"], score=frame["label"] * 4 + 1)[["text", "score", "split"]]


def shopping(seed: int = 0):
    """Naver shopping reviews with 1, 2, 4 or 5 stars; columns text, score."""
    from .. import datasets

    frame = datasets.load("naver-shopping").drop_duplicates("text")
    return frame.assign(score=frame["star"])[["text", "score"]]


def graded(seed: int = 0):
    """The embedded graded reviews of 3 to 6 words (known factors, no network): a class sees a model learn; columns text, score."""
    from .. import datasets

    frame = datasets.load("graded-reviews", n=30_000, seed=seed)
    frame = frame[frame["length"] == "short"]
    return frame.assign(score=frame["polarity"])[["text", "score"]]


SOURCES = {"stars": movie_stars, "movies": movie_polarity, "shopping": shopping, "graded": graded}


def split(frame, seed: int = 0) -> np.ndarray:
    """A part for each review: by movie where there is a group, by the published split where there is one, else at random."""
    rng = np.random.default_rng(seed)
    if "split" in frame:  # the published test part stays the test part; a few training reviews validate
        parts = np.where(frame["split"] == "test", 2, np.where(rng.random(len(frame)) < 0.02, 1, 0))
    else:
        group = frame["group"].to_numpy() if "group" in frame else np.arange(len(frame))
        names, place = np.unique(group, return_inverse=True)
        parts = rng.choice([0, 1, 2], size=len(names), p=[0.9, 0.02, 0.08])[place]
    return np.where(frame["score"] == HELD_OUT, np.where(parts == 2, 4, 3), parts).astype(np.uint8)


def prepare(recipe, folder: Path) -> tuple[TokenArray, Path]:
    """Tokenise a recipe's reviews once: ``tokens.npz`` and ``tokenizer.json`` in ``folder``; reads them if they are there.

    Reviews longer than ``max_tokens − 1`` tokens are left out, and counted in ``prepared.json``.
    """
    from ..checkpoint import whole_file
    from .tokenizer import train_tokenizer

    folder.mkdir(parents=True, exist_ok=True)
    array, vocabulary, report = folder / "tokens.npz", folder / "tokenizer.json", folder / "prepared.json"
    wanted = {"data": recipe.data, "vocabulary": recipe.model.vocabulary, "max_tokens": recipe.model.max_tokens}
    if report.exists() and (found := json.loads(report.read_text("utf-8")))["recipe"] == wanted and array.exists() and vocabulary.exists():
        return TokenArray.load(array), vocabulary
    report.unlink(missing_ok=True)  # what an interrupted call leaves behind must not pass for either recipe
    frame = SOURCES[recipe.data]()
    parts = split(frame)
    texts = frame["text"].tolist()
    train_texts = [text for text, part in zip(texts, parts, strict=True) if part == 0]
    tokenizer = train_tokenizer(train_texts, recipe.model.vocabulary)
    encoded = [e.ids for e in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
    lengths = np.array([len(ids) for ids in encoded])
    fits = (lengths > 0) & (lengths < recipe.model.max_tokens)
    kept = np.flatnonzero(fits)
    tokens = np.concatenate([np.asarray(encoded[i], np.uint16) for i in kept])
    result = TokenArray(tokens, np.concatenate([[0], np.cumsum(lengths[kept])[:-1]]).astype(np.int32), lengths[kept].astype(np.int32),
                        ((frame["score"].to_numpy(float)[kept] - 3) / 2).astype(np.float32), parts[kept])
    with whole_file(array) as part, open(part, "wb") as file:
        result.save(file)
    tokenizer.save(str(vocabulary))
    found = {"recipe": wanted, "reviews": len(texts), "too long": int((lengths >= recipe.model.max_tokens).sum()), "empty": int((lengths == 0).sum()),
             "parts": {name: int((result.parts == number).sum()) for number, name in enumerate(PARTS)},
             "tokens": int(len(tokens)), "tokens per review": round(float(lengths[kept].mean()), 2)}
    with whole_file(report) as part:
        part.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    return TokenArray.load(array), vocabulary


class Batches:
    """Batches of sentences of one length, about ``budget`` tokens each; batch number → the same sentences, always.

    Every epoch deals the reviews anew (generator of seed and epoch), so a step number is all that a resumed run needs.
    """

    def __init__(self, lengths: np.ndarray, members: np.ndarray, budget: int, seed: int):
        self.lengths, self.members, self.budget, self.seed = lengths, members, budget, seed
        order = np.argsort(lengths[members], kind="stable")
        values, first = np.unique(lengths[members][order], return_index=True)
        self.groups = {int(v): members[order[a:b]] for v, a, b in zip(values, first, [*first[1:], len(order)], strict=True)}
        self.sizes = {v: max(1, budget // (v + 1)) for v in self.groups}  # full batches keep their shape: kernels are made once a shape
        self.per_epoch = sum(-(-len(group) // self.sizes[v]) for v, group in self.groups.items())
        self.epoch, self.dealt = -1, []

    def __getitem__(self, step: int) -> np.ndarray:
        """Numbers of the sentences of a step, all of one length."""
        epoch, place = divmod(step, self.per_epoch)
        if epoch != self.epoch:
            rng = np.random.default_rng([self.seed, epoch])
            dealt = [batch for v, group in self.groups.items()
                     for batch in np.split(rng.permutation(group), range(self.sizes[v], len(group), self.sizes[v]))]
            self.dealt = [dealt[i] for i in rng.permutation(len(dealt))]
            self.epoch = epoch
        return self.dealt[place]
