"""Any text becomes tokens of the vocabulary and comes back; no text can forge a special token."""

import random
import re
import sys
import unicodedata

import pytest
import tiny_vae
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from lab_utils.vae.model import BEGIN, END, PAD, UNKNOWN
from lab_utils.vae.tokenizer import BYTES, SPECIAL, train_tokenizer

TOKENIZER = Tokenizer.from_str(tiny_vae.tokenizer_json())
FIRST_PIECE = len(SPECIAL) + len(BYTES)


def ids(text: str) -> list[int]:
    return TOKENIZER.encode(text, add_special_tokens=False).ids


def back(text: str) -> str:
    return TOKENIZER.decode(ids(text), skip_special_tokens=True)


def expected(text: str) -> str:
    """What comes back: the text composed, without one leading space; ▁ (U+2581), the tokenizer's own sign for a space, is one."""
    return unicodedata.normalize("NFC", text).replace("▁", " ").removeprefix(" ")


# Characters that this Python knows: how newer ones compose, tokenizers and unicodedata may disagree.
KNOWN = st.characters(exclude_categories=("Cs", "Cn"))
HANGUL = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
JAMO = st.characters(min_codepoint=0x1100, max_codepoint=0x11FF) | st.characters(min_codepoint=0x3131, max_codepoint=0x318E)
RARE = st.characters(min_codepoint=0x20000, max_codepoint=0x2A6DF) | st.sampled_from("👍🏽👨\u200d👩\u200d👧🇰🇷鱻龘㐂𠮷﨑")
REVIEW = st.lists(st.sampled_from([*tiny_vae.WORDS, " ", "  ", "\n", "\t", "!", "…"]) | HANGUL | JAMO | RARE, max_size=20).map("".join)


@settings(deadline=None, max_examples=300)
@given(st.text(KNOWN) | REVIEW)
@example("ㅋㅋㅋㅋ ㅠㅠ ㅡㅡ")
@example(unicodedata.normalize("NFD", "한국 영화ㅋㅋ 각"))
@example("👨\u200d👩\u200d👧 최고👍🏽 🇰🇷")
@example("龘 𠮷野家 﨑")
@example("  두 칸  사이와 끝  ")
@example("\n줄\r\n바꿈\t탭\u3000전각\u00a0")
@example("\x00\x01�")
@example("▁▁ 밑줄 ▁")
@example("<s>지움</s> <pad><unk> <0x41><0xEA>")
@example("")
def test_any_text_comes_back(text):
    assert back(text) == expected(text)
    assert all(number > UNKNOWN for number in ids(text)), "END inside a review would cut it"


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from([*SPECIAL, "<0x41>", "<0xEA>", "<", ">", "/", "s", "▁", " ", "0x41", "좋아요", "쀍"]), max_size=8).map("".join))
def test_a_text_cannot_spell_a_token_that_is_not_text(text):
    assert all(number > UNKNOWN for number in ids(text))
    assert back(text) == expected(text)


def test_special_tokens_have_the_numbers_that_the_model_expects():
    assert [TOKENIZER.token_to_id(token) for token in SPECIAL] == [PAD, BEGIN, END, UNKNOWN] == [0, 1, 2, 3]
    assert [TOKENIZER.token_to_id(token) for token in BYTES] == list(range(4, 260))


def test_known_words_are_few_pieces_and_no_bytes():
    for word in tiny_vae.WORDS:
        found = ids(word)
        assert len(found) <= len(word) + 1 and min(found) >= FIRST_PIECE, (word, found)


@pytest.mark.parametrize("character", ["쀍", "龘", "𠮷", "😀", "é", "\x00"])
def test_unknown_characters_are_spelt_as_their_bytes(character):
    found = [number - len(SPECIAL) for number in ids("배우" + character) if number < FIRST_PIECE]
    assert bytes(found) == character.encode()


def test_bytes_that_are_no_character_do_not_raise():
    half = [4 + 0xEA, 4 + 0xB0]  # the first two bytes of 각: a model may stop here
    assert set(TOKENIZER.decode(half)) == {"�"}


def test_composed_and_decomposed_are_one_text():
    for text in ("한국 영화", "ㅋㅋ 각", "café"):
        assert ids(unicodedata.normalize("NFD", text)) == ids(unicodedata.normalize("NFC", text))


def test_compatibility_jamo_stay_what_they_are():
    assert back("ㅋㅋㅋ ㅠㅠ ㅏ") == "ㅋㅋㅋ ㅠㅠ ㅏ"
    assert unicodedata.normalize("NFKC", "ㅋ") != "ㅋ", "that is why it is not NFKC"


def test_a_saved_tokenizer_is_the_same(tmp_path):
    TOKENIZER.save(str(tmp_path / "tokenizer.json"))
    again = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    for text in tiny_vae.texts(50, seed=1):
        assert again.encode(text).ids == ids(text)


def test_training_twice_gives_the_same_tokenizer():
    again = train_tokenizer(tiny_vae.texts(), tiny_vae.CONFIG.vocabulary)
    assert sorted(again.get_vocab().items()) == sorted(TOKENIZER.get_vocab().items())


def test_the_vocabulary_never_exceeds_what_was_asked():
    """More different characters than places: the rarer ones become bytes, and no number lies outside the model's embedding."""
    rng = random.Random(0)
    syllables = [chr(0xAC00 + number) for number in rng.sample(range(11172), 900)]
    corpus = ["".join(rng.choices(syllables, range(900, 0, -1), k=8)) for _ in range(400)] + tiny_vae.texts(200)
    tokenizer = train_tokenizer(corpus, 400)
    assert tokenizer.get_vocab_size() <= 400
    for text in corpus[:100]:
        found = tokenizer.encode(text).ids
        assert max(found) < 400 and tokenizer.decode(found) == text


@pytest.mark.parametrize("vocabulary", [0, 100, 260, 261])
def test_a_vocabulary_without_room_is_refused(vocabulary):
    with pytest.raises(ValueError, match="260개보다 커야"):
        train_tokenizer(["배우"], vocabulary)


def test_a_very_long_text_comes_back():
    text = "정말 재미있어요ㅋㅋㅋ " * 5000
    assert back(text) == expected(text)


def test_every_code_point_survives():
    """All that Python knows, in texts of 500 characters with a letter between, so that nothing composes."""
    known = [chr(number) for number in range(sys.maxunicode + 1) if unicodedata.category(chr(number)) not in ("Cn", "Co", "Cs")]
    known = [character for character in known[::7] if unicodedata.normalize("NFC", character) == character and character != "▁"]
    for start in range(0, len(known), 500):
        text = "x" + "x".join(known[start: start + 500])
        assert re.sub("x", "", unicodedata.normalize("NFC", back(text))) == re.sub("x", "", unicodedata.normalize("NFC", text))
