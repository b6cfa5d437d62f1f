"""Build the English half of the comparable corpus: ``english.tsv``, ``articles.tsv`` and ``pairs.tsv``.

``facts.txt`` and ``countries.txt`` say what is true of each item, in English; the frames below put it into sentences. Run
``python build.py``; the standard library is enough and the output is the same on every machine: only ``random.Random(seed).random()``
is drawn from, whose sequence is the same in every Python version.
"""

import random
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SEED = 10
ONE, TWO, LISTS = 2, 4, 4  # sentences with each fact alone; sentences with two facts; lists of items

SHARED = (
    "{X} {A}.",
    "Everyone knows that {X} {A}.",
    "The {kind} that {A} is {X}.",
    "Our teacher told us that {X} {A}.",
    "A child asked whether {X} really {A}.",
    "We learnt in class that {X} {A}.",
    "Quiz: which {kind} {A}? Answer: {X}.",
    "The children's encyclopedia says that {X} {A}.",
    "My friend told me that {X} {A}.",
)
PAIRS = (
    "{X} {A} and {B}.",
    "{X}, which {A}, also {B}.",
    "Which {kind} {A} and {B}? It is {X}.",
    "{X} not only {A}; it also {B}.",
)
OWN = {  # sentences of a topic, each with one fact
    "animal": ("In the film about animals {X} {A}.", "The zoologist explained why {X} {A}.", "The children saw how {X} {A}."),
    "fruit": ("{X} from the fruit shop {A}.", "Grandmother likes {X} because it {A}.", "Among all fruits it is {X} that {A}."),
    "vegetable": ("{X} from the kitchen garden {A}.", "Mother bought {X} at the market; it {A}.", "The greengrocer says that {X} {A}."),
    "dish": ("On the menu it says that {X} {A}.", "I like {X} because it {A}.", "The cookbook says that {X} {A}."),
    "job": ("{X} {A} every day.", "At work {X} {A}.", "The fair for jobs showed how {X} {A}."),
    "instrument": ("At the concert we heard {X}, which {A}.", "The music teacher explained that {X} {A}."),
    "sport": ("On television they explained that {X} {A}.", "The coach said that {X} {A}."),
    "vehicle": ("Among all vehicles it is {X} that {A}.", "On the street my brother explained that {X} {A}."),
    "colour": ("Among all colours it is {X} that {A}.", "In the paint box {X} {A}."),
    "weather": ("The weather report explained that {X} {A}.", "In the diary I wrote that {X} {A}."),
    "science": ("In the science lesson we heard that {X} {A}.", "The scientist showed that {X} {A}."),
    "film": ("In the world of film {X} {A}.", "The magazine about films wrote that {X} {A}."),
    "person": ("In the story {X} {A}.", "In the drama {X} {A}."),
    "country": ("In the atlas it says that {X} {A}.", "Travellers know that {X} {A}."),
    "capital": ("The guide said that {X} {A}.", "On the postcard I wrote that {X} {A}."),
}
SEVERAL = {  # lists of items of one topic
    "animal": ("The child drew {X}, {Y} and {Z}.", "We looked up {X}, {Y} and {Z} in the book of animals.", "Who lives longer, {X} or {Y}?",
               "{X} {A}, but {Y} {B}."),
    "fruit": ("Every morning we eat {X}, {Y} and {Z}.", "Fruits such as {X}, {Y} and {Z} are rich in vitamins.", "{X} {A}, but {Y} {B}."),
    "vegetable": ("We washed {X}, {Y} and {Z} and put them into the fridge.", "Vegetables such as {X}, {Y} and {Z} are good for you.",
                  "{X} {A}, but {Y} {B}."),
    "dish": ("We ordered {X}, {Y} and {Z}.", "For lunch there was {X}, for dinner {Y}.", "{X} {A}, but {Y} {B}."),
    "job": ("At the job fair we met {X}, {Y} and {Z}.", "One wants to become {X}, another {Y}.", "{X} {A}, but {Y} {B}."),
    "instrument": ("The band has {X}, {Y} and {Z}.", "I want to learn {X} or {Y}.", "{X} {A}, but {Y} {B}."),
    "sport": ("At school we play {X}, {Y} and {Z}.", "I like {X} more than {Y}.", "{X} {A}, but {Y} {B}."),
    "vehicle": ("In the toy shop there are {X}, {Y} and {Z}.", "Shall we take {X} or {Y}?", "{X} {A}, but {Y} {B}."),
    "colour": ("The flag is {X}, {Y} and {Z}.", "Do you like {X} or {Y} better?", "{X} {A}, but {Y} {B}."),
    "weather": ("This week there was {X}, {Y} and {Z}.", "After {X} comes {Y}.", "{X} {A}, but {Y} {B}."),
    "science": ("The museum of science shows {X}, {Y} and {Z}.", "In the test they asked about {X} and {Y}.", "{X} {A}, but {Y} {B}."),
    "film": ("The film club talked about {X}, {Y} and {Z}.", "Which matters more, {X} or {Y}?", "{X} {A}, but {Y} {B}."),
    "person": ("In the picture stand {X}, {Y} and {Z}.", "The novel is about {X} and {Y}.", "{X} met {Y}."),
    "country": ("The meeting was attended by {X}, {Y} and {Z}.", "{X} and {Y} signed a treaty.", "{X} {A}, but {Y} {B}."),
    "capital": ("There are flights to {X}, {Y} and {Z}.", "She moved from {X} to {Y}.", "{X} {A}, but {Y} {B}."),
}
ABOUT_A_COUNTRY = (
    "{capital} is the capital of {country}.", "The capital of {country} is called {capital}.", "The government of {country} sits in {capital}.",
    "The embassy in {capital} helps travellers in {country}.", "Go to {capital} to see the heart of {country}.",
    "People in {country} speak {language}.", "{language} is the language of {country}.", "In {country} you hear {language} on the street.",
    "In {country} you pay with {currency}.", "A ticket in {country} is paid in {currency}.",
    "{country} lies in {continent}.", "{country} is a country of {continent}.",
    "A famous dish of {country} is {food}.", "In {country} we ate {food}.",
    "In {capital} we visited the {sight}.", "The {sight} stands in {capital}.",
    "In {country} you can see {nature}.", "{nature} is part of the nature of {country}.",
)
PLAIN = {"dish", "sport", "colour", "weather", "country", "capital", "vegetable"}  # without an article
PLAIN_WORDS = {"mars", "venus", "jupiter", "saturn", "oxygen", "hydrogen", "iron", "copper", "water", "salt", "dad", "mom", "horror", "comedy",
               "tragedy", "romance", "editing", "lighting"}

WITH_ARTICLE = {"USA", "Netherlands", "Philippines"}


def read():
    """[(kind, Korean words, English word, facts)], and the countries' own fields."""
    items, countries, kind = [], [], ""
    for line in (FOLDER / "facts.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif "|" in line and not line.startswith("#"):
            korean, english, facts = (part.strip() for part in line.split("|"))
            items.append((kind, korean.split(), english, [fact.strip() for fact in facts.split(";")]))
    for line in (FOLDER / "countries.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        names, capitals, continent, language, currency, food, sight, nature, of_country, of_capital = (part.strip() for part in line.split("|"))
        if not names:
            continue
        (ko, country), (ko_capital, capital) = (name.split(" ", 1) for name in (names, capitals))
        items.append(("country", [ko], country, [fact.strip() for fact in of_country.split(";")]))
        items.append(("capital", [ko_capital], capital, [fact.strip() for fact in of_capital.split(";")]))
        countries.append({"country": country, "capital": capital, "continent": continent, "language": language, "currency": currency,
                          "food": food, "sight": sight, "nature": nature})
    return items, countries


def named(kind, word):
    """The item with its article."""
    plain = word in PLAIN_WORDS or (kind in PLAIN and word not in WITH_ARTICLE)
    return word if plain else f"the {word}"


def sentence(frame, **slots):
    text = frame.format(**slots)
    return text[0].upper() + text[1:]


def shuffled(draw, values):
    values = list(values)
    for i in range(len(values) - 1, 0, -1):
        j = int(draw() * (i + 1))
        values[i], values[j] = values[j], values[i]
    return values


def build():
    """(sentences with topic, articles, pairs)."""
    draw = random.Random(SEED).random
    items, countries = read()
    of_kind = {}
    for item in items:
        of_kind.setdefault(item[0], []).append(item)
    found = []
    for kind, _, word, facts in items:
        x = named(kind, word)
        for fact in facts:
            for frame in shuffled(draw, SHARED + OWN[kind])[:ONE]:
                found.append((sentence(frame, X=x, A=fact, kind=kind), kind))
        for frame in shuffled(draw, PAIRS)[:TWO]:
            first, second = shuffled(draw, facts)[:2]
            found.append((sentence(frame, X=x, A=first, B=second, kind=kind), kind))
        for _ in range(LISTS):
            y, z = shuffled(draw, [item for item in of_kind[kind] if item[2] != word])[:2]
            frame = SEVERAL[kind][int(draw() * len(SEVERAL[kind]))]
            found.append((sentence(frame, X=x, Y=named(kind, y[2]), Z=named(kind, z[2]), A=facts[int(draw() * len(facts))],
                                   B=y[3][int(draw() * len(y[3]))]), kind))
    for fields in countries:
        fields = fields | {"country": named("country", fields["country"])}
        found += [(sentence(frame, **fields), "country") for frame in ABOUT_A_COUNTRY]
    seen, sentences = set(), []
    for text, kind in shuffled(draw, found):
        if text not in seen:
            seen.add(text)
            sentences.append((text, kind))
    articles = [(word, kind, " ".join(sentence("{X} {A}.", X=named(kind, word), A=fact) for fact in facts)) for kind, _, word, facts in items]
    pairs = [(ko, word.lower(), kind) for kind, korean, word, _ in items for ko in korean]
    lines = (FOLDER / "words.txt").read_text("utf-8").splitlines()
    pairs += [(*line.split(" ", 1), "word") for line in lines if line and not line.startswith("#")]
    return sentences, articles, pairs


def main():
    headers = {"english": ("sentence", "topic"), "articles": ("word", "topic", "text"), "pairs": ("korean", "english", "topic")}
    for (name, header), rows in zip(headers.items(), build(), strict=True):
        with open(FOLDER / f"{name}.tsv", "w", encoding="utf-8", newline="\n") as file:
            file.writelines("\t".join(row) + "\n" for row in (header, *rows))


if __name__ == "__main__":
    main()
