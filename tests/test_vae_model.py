"""The network against formulas and slow twins: KL, attention, decoding with and without cache, files of a model."""

import hashlib
import json
import math
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny_vae
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chisquare
from tiny_vae import one_thread  # noqa: F401
from tokenizers import Tokenizer
from torch.nn import functional as F

from lab_utils.vae import decoding, objective
from lab_utils.vae.config import RECIPES, Recipe, VAEConfig
from lab_utils.vae.decoding import generate
from lab_utils.vae.model import BEGIN, END, LOG_VARIANCE, PAD, UNKNOWN, VAE, attend, reparameterise
from lab_utils.vae.pretrained import ModelError, TransformerVAE

ROOT = Path(__file__).resolve().parent.parent
quick = settings(deadline=None, max_examples=60)
SMALL = VAEConfig(vocabulary=20, latent=3, width=16, heads=2, encoder_layers=1, decoder_layers=2, prefix=2, max_tokens=9)


def test_importing_the_package_does_not_load_torch():
    code = ("import sys, lab_utils.vae as v; v.RECIPES, v.linear, v.adaptive_alphas; import lab_utils.vae.__main__, lab_utils.vae.pipeline; "
            "print([name for name in ('torch', 'tokenizers', 'pandas', 'accelerate') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_every_exported_name_exists():
    import lab_utils.vae as package

    for name in package.__all__:
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        package.no_such_name  # noqa: B018


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_survives_json(name):
    recipe = RECIPES[name]
    assert Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe


# ── the objective ────────────────────────────────────────────────────────────────────────────────────────────────────


@quick
@given(arrays(np.float32, (4, 3), elements=st.floats(-20, 20, width=32)), arrays(np.float32, (4, 3), elements=st.floats(-10, 4, width=32)))
def test_kl_is_that_of_two_gaussians(mean, log_variance):
    mu, log_var = torch.tensor(mean), torch.tensor(log_variance)
    found = objective.kl_per_dimension(mu, log_var)
    normal = torch.distributions.Normal
    published = torch.distributions.kl_divergence(normal(mu.double(), (log_var.double() / 2).exp()), normal(torch.zeros(4, 3).double(), 1.0))
    mean, log_variance = mean.astype(float), log_variance.astype(float)
    by_hand = 0.5 * (mean**2 + np.exp(log_variance) - 1 - log_variance)
    np.testing.assert_allclose(published.numpy(), by_hand, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.numpy(), by_hand, rtol=1e-5, atol=1e-5)
    assert (found > -1e-5).all()


def test_kl_is_the_mean_log_ratio_of_samples():
    torch.manual_seed(0)
    mean, log_variance = torch.tensor([[0.7, -1.2]]), torch.tensor([[-1.0, 0.5]])
    z = reparameterise(mean.expand(200_000, 2), log_variance.expand(200_000, 2))
    normal = torch.distributions.Normal
    ratio = normal(mean, (log_variance / 2).exp()).log_prob(z) - normal(0.0, 1.0).log_prob(z)
    np.testing.assert_allclose(ratio.mean(0), objective.kl_per_dimension(mean, log_variance)[0], atol=0.02)


def test_free_bits_take_the_batch_mean_first():
    kl = torch.tensor([[0.0, 2.0], [1.0, 2.0]], requires_grad=True)  # means .5 and 2
    assert objective.free_bits(kl, 0.5).item() == pytest.approx(2.5)
    assert kl.detach().clamp(min=0.5).mean(0).sum() == pytest.approx(2.75), "sample by sample is another number"
    assert objective.free_bits(kl, 0.6).item() == pytest.approx(2.6)
    objective.free_bits(kl, 0.6).backward()
    assert kl.grad.tolist() == [[0, 0.5], [0, 0.5]], "what is free has no gradient, not even of the sample above"
    assert objective.free_bits(kl.detach(), 0.0) == kl.detach().mean(0).sum()


def test_the_rate_target_at_its_borders():
    recipe = tiny_vae.recipe(steps=100, rate=60.0, rate_start=150.0, phases=(0.3, 0.3, 0.4))
    found = [objective.rate_target(recipe, step) for step in range(101)]
    assert found[:31] == [150.0] * 31 and found[60:] == [60.0] * 41
    assert found[45] == pytest.approx(105) and (np.diff(found[30:61]) < 0).all()
    assert objective.rate_target(replace(recipe, rate=None), 50) is None
    assert objective.rate_target(replace(recipe, free_bits=0.5), 50) is None
    at_once = replace(recipe, phases=(0.5, 0.0, 0.5))
    assert [objective.rate_target(at_once, step) for step in (0, 49, 50, 99)] == [150, 150, 60, 60]
    assert objective.rate_target(replace(recipe, phases=(0.0, 0.0, 1.0)), 0) == 60


@quick
@given(st.floats(0.1, 200), st.floats(0.1, 200), st.integers(1, 50_000))
@example(1.1, 12.4, 7)
def test_the_rate_target_is_reached_exactly(rate, start, steps):
    """The best model is chosen only where target == recipe.rate: almost equal would choose none."""
    recipe = tiny_vae.recipe(rate=rate, rate_start=start, steps=steps, phases=(0.3, 0.3, 0.4))
    assert objective.rate_target(recipe, steps - 1 if steps > 3 else steps) == rate


def test_the_learning_rate_at_its_borders():
    recipe = tiny_vae.recipe(steps=1000, warmup=0.1, learning_rate=2e-3)
    found = [objective.learning_rate(recipe, step) for step in range(1001)]
    assert found[0] == pytest.approx(2e-5) and found[99] == found[100] == pytest.approx(2e-3)
    assert found[550] == pytest.approx(2e-3 * 0.55) and found[1000] == pytest.approx(2e-4)
    assert (np.diff(found[:100]) > 0).all() and (np.diff(found[100:]) < 0).all()
    assert objective.learning_rate(recipe, 5000) == pytest.approx(2e-4)
    assert objective.learning_rate(replace(recipe, warmup=0.0), 0) == pytest.approx(2e-3)
    assert objective.learning_rate(replace(recipe, steps=1), 0) == pytest.approx(2e-3)


def test_the_loss_is_made_of_its_parts():
    """Written out once more from the paper, without dropout: cross-entropy per token + β max(KL − C, 0) per token."""
    recipe = tiny_vae.recipe(score_weight=0.0, beta=0.7)
    model = tiny_vae.model(replace(tiny_vae.CONFIG, vocabulary=50))
    tokens = torch.randint(4, 50, (6, 5), generator=torch.Generator().manual_seed(0))
    step = recipe.steps
    torch.manual_seed(3)
    total, parts = objective.loss(model, recipe, tokens, torch.full((6,), math.nan), step)
    torch.manual_seed(3)
    mean, log_variance = model.encode(tokens)
    z = mean + (log_variance / 2).exp() * torch.randn_like(mean)
    nats = torch.zeros(6)
    for place, wanted in enumerate([*tokens.T, torch.full((6,), END)]):
        given = torch.cat([torch.full((6, 1), BEGIN), tokens[:, :place]], 1)
        log_p = model.logits(model.hidden(z, given)[0][:, -1]).log_softmax(-1)
        nats -= log_p.gather(1, wanted[:, None])[:, 0]
    rate = (0.5 * (mean**2 + log_variance.exp() - 1 - log_variance)).sum(1).mean()
    assert parts["distortion"].item() == pytest.approx(nats.mean().item(), rel=1e-4)
    assert parts["rate"].item() == pytest.approx(rate.item(), rel=1e-4)
    assert rate > recipe.rate and total.item() == pytest.approx((nats.mean() + 0.7 * (rate - recipe.rate)).item() / 6, rel=1e-4)


def test_scores_that_are_missing_cost_nothing():
    recipe, model = tiny_vae.recipe(score_weight=1.0), tiny_vae.model()
    tokens = torch.randint(4, 300, (4, 5), generator=torch.Generator().manual_seed(0))
    losses = {}
    for name, score in {"none": [math.nan] * 4, "two": [math.nan, 1.0, math.nan, -1.0]}.items():
        torch.manual_seed(0)
        losses[name], parts = objective.loss(model, recipe, tokens, torch.tensor(score), 0)
        assert ("score_error" in parts) == (name == "two")
    mean, _ = model.encode(tokens)
    error = (model.score(mean)[[1, 3], 0] - torch.tensor([1.0, -1.0])).square().mean()
    assert (losses["two"] - losses["none"]).item() == pytest.approx(error.item(), rel=1e-3)


# ── attention ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("shape", [(1, 1, 1, 4), (3, 2, 7, 8), (2, 4, 40, 16)])
def test_attention_is_the_library_s(shape, causal):
    q, k, v = torch.randn(3, *shape, generator=torch.Generator().manual_seed(0)).unbind(0)
    torch.testing.assert_close(attend(q, k, v, causal), F.scaled_dot_product_attention(q, k, v, is_causal=causal), rtol=1e-5, atol=1e-5)


def test_attention_for_a_query_shorter_than_the_keys():
    q, k, v = (torch.randn(2, 2, length, 8, generator=torch.Generator().manual_seed(length)) for length in (1, 6, 6))
    torch.testing.assert_close(attend(q, k, v, False), F.scaled_dot_product_attention(q, k, v), rtol=1e-5, atol=1e-5)


def test_a_token_of_the_decoder_sees_none_after_it():
    model = tiny_vae.model(SMALL)
    z, tokens = torch.randn(2, 3), torch.randint(4, 20, (2, 6))
    before = model.hidden(z, tokens)[0]
    tokens[:, 4] = 7
    after = model.hidden(z, tokens)[0]
    torch.testing.assert_close(before[:, :4], after[:, :4])
    assert not torch.allclose(before[:, 4:], after[:, 4:])


def test_the_encoder_sees_the_order_and_keeps_its_variance_in_bounds():
    model = tiny_vae.model(SMALL, spread=40.0)
    tokens = torch.tensor([[4, 5, 6], [6, 5, 4]])
    mean, log_variance = model.encode(tokens)
    assert not torch.allclose(mean[0], mean[1])
    assert log_variance.min() >= LOG_VARIANCE[0] and log_variance.max() <= LOG_VARIANCE[1]


def test_a_hidden_token_is_not_seen():
    model = tiny_vae.model(SMALL)
    dropped = torch.tensor([[False, True, False]])
    first, second = torch.tensor([[4, 5, 6]]), torch.tensor([[4, 9, 6]])
    torch.testing.assert_close(model.encode(first, dropped)[0], model.encode(second, dropped)[0])
    z = torch.zeros(1, 3)
    torch.testing.assert_close(model.hidden(z, first, dropped)[0], model.hidden(z, second, dropped)[0])


def test_without_a_latent_it_is_a_language_model():
    config = replace(SMALL, latent=0)
    model = tiny_vae.model(config)
    total, parts = objective.loss(model.train(), tiny_vae.recipe(model=config), torch.randint(4, 20, (3, 4)), torch.zeros(3), 0)
    assert "rate" not in parts and total.isfinite()
    assert len(generate(model.eval(), torch.zeros(2, 0))) == 2


# ── decoding ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def model():
    found = tiny_vae.model(SMALL, spread=12.0)
    with torch.no_grad():
        found.decoder.to_input.weight.mul_(4)
        found.decoder.place.weight.mul_(20)
        found.embedding.weight[END].mul_(1.5)
    return found


@pytest.fixture(scope="module")
def points():
    return torch.randn(60, SMALL.latent, generator=torch.Generator().manual_seed(1)) * 2


def next_log_p(model, z, words):
    """log p of the next token after some words: everything computed anew, no cache."""
    tokens = torch.tensor([[BEGIN, *words]])
    logits = model.logits(model.hidden(z[None], tokens)[0][0, -1])
    logits[[PAD, BEGIN, UNKNOWN]] = -torch.inf
    return logits.log_softmax(-1)


@torch.no_grad()
def slow_greedy(model, z, longest=SMALL.max_tokens):
    words = []
    while len(words) < longest:
        word = int(next_log_p(model, z, words).argmax())
        if word == END:
            break
        words.append(word)
    return words


@torch.no_grad()
def mean_log_p(model, z, words):
    """Mean log probability of a sentence with its end, unless it was cut for its length."""
    wanted = [*words, END][: SMALL.max_tokens]
    return float(np.mean([next_log_p(model, z, wanted[:place])[word] for place, word in enumerate(wanted)]))


@torch.no_grad()
def test_the_cache_changes_no_logits(model, points):
    tokens = torch.randint(4, 20, (60, SMALL.max_tokens), generator=torch.Generator().manual_seed(0))
    tokens[:, 0] = BEGIN
    whole = model.logits(model.hidden(points, tokens)[0])
    past = None
    for place in range(SMALL.max_tokens):
        hidden, past = model.hidden(points, tokens[:, place: place + 1], past=past)
        torch.testing.assert_close(model.logits(hidden)[:, 0], whole[:, place], rtol=1e-4, atol=1e-4)


def test_greedy_takes_the_best_token_each_time(model, points):
    found = generate(model, points)
    assert found == [slow_greedy(model, z) for z in points]
    lengths = {len(text) for text in found}
    assert len(lengths) >= 3 and max(lengths) <= SMALL.max_tokens, "sentences must end at different places for this test to say something"
    assert all(min(text, default=4) > UNKNOWN for text in found)


@pytest.mark.parametrize("how", [{"strategy": "greedy"}, {"strategy": "beam", "beams": 3}], ids=["greedy", "beam"])
def test_a_batch_is_its_sentences_one_by_one(model, points, how):
    assert generate(model, points, **how) == [generate(model, z[None], **how)[0] for z in points]


def test_one_beam_is_greedy(model, points):
    assert generate(model, points, strategy="beam", beams=1) == generate(model, points)


def test_more_beams_find_more_probable_sentences(model, points):
    means = {}
    for beams in (1, 4, 12):
        found = generate(model, points, strategy="beam", beams=beams)
        means[beams] = np.array([mean_log_p(model, z, text) for z, text in zip(points, found, strict=True)])
    assert means[1].mean() < means[4].mean() < means[12].mean() + 0.02
    assert (means[4] >= means[1] - 1e-4).mean() > 0.8


@torch.no_grad()
def test_beams_as_wide_as_the_tree_find_the_best_sentence(model, points):
    """Two tokens at most: every sentence can be listed."""
    width = SMALL.vocabulary - 3
    found = generate(model, points[:6], strategy="beam", beams=width, max_tokens=2)
    for z, text in zip(points, found, strict=False):
        first = next_log_p(model, z, [])
        score = {(): float(first[END])}
        for one in range(4, SMALL.vocabulary):
            second = next_log_p(model, z, [one])
            score |= {(one,) if two == END else (one, two): float(first[one] + second[two]) / 2 for two in [END, *range(4, SMALL.vocabulary)]}
        assert score[tuple(text)] == pytest.approx(max(score.values()), abs=1e-4)


def test_beams_may_exceed_the_vocabulary(model, points):
    assert generate(model, points[:3], strategy="beam", beams=500, max_tokens=3)


@pytest.mark.parametrize("temperature", [1e-5, 1e-6, 1e-30, 1e-50])
def test_a_cold_sample_is_greedy(model, points, temperature):
    chance = torch.Generator().manual_seed(0)
    assert generate(model, points, strategy="sample", temperature=temperature, generator=chance) == generate(model, points)


def test_a_tiny_nucleus_is_greedy(model, points):
    assert generate(model, points, strategy="sample", top_p=1e-9, generator=torch.Generator().manual_seed(0)) == generate(model, points)


@pytest.mark.parametrize("temperature", [0.7, 1.0, 1.5])
def test_samples_follow_the_softmax(model, points, temperature):
    n = 20_000
    chance = torch.Generator().manual_seed(0)
    found = generate(model, points[:1].expand(n, -1), strategy="sample", temperature=temperature, max_tokens=1, generator=chance)
    counts = np.bincount([text[0] if text else END for text in found], minlength=SMALL.vocabulary)
    with torch.no_grad():
        p = (next_log_p(model, points[0], []) / temperature).softmax(-1).double().numpy()
    assert counts[p == 0].sum() == 0
    order = np.argsort(-p)
    common = max(1, int((np.cumsum(p[order][::-1])[::-1] * n >= 5).sum()) - 1)  # the rest, expected 5 times or more, counts as one
    seen, expected = ([*values[order[:common]], values[order[common:]].sum()] for values in (counts, p * n))
    assert common > 3 and chisquare(seen, expected, sum_check=False).pvalue > 1e-3


@pytest.mark.parametrize(
    ("top_p", "kept"), [(0.4, {0}), (0.5, {0}), (0.51, {0, 1}), (0.79, {0, 1}), (0.81, {0, 1, 2}), (0.999, {0, 1, 2, 3}), (1.0, {0, 1, 2, 3})]
)
def test_a_nucleus_is_the_smallest_set_that_holds_top_p(top_p, kept):
    p = torch.tensor([0.5, 0.3, 0.15, 0.05], dtype=torch.float64)
    order = torch.tensor([2, 0, 3, 1])
    drawn = decoding._draw(p[order].log().expand(4000, 4), top_p, torch.Generator().manual_seed(0))
    assert {int(order[i]) for i in drawn.unique()} == kept
    counts = np.array([(order[drawn] == i).sum() for i in sorted(kept)])
    expected = p[sorted(kept)].numpy()
    if len(kept) > 1:
        assert chisquare(counts, expected / expected.sum() * counts.sum()).pvalue > 1e-3


def test_a_seed_fixes_the_sample(model, points):
    first, second, other = (generate(model, points, strategy="sample", generator=torch.Generator().manual_seed(seed)) for seed in (5, 5, 6))
    assert first == second != other


@pytest.mark.parametrize("how", [{}, {"strategy": "beam"}, {"strategy": "sample"}], ids=["greedy", "beam", "sample"])
@pytest.mark.parametrize("longest", [1, 4, 1000])
def test_no_sentence_is_too_long(model, points, how, longest):
    found = generate(model, points, max_tokens=longest, **how)
    assert len(found) == 60 and max(map(len, found)) <= min(longest, SMALL.max_tokens)
    assert generate(model, points[:0], **how) == []


@pytest.mark.parametrize("wrong", [{"strategy": "best"}, {"temperature": 0}, {"temperature": -1}, {"top_p": 0}, {"top_p": 1.1}, {"beams": 0}])
def test_settings_without_meaning_are_refused(model, points, wrong):
    with pytest.raises(ValueError, match="어야 합니다|여야 합니다"):
        generate(model, points, **wrong)


# ── texts and files ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def vae():
    return TransformerVAE(tiny_vae.model(), Tokenizer.from_str(tiny_vae.tokenizer_json()), {"licence": "CC BY 4.0"})


TEXTS = [*tiny_vae.texts(40, seed=2), "", "쀍", "  ", "ㅋㅋㅋ"]


def test_encoding_together_is_encoding_alone(vae):
    mean, sigma = vae.encode(TEXTS)
    assert mean.shape == sigma.shape == (len(TEXTS), 8) and mean.dtype == np.float32 and (sigma > 0).all()
    for batch in (1, 7):
        again = vae.encode(TEXTS, batch=batch)
        np.testing.assert_allclose(again[0], mean, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(again[1], sigma, rtol=1e-4, atol=1e-4)
    for text, one in zip(TEXTS, mean, strict=True):
        np.testing.assert_allclose(vae.encode([text])[0][0], one, rtol=1e-4, atol=1e-4)


def test_an_empty_text_gets_the_prior(vae):
    for texts in ([""], ["", "정말 좋아요"]):
        mean, sigma = vae.encode(texts)
        assert (mean[0] == 0).all() and (sigma[0] == 1).all()
    assert vae.encode([])[0].shape == (0, 8)
    assert vae.decode(np.zeros((0, 8))) == [] and vae.reconstruct([]) == []


def test_the_likelihood_of_a_text_holds_its_end_even_if_it_is_empty(vae):
    nats, accuracy = vae.log_likelihood(TEXTS)
    codes = vae.encode(TEXTS)[0]
    for text, z, found, share in zip(TEXTS, codes, nats, accuracy, strict=True):
        wanted = [*vae.tokens([text])[0], END]
        with torch.no_grad():
            log_p = vae.model.logits(vae.model.hidden(torch.tensor(z)[None], torch.tensor([[BEGIN, *wanted[:-1]]]))[0][0]).log_softmax(-1)
        assert found == pytest.approx(sum(float(log_p[place, word]) for place, word in enumerate(wanted)), rel=1e-3)
        assert share == pytest.approx(np.mean([int(log_p[place].argmax()) == word for place, word in enumerate(wanted)]))
    assert nats[TEXTS.index("")] < 0
    assert len(vae.log_likelihood([])[0]) == 0


def test_a_text_too_long_is_cut(vae):
    long = "정말 재미있어요 " * 50
    tokens = vae.tokens([long])[0]
    assert len(tokens) == vae.config.max_tokens - 1
    cut = vae.tokenizer.decode(tokens)
    assert unicodedata.normalize("NFC", long).startswith(cut)
    np.testing.assert_allclose(vae.encode([long])[0], vae.encode([cut])[0], rtol=1e-4, atol=1e-4)
    assert np.isfinite(vae.log_likelihood([long])[0]).all()
    assert len(vae.reconstruct([long])) == 1


def test_what_is_no_list_of_texts_is_refused(vae):
    with pytest.raises(TypeError, match="대괄호"):
        vae.encode("정말 좋아요")
    with pytest.raises(TypeError, match="dropna"):
        vae.encode(["정말 좋아요", float("nan")])
    with pytest.raises(ValueError, match=r"\(n, 8\)"):
        vae.decode(np.zeros((2, 5)))
    with pytest.raises(ValueError, match="linear, spherical"):
        vae.interpolate("좋아요", "별로예요", method="cubic")


def test_a_path_between_texts_begins_and_ends_with_their_reconstructions(vae):
    a, b = "정말 좋아요", "조금 지루해요"
    for method in ("linear", "spherical"):
        path = vae.interpolate(a, b, method=method)
        assert len(path) == 9 and [path[0], path[-1]] == vae.reconstruct([a, b])
        assert vae.interpolate(a, b, t=[0.0, 1.0], method=method) == [path[0], path[-1]]


def test_decoding_in_pieces_is_decoding_at_once(vae):
    z = vae.encode(TEXTS)[0]
    assert vae.decode(z, batch=3) == vae.decode(z)
    assert vae.decode(z[0]) == vae.decode(z)[:1]
    assert vae.decode(z, "sample", seed=1) == vae.decode(z, "sample", seed=1)


def test_stars_are_read_off_smoothly(vae):
    found = vae.score(np.zeros((3, 8)))
    with torch.no_grad():
        np.testing.assert_allclose(found, 3 + 2 * vae.model.score(torch.zeros(3, 8))[:, 0], rtol=1e-6)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float16, 1e-3), (torch.float32, 0.0)])
def test_a_saved_model_comes_back(vae, tmp_path, dtype, tolerance):
    vae.save_pretrained(tmp_path / "model", {"note": "한글"}, dtype=dtype)
    again = TransformerVAE.from_pretrained(tmp_path / "model")
    assert again.config == vae.config and again.card["note"] == "한글" and again.card["licence"] == "CC BY 4.0"
    old, new = vae.model.state_dict(), again.model.state_dict()
    for name in old:
        if not name.startswith("words."):
            torch.testing.assert_close(new[name], old[name], rtol=tolerance, atol=tolerance / 10)
    np.testing.assert_allclose(again.encode(TEXTS)[0], vae.encode(TEXTS)[0], rtol=tolerance, atol=50 * tolerance)
    if not tolerance:
        assert again.reconstruct(TEXTS) == vae.reconstruct(TEXTS)
    card = json.loads((tmp_path / "model" / "config.json").read_text("utf-8"))
    assert card["sha256"] == hashlib.sha256((tmp_path / "model" / "model.safetensors").read_bytes()).hexdigest()
    again.save_pretrained(tmp_path / "copy", dtype=dtype)
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        assert (tmp_path / "copy" / name).read_bytes() == (tmp_path / "model" / name).read_bytes(), name


def check_message(folder, cause):
    with pytest.raises(ModelError) as caught:
        TransformerVAE.from_pretrained(folder)
    assert cause in str(caught.value) and "다시 받으세요" in str(caught.value)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_missing_file_is_named(vae, tmp_path, name):
    vae.save_pretrained(tmp_path)
    (tmp_path / name).unlink()
    check_message(tmp_path, f"{name} 이(가) 없습니다")
    check_message(tmp_path / "elsewhere", "config.json 이(가) 없습니다")


def rehash(folder):
    card = json.loads((folder / "config.json").read_text("utf-8"))
    card["sha256"] = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    (folder / "config.json").write_text(json.dumps(card), encoding="utf-8")


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("damage", [lambda content: content[: len(content) // 2], lambda content: b"", lambda content: b"\xff\xfe" + content],
                         ids=["half", "empty", "garbage"])  # fmt: skip
@pytest.mark.parametrize("right_hash", [False, True])
def test_a_damaged_file_is_reported(vae, tmp_path, name, damage, right_hash):
    vae.save_pretrained(tmp_path)
    (tmp_path / name).write_bytes(damage((tmp_path / name).read_bytes()))
    if right_hash and name == "model.safetensors":
        rehash(tmp_path)
    check_message(tmp_path, "원인:")


def test_a_single_flipped_bit_is_seen(vae, tmp_path):
    vae.save_pretrained(tmp_path)
    content = bytearray((tmp_path / "model.safetensors").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "model.safetensors").write_bytes(content)
    check_message(tmp_path, "sha256")


def test_weights_of_another_shape_or_vocabulary_are_refused(vae, tmp_path):
    vae.save_pretrained(tmp_path)
    card = json.loads((tmp_path / "config.json").read_text("utf-8"))
    for change in ({"latent": 4}, {"encoder_layers": 2}, {"depth": 3}, {"vocabulary": 300}):
        (tmp_path / "config.json").write_text(json.dumps(card | {"model": card["model"] | change}), encoding="utf-8")
        check_message(tmp_path, "원인:")
    (tmp_path / "config.json").write_text(json.dumps({key: card[key] for key in card if key != "sha256"}), encoding="utf-8")
    check_message(tmp_path, "sha256")


def test_a_tokenizer_with_more_tokens_than_the_model_is_refused(vae, tmp_path):
    small = TransformerVAE(VAE(replace(tiny_vae.CONFIG, vocabulary=262)), Tokenizer.from_str(tiny_vae.tokenizer_json()))
    small.save_pretrained(tmp_path)
    check_message(tmp_path, "tokenizer.json의 어휘")
