"""The small BERT: its tokenizer, what it hides, its training and what a killed run keeps."""

import os
import signal
import subprocess
import sys
import time
import unicodedata
from dataclasses import replace

import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_utils import masked_language_model as mlm
from lab_utils.checkpoint import CheckpointError, load_checkpoint

TINY = mlm.Recipe(vocabulary=300, width=32, layers=2, heads=2, positions=32, steps=12, tokens=256, learning_rate=3e-3)
NOUNS = ["고양이", "강아지", "토끼", "사자"]
FRAME = pd.DataFrame({"text": [f"{noun}가 {place}에서 {verb}" for noun in NOUNS for place in ("집", "들", "숲", "강가", "마당")
                               for verb in ("잔다", "논다", "뛴다", "운다")] * 6, "group": "하나"})


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokens")
    return mlm.prepare(FRAME, TINY, folder), folder


# ── tokens ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_tokenizer_keeps_chat_signs_and_case_and_numbers_its_special_tokens():
    tokenizer = mlm.train_wordpiece(["ㅋㅋㅋ 재밌다 ㅠㅠ OST 최고", "재밌다 재미없다"] * 20, 200)
    assert [tokenizer.token_to_id(token) for token in mlm.SPECIAL] == list(range(5))
    encoded = tokenizer.encode("ㅋㅋㅋ OST ㅠㅠ")
    assert encoded.tokens[0] == "[CLS]" and encoded.tokens[-1] == "[SEP]" and "[UNK]" not in encoded.tokens
    assert tokenizer.decode(encoded.ids) == "ㅋㅋㅋ OST ㅠㅠ"
    assert tokenizer.encode(unicodedata.normalize("NFD", "재밌다")).ids == tokenizer.encode("재밌다").ids


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(5, 99), max_size=40), max_size=30), st.integers(0, 3), st.floats(0, 1))
def test_sequences_hold_every_text_once_within_the_positions(encoded, seed, joined):
    recipe = replace(TINY, joined=joined, seed=seed)
    groups = [n % 3 for n in range(len(encoded))]
    found = mlm.sequences(encoded, groups, recipe)
    assert all(ids[0] == mlm.CLS and ids[-1] == mlm.SEP and len(ids) <= recipe.positions for ids in found)
    pieces = []
    for ids in found:
        text = []
        for token in ids[1:]:
            if token == mlm.SEP:
                pieces.append(tuple(text))
                text = []
            else:
                text.append(token)
    assert sorted(pieces) == sorted(tuple(ids[: recipe.positions - 2]) for ids in encoded if ids)


def test_joined_texts_are_of_one_group():
    encoded = [[10 + group] * 4 for group in (0, 1, 2) for _ in range(20)]
    found = mlm.sequences(encoded, [ids[0] for ids in encoded], replace(TINY, joined=1.0))
    assert len(found) < len(encoded)
    assert all(len(set(ids) - {mlm.CLS, mlm.SEP}) == 1 for ids in found)


# ── hiding ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_fifth_is_chosen_and_of_that_four_fifths_are_hidden():
    tokens = torch.randint(5, 300, (400, 100), generator=torch.Generator().manual_seed(1))
    tokens[:, 0], tokens[:, -1] = mlm.CLS, mlm.SEP
    seen, chosen = mlm.hide_tokens(tokens, TINY, torch.Generator().manual_seed(0))
    n = int(chosen.sum())
    assert abs(n / (400 * 98) - 0.2) < 0.01
    assert not chosen[:, [0, -1]].any() and torch.equal(seen[~chosen], tokens[~chosen])
    hidden, kept = (seen == mlm.MASK)[chosen].float().mean(), (seen == tokens)[chosen].float().mean()
    assert abs(float(hidden) - 0.8) < 0.02 and abs(float(kept) - 0.1) < 0.02
    assert int(seen[chosen].min()) >= mlm.MASK, "a replacement is never [PAD], [UNK], [CLS] or [SEP]"


@pytest.mark.parametrize("length", [3, 4])
def test_something_is_always_to_be_guessed(length):
    tokens = torch.full((1, length), 7)
    tokens[0, 0], tokens[0, -1] = mlm.CLS, mlm.SEP
    for seed in range(40):
        _, chosen = mlm.hide_tokens(tokens, TINY, torch.Generator().manual_seed(seed))
        assert chosen.sum() >= 1 and not chosen[0, [0, -1]].any()
    assert not mlm.hide_tokens(torch.tensor([[mlm.CLS, mlm.SEP]]), TINY)[1].any()


def test_the_loss_is_that_of_the_library(prepared):
    model = mlm.build_model(TINY).eval()
    tokens = torch.randint(5, 300, (8, 20), generator=torch.Generator().manual_seed(1))
    seen, chosen = mlm.hide_tokens(tokens, TINY, torch.Generator().manual_seed(3))
    with torch.no_grad():
        ours, _, n = mlm._loss(model, tokens, TINY, torch.Generator().manual_seed(3))
        theirs = model(input_ids=seen, labels=tokens.masked_fill(~chosen, -100)).loss
    assert n == int(chosen.sum()) and float(ours) == pytest.approx(float(theirs), rel=1e-5)


# ── training ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_learns(prepared, tmp_path):
    array, folder = prepared
    recipe = replace(TINY, steps=120)
    start = mlm.evaluate(mlm.build_model(recipe), recipe, array, array.of(0))
    model = mlm.train(recipe, array, tmp_path, device="cpu", progress=False, save_every=60)
    end = mlm.evaluate(model, recipe, array, array.of(0))
    assert end["nats"] < 0.4 * start["nats"] and end["accuracy"] > start["accuracy"] + 0.15, "noun, place and verb are drawn at random"
    assert [row["step"] for row in model.curve_] == [60, 120]


def test_a_resumed_run_is_the_run_that_was_not_interrupted(prepared, tmp_path):
    array, _ = prepared
    whole = mlm.train(TINY, array, tmp_path / "whole", device="cpu", progress=False, save_every=5)
    while (load_checkpoint(tmp_path / "parts" / "checkpoint.pt") or {"state": {"step": 0}})["state"]["step"] < TINY.steps:
        parts = mlm.train(TINY, array, tmp_path / "parts", device="cpu", progress=False, save_every=5, max_seconds=0)
    assert all(torch.equal(a, b) for a, b in zip(whole.state_dict().values(), parts.state_dict().values(), strict=True))


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
import torch
torch.set_num_threads(1)
from lab_utils import masked_language_model as mlm
from lab_utils.vae.data import TokenArray
mlm.train(mlm.Recipe(**{recipe!r}), TokenArray.load(Path({tokens!r})), Path({folder!r}), device="cpu", progress=False, save_every=2)
"""


@pytest.mark.skipif(os.name == "nt", reason="no kill -9 there")
def test_kill_9_loses_nothing(prepared, tmp_path):
    from dataclasses import asdict
    from pathlib import Path

    array, tokens = prepared
    recipe = replace(TINY, steps=40)
    code = KILLED.format(root=str(Path(mlm.__file__).parent.parent), recipe=asdict(recipe), tokens=str(tokens / "tokens.npz"),
                         folder=str(tmp_path / "killed"))
    seen = 0
    for _ in range(2):
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < end:
            try:
                state = load_checkpoint(tmp_path / "killed" / "checkpoint.pt")
            except CheckpointError:
                pytest.fail("a damaged checkpoint bore the name")
            if state and state["state"]["step"] > seen:
                seen = state["state"]["step"]
                break
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert seen > 0
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        resumed = mlm.train(recipe, array, tmp_path / "killed", device="cpu", progress=False, save_every=2)
        whole = mlm.train(recipe, array, tmp_path / "whole", device="cpu", progress=False, save_every=2)
    finally:
        torch.set_num_threads(threads)
    assert all(torch.equal(a, b) for a, b in zip(whole.state_dict().values(), resumed.state_dict().values(), strict=True))


@pytest.mark.parametrize("change", [{"width": 64}, {"seed": 1}])
def test_a_checkpoint_of_another_recipe_is_refused(prepared, tmp_path, change):
    array, _ = prepared
    mlm.train(TINY, array, tmp_path, device="cpu", progress=False, max_seconds=0)
    with pytest.raises(CheckpointError, match="다른 설정이나 다른 글"):
        mlm.train(replace(TINY, **change), array, tmp_path, device="cpu", progress=False)


def test_tokens_of_a_larger_vocabulary_are_refused(prepared):
    _, folder = prepared
    with pytest.raises(ValueError, match="다른 폴더를 고르거나"):
        mlm.prepare(FRAME, replace(TINY, vocabulary=20), folder)


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_saved_model_is_an_ordinary_model_of_transformers(prepared, tmp_path):
    from tokenizers import Tokenizer
    from transformers import AutoModel

    _, folder = prepared
    model = mlm.build_model(TINY).eval()
    mlm.save_pretrained(model, Tokenizer.from_file(str(folder / "tokenizer.json")), tmp_path)
    read, tokenizer = mlm.load_pretrained(tmp_path)
    batch = tokenizer(["고양이가 집에서 잔다", "사자"], padding=True, return_tensors="pt")
    assert batch["input_ids"][0, 0] == mlm.CLS and batch["attention_mask"][1].sum() < batch["attention_mask"][0].sum()
    assert next(read.parameters()).dtype == torch.float32
    with torch.no_grad():
        assert torch.allclose(read(**batch).logits, model(**batch).logits, atol=2e-2)
        assert AutoModel.from_pretrained(tmp_path)(**batch).last_hidden_state.shape[-1] == 32
    with pytest.raises(FileNotFoundError, match="저장소를 다시 받으세요"):
        mlm.load_pretrained(tmp_path / "none")


def test_the_corpus_leaves_out_the_test_reviews_of_nsmc():
    from lab_utils import datasets

    if not all(datasets.available(name) for name in ("nsmc-stars", "nsmc", "korsts", "chatbot")):
        pytest.skip("LAB_DATA_DIR has no corpora")
    frame = mlm.reviews_and_sentences()
    texts = set(frame["text"])
    assert not texts & set(datasets.load("nsmc", split="test")["document"])
    train, test = (datasets.load("korsts", split=part)["sentence1"] for part in ("train", "test"))
    assert train.isin(texts).all() and test.isin(texts).mean() < 0.2, "training sentences only; a few are in both parts"
    assert frame["text"].map(type).eq(str).all() and len(frame) > 500_000
