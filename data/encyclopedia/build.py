"""Build the Korean mini-encyclopedia: ``sentences.tsv`` and ``polysemy.tsv``.

Three sources, all in this folder: ``facts.toml`` (what is true of each item), ``frames.toml`` (ways to say it) and
``written.txt`` (sentences written one by one). Run ``python build.py``; the standard library is enough and the output is
the same on every machine.

A frame is a sentence with slots: ``{X:은}`` is the item with its topic particle, ``{A:는}`` a predicate in the adnominal
form. Particles follow the final consonant of the noun; predicates are conjugated by the rules of school grammar.
"""

import hashlib
import random
import re
import tomllib
from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SEED = 20
FRAME_CAP = 80      # a frame is used at most this often
SKELETON_CAP = 20   # sentences that are equal except for the item

# --- particles -------------------------------------------------------------------------------------------------------
PARTICLES = {  # name -> (after a consonant, after a vowel)
    "은": ("은", "는"), "이": ("이", "가"), "을": ("을", "를"), "과": ("과", "와"), "으로": ("으로", "로"),
    "으로서": ("으로서", "로서"), "이다": ("이다", "다"), "이라고": ("이라고", "라고"), "이라는": ("이라는", "라는"),
    "이란다": ("이란다", "란다"), "이었다": ("이었다", "였다"), "이나": ("이나", "나"), "이며": ("이며", "며"), "이고": ("이고", "고"),
    "이지만": ("이지만", "지만"), "이란": ("이란", "란"), "이라면": ("이라면", "라면"), "이야말로": ("이야말로", "야말로"),
    "이지": ("이지", "지"),
}
FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"


def final(word):
    """Return the final consonant of the last syllable ("" after a vowel)."""
    code = ord(word[-1]) - 0xAC00
    if not 0 <= code < 11172:
        raise ValueError(f"not a Hangul syllable: {word!r}")
    return FINALS[code % 28].strip()


def with_particle(word, particle):
    """Return ``word`` with the form of ``particle`` that its final consonant asks for."""
    if particle not in PARTICLES:
        return word + particle          # 의, 에서, 도 … have one form
    closed = final(word) not in ("", "ㄹ") if particle.startswith("으로") else bool(final(word))
    return word + PARTICLES[particle][0 if closed else 1]


# --- predicates ------------------------------------------------------------------------------------------------------
ADJECTIVES = set(
    "가깝다 가득하다 가볍다 강하다 고소하다 길다 길쭉하다 깊다 까맣다 낮다 넓다 높다 눈부시다 다르다 달콤하다 담백하다 "
    "동글동글하다 두껍다 든든하다 듯하다 따뜻하다 떫다 뚜렷하다 뛰어나다 뜨겁다 많다 말랑말랑하다 맑다 매끈하다 매콤하다 "
    "무겁다 무덥다 무섭다 물렁물렁하다 붉다 빼어나다 새콤달콤하다 새콤하다 생생하다 선선하다 세다 시다 알록달록하다 알맞다 "
    "없다 연하다 예민하다 유리하다 유명하다 위험하다 작다 잘록하다 저렴하다 점잖다 정교하다 조용하다 좋다 진하다 짧다 짭짤하다 춥다 크다 탁하다 "
    "튼튼하다 포슬포슬하다 폭신하다 풍부하다 필요하다 화려하다 활기차다 흔하다".split()
)
STATES = ("되다", "불리다", "이루어지다", "나뉘다", "거느리다", "못하다", "알려지다", "전해지다", "않다")
COPULA = re.compile(r"(?<=\S)이다$")
VERBS_IN_IDA = ("보이다", "끓이다", "기울이다", "녹이다", "높이다", "먹이다", "모이다", "번쩍이다", "붙이다", "움직이다", "들이다", "글썽이다",
                "졸이다", "줄이다", "쌓이다", "쓰이다", "고이다", "깎이다", "싸이다")
B_REGULAR = "잡입씹뽑접업꼽집"                       # ㅂ stays before a vowel
REPEATED = re.compile(r"(나라|도시)인 \1")            # "계획도시인 도시": the frame says what the fact said
PAST = {"했": "하", "됐": "되", "녔": "니"}
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
UNCONTRACTED = {"ㅕ": "ㅣ", "ㅝ": "ㅜ", "ㅘ": "ㅗ", "ㅙ": "ㅚ"}


def syllable(letter, final_consonant):
    """Return an open syllable with another final consonant."""
    code = ord(letter) - 0xAC00
    return chr(0xAC00 + code // 28 * 28 + FINALS.index(final_consonant or " "))


def past_base(stem):
    """Return the verb stem behind a past stem (만들었 → 만들, 정했 → 정하), or None if ``stem`` is not past."""
    last = stem[-1]
    if final(last) != "ㅆ" or last == "있":
        return None
    if last in "었았":
        return stem[:-1]
    if last in PAST:
        return stem[:-1] + PAST[last]
    code = ord(last) - 0xAC00
    vowel = VOWELS[code // 28 % 21]
    return stem[:-1] + chr(0xAC00 + (code // 588 * 21 + VOWELS.index(UNCONTRACTED.get(vowel, vowel))) * 28)


def is_copula(word):
    """Return whether ``word`` is a noun with 이다 (and not a verb such as 끓이다)."""
    return bool(COPULA.search(word)) and not word.endswith(VERBS_IN_IDA)


def conjugate(predicate, ending):
    """Return ``predicate`` (dictionary form, or past in -었다) with ``ending``.

    Endings: 다 (plain statement), 다고, 다는, 고, 지만, 는 (adnominal), 을 (prospective adnominal), 는데, 는지, 으며, 기도 (with 하다).
    Raises ValueError where a form would not be natural Korean (the habit 기도 한다 of a past event).
    """
    stem, word = predicate[:-1], predicate.split()[-1]
    if ending in ("다고", "다는"):
        if is_copula(word):
            return with_particle(predicate[:-2], "이라" + ending[1:])
        return conjugate(predicate, "다") + ending[1:]
    base = past_base(stem)
    if base is not None:
        forms = {"다": stem + "다", "는데": stem + "는데", "는지": stem + "는지", "을": stem + "을", "으며": stem + "으며",
                 "고": stem + "고", "지만": stem + "지만"}
        if ending == "기도":
            raise ValueError(f"no habit in the past: {predicate}")
        return forms[ending] if ending in forms else attach(base, "ㄴ", "은")
    copula = is_copula(word)
    adjective = word in ADJECTIVES or copula
    existence = word.endswith(("있다", "없다"))
    if ending in ("고", "지만"):
        return stem + ending
    if ending == "기도":
        if predicate.endswith("도 하다") or copula or existence or adjective or word in STATES:
            raise ValueError(f"a state, not a habit: {predicate}")
        return stem + "기도 한다"
    if ending == "다":
        return stem + "다" if adjective or existence else attach(stem, "ㄴ", "는") + "다"
    if ending in ("는", "는데", "는지"):
        if adjective and not existence:
            return attach(stem, "ㄴ", "은") + ending[1:]
        return (attach(stem, "", "") if final(stem) == "ㄹ" else stem) + ending
    if ending == "을":
        return attach(stem, "ㄹ", "을")
    if ending == "으며":
        if final(stem) == "ㄹ":
            return stem + "며"
        return attach(stem, "", "으") + "며"
    raise ValueError(f"unknown ending: {ending}")


def attach(stem, consonant, syllable_after_consonant):
    """Join an ending that starts with a consonant after open stems and with its own syllable after closed ones."""
    last, closing = stem[-1], final(stem)
    if not closing or closing == "ㄹ":
        return stem[:-1] + syllable(last, consonant)
    if syllable_after_consonant in ("은", "을", "으"):
        if closing == "ㅂ" and last not in B_REGULAR:                       # 가볍- → 가벼우-
            return stem[:-1] + syllable(last, "") + syllable("우", consonant)
        if closing == "ㅎ" and stem[-2:] == "까맣":                          # 까맣- → 까마-
            return stem[:-1] + syllable(last, consonant)
        if last in "짓잇젓붓":                                                # 짓- → 지으-
            return stem[:-1] + syllable(last, "") + syllable_after_consonant
    return stem + syllable_after_consonant


# --- filling frames --------------------------------------------------------------------------------------------------
SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
PREDICATES = ("A", "B")
OWN_SUBJECT = re.compile(r"\S[이가] ")     # 꼬리가 길다: the item cannot be a second subject
AS_SUBJECT = re.compile(r"\{X:이\}(?! (나왔|되|필요|서 있|있|생각)|$)")


def fill(frame, values):
    """Return ``frame`` with every slot filled from ``values`` (slot name -> noun or predicate)."""
    def one(match):
        name, form = match.groups()
        value = values[name]
        if name in PREDICATES:
            return conjugate(value, form)
        return with_particle(value, form) if form else value
    return SLOT.sub(one, frame)


def slots(frame):
    """Return the set of slot names in ``frame``."""
    return {name for name, _ in SLOT.findall(frame)}


class Writer:
    """Collect sentences, choosing for each fact the frame that was used least so far."""

    def __init__(self):
        self.rows, self.seen, self.used, self.skeletons = [], set(), Counter(), Counter()
        self.random = random.Random(SEED)
        self.topical = False

    def write(self, topic, frames, values):
        """Add one sentence about ``values`` in one of ``frames``; return whether a frame could be found."""
        fitting = [frame for frame in frames if slots(frame) <= values.keys() and self.used[frame] < FRAME_CAP]
        if self.topical or OWN_SUBJECT.search(values.get("A", "")):
            fitting = [frame for frame in fitting if "A" not in slots(frame) or not AS_SUBJECT.search(frame)]
        self.random.shuffle(fitting)
        for frame in sorted(fitting, key=lambda frame: self.used[frame]):
            try:
                sentence = fill(frame, values)
            except ValueError:      # a form that this predicate lacks
                continue
            skeleton = (frame, *(values[name] for name in sorted(slots(frame) & set("ABH"))))
            if sentence in self.seen or REPEATED.search(sentence) or self.skeletons[skeleton] >= SKELETON_CAP:
                continue
            self.seen.add(sentence)
            self.used[frame] += 1
            self.skeletons[skeleton] += 1
            self.rows.append((sentence, topic, frame))
            return True
        return False

    def about(self, topic, frames, noun, facts, times=1, **more):
        """Tell every fact of ``noun`` alone ``times`` times, then the facts two by two."""
        one, two = frames["one"], frames.get("two", [])
        for fact in facts:
            for _ in range(times):
                self.write(topic, one, {"X": noun, "A": fact, **more})
        for first, second in zip(facts[::2], facts[1::2], strict=False):
            if two:
                self.write(topic, two, {"X": noun, "A": first, "B": second, **more})


def family(writer, frames, pairs):
    """Tell the facts of each male–female pair, once with each gender's own words."""
    words = {"male": {"G": "남자", "S": "남성", "P": "그"}, "female": {"G": "여자", "S": "여성", "P": "그녀"}}
    for pair in pairs:
        kind = "people" if pair.get("age") else "animals"
        for gender in ("male", "female"):
            own = {"X": pair[gender], "Y": pair["female" if gender == "male" else "male"], **words[gender]}
            one = frames[kind]["one"] + frames[kind].get(gender, [])
            if pair.get("age") == "adult":
                one += frames[kind]["adult_" + gender]
            frames_here = {"one": one, "two": frames[kind]["two"]}
            writer.about("family", frames_here, own.pop("X"), pair["role"], times=2, **own)


def contrasts(writer, topic, frames, items, rounds):
    """Name two or three items of a kind together, or set a fact of one against a fact of another."""
    for _ in range(rounds):
        order = list(items)
        writer.random.shuffle(order)
        for first, second, third in zip(order, order[1:] + order[:1], order[2:] + order[:2], strict=True):
            values = {"X": first, "Y": second, "Z": third, "A": writer.random.choice(items[first]["does"]),
                      "B": writer.random.choice(items[second]["does"]), "H": items[first].get("kind", topic)}
            writer.write(topic, frames, values)


def countries(writer, frames, items):
    """Tell the facts of each country and its capital."""
    names = {"capital": "K", "continent": "C", "language": "L", "currency": "U", "food": "F", "sight": "M", "nature": "N"}
    for country, entry in items.items():
        values = {"X": country, **{slot: entry[key] for key, slot in names.items()}}
        for _ in range(frames["per_country"]):
            writer.write("countries", frames["slots"], values)
        more = {slot: values[slot] for slot in "KCLUFMN"}
        writer.about("countries", frames["country"], country, entry["does"], times=2, H="나라", **more)
        writer.about("countries", frames["city"], entry["capital"], entry["city"], times=2, Z=country, H="도시")
    order = list(items)
    for _ in range(frames["rounds"]):
        writer.random.shuffle(order)
        for first, second, third in zip(order, order[1:] + order[:1], order[2:] + order[:2], strict=True):
            values = {"X": first, "Y": second, "Z": third, "K3": items[third]["capital"]}
            for key, slot in names.items():
                values[slot], values[slot + "2"] = items[first][key], items[second][key]
            if values["L"] != values["L2"] and values["U"] != values["U2"]:
                writer.write("countries", frames["contrast"], values)


def written():
    """Return (sentence, topic, word, sense) for every hand-written line; word and sense are "" outside polysemy."""
    rows, topic, word, sense = [], "", "", ""
    for line in (FOLDER / "written.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            topic, word, sense = (line.strip("[]").split() + ["", ""])[:3]
        elif line.strip() and not line.startswith("#"):
            rows.append((line.strip(), topic, word, sense))
    return rows


def generate():
    """Return all rows (sentence, topic, frame); the frame of a hand-written sentence is ""."""
    facts = tomllib.loads((FOLDER / "facts.toml").read_text(encoding="utf-8"))
    frames = tomllib.loads((FOLDER / "frames.toml").read_text(encoding="utf-8"))
    writer = Writer()
    for sentence, topic, _, _ in written():
        if sentence in writer.seen:
            raise ValueError(f"written twice: {sentence}")
        writer.seen.add(sentence)
        writer.rows.append((sentence, topic, ""))
    for topic, entry in frames["topics"].items():
        shared = frames["shared"] if entry.get("shared", True) else {"one": [], "two": []}
        here = {"one": entry["one"] + shared["one"], "two": entry.get("two", []) + shared["two"]}
        writer.topical = entry.get("topical", False)
        for noun, item in facts[topic].items():
            more = {"H": item.get("kind", entry.get("kind", ""))} | {
                slot: item[key] for key, slot in (("place", "W"), ("sound", "S"), ("young", "Y"), ("genre", "Q"))
                if key in item}
            if not more["H"]:
                del more["H"]
            writer.about(topic, here, noun, item["does"], times=entry.get("times", 1), **more)
            for _ in range(entry.get("extra", 0)):
                writer.write(topic, entry["slots"], {"X": noun, **more})
        if "contrast" in entry:
            contrasts(writer, topic, entry["contrast"], facts[topic], entry.get("rounds", 1))
    writer.topical = False
    family(writer, frames["family"], facts["family"])
    countries(writer, frames["countries"], facts["countries"])
    # an order that depends on the sentences only, so that topics are mixed and a new fact moves nothing else
    return sorted(writer.rows, key=lambda row: hashlib.sha256(row[0].encode()).hexdigest())


def tables():
    """Return {file name: content} of everything that this recipe makes."""
    lines = ["sentence\ttopic"] + [f"{sentence}\t{topic}" for sentence, topic, _ in generate()]
    senses = ["sentence\tword\tsense"] + ["\t".join((s, word, sense)) for s, _, word, sense in written() if word]
    return {"sentences.tsv": "\n".join(lines) + "\n", "polysemy.tsv": "\n".join(senses) + "\n"}


if __name__ == "__main__":
    for name, content in tables().items():
        (FOLDER / name).write_bytes(content.encode())
        print(name, content.count("\n") - 1)
