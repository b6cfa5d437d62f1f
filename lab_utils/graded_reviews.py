"""Korean reviews with known factors: polarity 1-5, aspects and stance, intensity, length.

Real reviews have one known factor, the stars, and noisy ones. Here every text is composed from clauses written for this
workbook (``data/graded_reviews/grammar.json``), so what it says is known, and a latent space can be asked whether it kept it.
"""

import json
import math
import random
import re
from functools import cache

from .runtime import data_folder

COLUMNS = ("text", "domain", "product", "aspect", "stance", "polarity", "intensity", "length", "n_tokens")
LENGTHS = {"short": (3, 6), "medium": (7, 11), "long": (12, 25)}  # in eojeol (white-space tokens), both ends included
_UNITS = {"short": (1, 2), "medium": (1, 3), "long": (2, 4)}  # clauses and verdicts in a frame of that length
_OPENED = {"short": 0.15, "medium": 0.45, "long": 0.85}  # share that starts with an opener ("후기 보고 샀는데")
_STANCE = {"bad1": "-", "bad2": "-", "minus": "-", "regret": "-", "neutral": "0"}  # every other role: "+"
_CALM = ("", ".", "...")
_PAIRS = {"이": "이가", "은": "은는", "을": "을를"}
_TRIES = 4_000


def particle(noun: str, kind: str) -> str:
    """`noun` with the form of 이/가, 은/는 or 을/를 (`kind`: its first member; others unchanged) that its last sound asks for."""
    after_consonant = (ord(noun[-1]) - 0xAC00) % 28 > 0
    pair = _PAIRS.get(kind, kind * 2)
    return noun + pair[0 if after_consonant else 1]


@cache
def grammar() -> dict:
    """The grammar as written in ``grammar.json`` (see the README beside it), with frames read into clauses."""
    g = json.loads((data_folder() / "graded_reviews" / "grammar.json").read_text(encoding="utf-8"))
    g["frames"] = {int(p): [_read_frame(f) for f in frames] for p, frames in g["frames"].items()}
    for aspect in g["aspects"].values():
        for phrase in aspect["phrases"]:
            phrase["groups"] = phrase.get("groups", aspect["groups"])
    return g


def _read_frame(frame: str) -> dict:
    # "good4:go good4+:end / V" → [[("good4", "", "go"), ("good4", "도", "end")], [("V", "", "")]]; other words stand as they are
    def part(word):
        role, _, form = word.partition(":")
        return (role.rstrip("+="), {"+": "도", "=": "은"}.get(role[-1], ""), form)

    sentences = [[part(word) for word in sentence.split()] for sentence in frame.split(" / ")]
    clauses = sum(bool(form) for s in sentences for _, _, form in s)
    return {"sentences": sentences, "clauses": clauses, "units": clauses + sum(r == "V" for s in sentences for r, _, _ in s)}


def aspect_names(domain: str | None = None) -> tuple[str, ...]:
    """Names of the aspects: of ``"shopping"``, of ``"movie"``, or (None) of both."""
    g = grammar()
    groups = "".join("".join(g["domains"][d]) for d in g["domains"] if domain in (None, d))
    return tuple(name for name, aspect in g["aspects"].items() if aspect["groups"][0] in groups)


def generate(n: int = 20_000, seed: int = 0, *, aspects=None, polarity=None):
    """`n` different reviews, the same for the same arguments on every platform and Python version.

    Polarity follows `polarity` exactly; within each polarity the nine cells intensity × length are filled evenly; the first
    aspect is drawn evenly, so a third of the default texts are about movies. No two texts are equal, nor differ only in
    punctuation and emoticons.

    Parameters
    ----------
    n : int
    seed : int
    aspects : str or iterable of str, optional
        Only these aspects (``"배송"``) or domains (``"shopping"``, ``"movie"``) are mentioned; default: all.
    polarity : int, iterable of int or dict of int to float, optional
        Which of 1-5, in equal numbers; or weights, e.g. ``{1: 86, 5: 962}``. Default: all five.

    Returns
    -------
    pandas.DataFrame
        One row a review, in random order: ``text``; ``domain`` (shopping, movie); ``product`` (for movies the genre); ``aspect``
        ("배송·가격", in the order of the text); ``stance`` (one of ``+0-`` for each of these aspects); ``polarity`` 1-5;
        ``intensity`` 1-3 (adverbs and punctuation); ``length`` (short 3-6, medium 7-11, long 12-25); ``n_tokens`` (eojeol).

    Raises
    ------
    ValueError
        If an argument is out of its domain, or the grammar cannot give that many different texts under the filters.
    """
    import pandas as pd

    rows = list(_rows(n, seed, aspects, polarity))
    return pd.DataFrame({column: [row[column] for row in rows] for column in COLUMNS})


def _rows(n, seed, aspects, polarity):
    # Only random.Random(seed).random() is used: its sequence is guaranteed to stay the same in every Python version.
    draw = random.Random(int(seed)).random
    cells = [(p, k) for p, count in _counts(n, polarity).items() for k in range(count)]
    keys = [draw() for _ in cells]
    composer = _Composer(_allowed(aspects), draw)
    seen = set()
    offset = {p: int(draw() * 9) for p in range(1, 6)}
    for number, i in enumerate(sorted(range(len(cells)), key=keys.__getitem__)):
        p, k = cells[i]
        intensity, length = divmod((k + offset[p]) % 9, 3)
        for _ in range(_TRIES):
            row, core = composer.review(p, intensity + 1, list(LENGTHS)[length])
            if row and core not in seen:
                break
        else:
            raise ValueError(
                f"주어진 조건으로는 서로 다른 문장을 {n:,}개까지 만들 수 없습니다. {number:,}개를 만든 뒤 별점 {p}점, 세기 {intensity + 1}, "
                f"길이 {list(LENGTHS)[length]}에서 새 문장이 더 나오지 않았습니다. n을 줄이거나 aspects·polarity 조건을 넓혀 주세요."
            )
        seen.add(core)
        yield row


def _allowed(aspects) -> tuple[str, ...]:
    if aspects is None:
        return aspect_names()
    asked = [aspects] if isinstance(aspects, str) else list(aspects)
    names = [name for a in asked for name in (aspect_names(a) if a in grammar()["domains"] else [a])]
    unknown = [name for name in names if name not in aspect_names()]
    if unknown or not names:
        what = f"aspects에 없는 이름이 있습니다: {', '.join(map(str, unknown))}." if unknown else "aspects가 비어 있습니다."
        raise ValueError(f"{what} {', '.join(aspect_names())} 또는 shopping, movie 가운데에서 골라 주세요.")
    return tuple(name for name in aspect_names() if name in names)


def _counts(n, polarity) -> dict[int, int]:
    """How many reviews of each polarity: largest remainders, so that the sum is `n` and weights that sum to `n` are met exactly."""
    if isinstance(n, bool) or n != int(n) or n < 0:
        raise ValueError(f"n은 0 이상의 정수여야 합니다. 받은 값: {n!r}")
    if polarity is None:
        polarity = range(1, 6)
    if not isinstance(polarity, dict):
        polarity = dict.fromkeys([polarity] if isinstance(polarity, int) else polarity, 1)
    if not polarity or any(p not in range(1, 6) or not 0 <= w < float("inf") for p, w in polarity.items()):
        raise ValueError(
            f"polarity에는 1–5의 정수와 0 이상의 가중치만 쓸 수 있습니다. 받은 값: {polarity!r}. 예: [1, 5] 또는 {{1: 86, 5: 962}}"
        )
    total = math.fsum(polarity.values())  # sum() rounds differently before Python 3.12
    if not total > 0:
        raise ValueError("polarity의 가중치가 모두 0입니다. 적어도 하나는 0보다 크게 해 주세요.")
    share = {p: n * polarity[p] / total for p in sorted(polarity)}
    counts = {p: int(s) for p, s in share.items()}
    for p in sorted(share, key=lambda p: (counts[p] - share[p], p))[: int(n) - sum(counts.values())]:
        counts[p] += 1
    return counts


class _Composer:
    """Draws frame, product, aspects, clauses and words of one review; what reads badly is drawn again by the caller."""

    def __init__(self, allowed, draw):
        self.draw, self.g = draw, grammar()
        g = self.g
        self.domain_of = {group: d for d, groups in g["domains"].items() for group in groups}
        self.of_group = {x: [a for a in allowed if x in g["aspects"][a]["groups"]] for x in self.domain_of}
        self.most = max(map(len, self.of_group.values()))
        self.allowed = allowed
        self.phrases = cache(self._phrases)
        self.frames = cache(self._frames)
        self.verdicts = cache(self._verdicts)
        self.openers = cache(self._openers)

    def pick(self, options):
        return options[int(self.draw() * len(options))]

    def weighted(self, weights):
        """A key of `weights` (dict of key to number), with probability proportional to its number (integers)."""
        left = self.draw() * sum(weights.values())
        for key in weights:
            left -= weights[key]
            if left < 0:
                return key

    def _phrases(self, aspect, group, role, reason):
        levels = self.g["roles"][role]
        fits = [q for q in self.g["aspects"][aspect]["phrases"] if q["levels"] in levels and group in q["groups"]]
        # As a reason only what can be one, and not "아파서 못 신어서".
        return [q for q in fits if not reason or (q["seo"] and not re.search("(?<!에)서( |$)", q["lead"]))]

    def _frames(self, polarity, length):
        low, high = _UNITS[length]
        fits = [f for f in self.g["frames"][polarity] if f["clauses"] <= self.most]
        return [f for f in fits if low <= f["units"] <= high]

    def _verdicts(self, polarity, group, place):
        # A sentence of its own may be any but one for the other kind of middle; after -아서 only what a reason can lead to,
        # and "잘 먹었어요" only after a reason about use (the taste, not the delivery).
        wanted = {"use": ("any", "use"), "other": ("any",)}.get(place, ("", "any", "use", place))
        fits = [v for v in self.g["verdicts"] if str(polarity) in v["levels"] and group in v["groups"]]
        return [v for v in fits if v["after"] in wanted]

    def _openers(self, polarity, group, use):
        fits = [o for o in self.g["openers"] if str(polarity) in o["polarities"] and group in o["groups"]]
        return [o for o in fits if use or not o["after_use"]]  # not "며칠 써 보니 배송이 빨라요"

    def review(self, polarity, intensity, length):
        """(row, text without punctuation), or (None, None) if this draw does not fit or does not read well."""
        frame = self.pick(self.frames(polarity, length))
        first = self.pick(self.allowed)
        group = self.pick(self.g["aspects"][first]["groups"])
        aspects = [first]
        rest = [a for a in self.of_group[group] if a != first]
        if len(rest) < frame["clauses"] - 1:
            return None, None
        while len(aspects) < frame["clauses"]:
            # An aspect that many products share would come up too often as the second one.
            left = {a: 60 // len(self.g["aspects"][a]["groups"]) for a in rest if a not in aspects}
            aspects.append(self.weighted(left))
        product = self.pick(self.g["domains"][self.domain_of[group]][group])
        register = self.weighted(self.g["registers"])

        used, endings, stance, sentences, adverbs = [], [], "", [], 0
        opener = self.draw() < _OPENED[length]
        for sentence in frame["sentences"]:
            words = []
            if opener and not sentences:
                fits = self.openers(polarity, group, self.g["aspects"][first]["use"])
                words.append(self._opener(self.pick(fits)["text"], product))
            reason = ""
            for role, mark, form in sentence:
                if role == "V":
                    place = reason or ("mixed" if {*"+-"} <= {*stance} else "bland")
                    verdict = self.pick(self.verdicts(polarity, group, place))
                    words.append(verdict[register])
                    endings.append(verdict["yo"].split()[-1])
                elif not form:
                    words.append(role)
                else:
                    aspect = aspects[len(used)]
                    phrase = self.pick(self.phrases(aspect, group, role, form == "seo"))
                    strength = min(intensity, phrase.get("cap", 3))  # "꽤 무난해요", but not "너무 무난해요"
                    adverb = self.pick(self.g["adverbs"][role][strength - 1]) if "*" in phrase["lead"] else ""
                    adverbs += bool(adverb) and strength == intensity
                    words.append(self._clause(phrase, adverb, mark, register, form))
                    used.append(phrase)
                    endings.append(phrase["yo"])
                    stance += _STANCE.get(role, "+")
                    reason = ("other", "use")[self.g["aspects"][aspect]["use"]] if form == "seo" else ""
            sentences.append(" ".join(" ".join(words).split()))

        core = " ".join(sentences)
        n_tokens = len(core.split())
        low, high = LENGTHS[length]
        if not low <= n_tokens <= high or len(set(endings)) < len(endings) or not _reads_well(sentences):
            return None, None
        mood = "formal" if register == "sup" else ("bad", "bad", "middle", "good", "good")[polarity - 1]
        tail = self.pick(self.g["tails"][mood][intensity - 1])
        if register != "yo":
            tail = tail.replace("~", "")
        if intensity > 1 and not adverbs and tail in _CALM:
            return None, None  # the intensity would not show
        stop = "! " if intensity == 3 and register != "sup" and self.draw() < 0.3 else ". "
        return {
            "text": stop.join(sentences) + tail, "domain": self.domain_of[group], "product": product,
            "aspect": "·".join(aspects), "stance": stance, "polarity": polarity, "intensity": intensity,
            "length": length, "n_tokens": n_tokens, "phrases": used,
        }, core  # fmt: skip

    def _opener(self, text, product):
        for kind in _PAIRS:
            text = text.replace(f"{{product:{kind}}}", particle(product, kind))
        return text.replace("{product}", product)

    def _clause(self, phrase, adverb, mark, register, form):
        noun, lead = phrase["noun"], phrase["lead"].replace("*", adverb)
        if noun:
            # Short notes leave 이/가 out: "배송 빠름", now and then also "배송 빨라요".
            bare = not mark and len(lead.split()) < 2 and self.draw() < {"eum": 0.6, "yo": 0.12}.get(register, 0)
            noun = noun if bare else particle(noun, mark or "이")
        return f"{noun} {lead} {phrase[register if form == 'end' else form]}"


def _reads_well(sentences) -> bool:
    """No word twice in a review, and in each sentence at most one -는데, one -지만 and two -서."""
    words = [w for sentence in sentences for w in sentence.split() if len(w) > 1]
    if len(set(words)) < len(words):
        return False
    return all(
        sum(w.endswith("데") and len(w) > 1 for w in s.split()) < 2 and s.count("지만") < 2 and s.count("서 ") < 3
        for s in sentences
    )
