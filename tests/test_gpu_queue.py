"""The GPU queue on tiny recipes: order, pieces, interruption, manifest, what travels between machines, and what it may import."""

import csv
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from lab_utils import masked_language_model
from lab_utils.vae import data, training
from lab_utils.vae.config import RECIPES, Recipe, VAEConfig
from lab_utils.vae.pretrained import TransformerVAE
from lab_utils.vae.tokenizer import train_tokenizer

ROOT = Path(__file__).resolve().parent.parent


def load(name):
    spec = importlib.util.spec_from_file_location(f"benchmarks_{name}", ROOT / "benchmarks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


gpu = load("gpu")
TINY = VAEConfig(vocabulary=290, latent=3, width=16, heads=2, encoder_layers=1, decoder_layers=1, prefix=1, max_tokens=30)
RECIPE = Recipe("graded", TINY, rate=3.0, rate_start=6.0, steps=12, tokens=64, evaluate_every=4, ema=0.9)
LINE = replace(RECIPE, model=replace(TINY, latent=0), rate=None, bag_of_words=0.0, score_weight=0.0)
NOTE = ("-c", "import sys, pathlib; pathlib.Path(sys.argv[1], 'note.csv').write_text(sys.argv[2])", "{tables}", "{device}")


def steps():
    return [gpu.Step("rate-3", "작은 VAE", RECIPE, keep=True, least=0), gpu.Step("language-model", "비교선", LINE, least=0),
            gpu.Step("note", "명령", command=NOTE, data="graded-290", result="note.csv", least=0)]


def write_tokens(folder):
    rng = np.random.default_rng(0)
    words = ["맛있다", "별로", "정말", "아주", "음식", "배송", "느리다", "빠르다", "좋다", "나쁘다"]
    texts = [" ".join(rng.choice(words, rng.integers(1, 3))) for _ in range(240)]
    tokenizer = train_tokenizer(texts, TINY.vocabulary)
    ids = [e.ids for e in tokenizer.encode_batch(texts, add_special_tokens=False)]
    lengths = np.array([len(i) for i in ids])
    assert lengths.max() < TINY.max_tokens
    folder.mkdir(parents=True)
    data.TokenArray(np.concatenate(ids).astype(np.uint16), np.cumsum(lengths) - lengths, lengths, rng.choice([-1.0, 1.0], 240).astype(np.float32),
                    rng.choice([0, 0, 0, 1, 2], 240).astype(np.uint8)).save(folder / "tokens.npz")
    tokenizer.save(str(folder / "tokenizer.json"))
    wanted = {"data": "graded", "vocabulary": TINY.vocabulary, "max_tokens": TINY.max_tokens}
    (folder / "prepared.json").write_text(json.dumps({"recipe": wanted}), encoding="utf-8")


@pytest.fixture(scope="module")
def tokens(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokens") / "graded-290"
    write_tokens(folder)
    return folder


@pytest.fixture
def make_queue(tmp_path, tokens):
    def make(name="here", prepared=True):
        root = tmp_path / name
        if prepared:
            shutil.copytree(tokens, root / "build" / "tokens" / "graded-290")
        return gpu.Queue(steps(), root / "build", root / "results", root / "models")
    return make


def statuses(queue):
    return {name: entry["status"] for name, entry in json.loads(queue.manifest.read_text("utf-8"))["steps"].items()}


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def weights(queue, name):
    return training.load_checkpoint(queue.build / name / "checkpoint.pt")["average"]


def test_all_steps_in_order(make_queue, capsys):
    queue = make_queue()
    assert gpu.run(queue, "cpu", commit="abc1234") == 0
    printed = capsys.readouterr().out
    assert printed.index("▶ rate-3") < printed.index("▶ language-model") < printed.index("▶ note")
    manifest = json.loads(queue.manifest.read_text("utf-8"))
    assert manifest["done"] == ["rate-3", "language-model", "note"] and manifest["outstanding"] == []
    entry = manifest["steps"]["rate-3"]
    assert entry["steps"] == RECIPE.steps and entry["commit"] == "abc1234" and entry["device"].startswith("cpu") and entry["seed"] == 0
    models = rows(queue.tables / "models.csv")
    assert [row["model"] for row in models] == ["rate-3", "language-model"]
    assert float(models[0]["tokens_per_second"]) > 0 and models[0]["command"] and models[0]["date"]
    assert (queue.tables / "note.csv").read_text() == "cpu" and (queue.tables / "rate-3_log.csv").exists()
    vae = TransformerVAE.from_pretrained(queue.build / "rate-3" / "model")
    assert vae.card["trained"]["commit"] == "abc1234" and len(vae.interpolate("정말 좋다", "별로")) == 9
    assert {value.dtype for value in __import__("safetensors.torch").torch.load_file(
        queue.build / "rate-3" / "model" / "model.safetensors").values()} == {torch.float16}
    assert gpu.run(queue, "cpu") == 0 and "▶" not in capsys.readouterr().out  # nothing is done twice


def test_rate_and_distortion_beside_the_language_model(make_queue):
    queue = make_queue()
    gpu.run(queue, "cpu", commit="abc1234")
    line, vae = rows(queue.tables / "rate_distortion.csv")
    assert line["model"] == "language-model" and float(line["rate"]) == 0 and float(line["above_line"]) == 0
    assert float(vae["rate_plus_distortion"]) == pytest.approx(float(vae["rate"]) + float(vae["distortion"]), abs=1e-3)
    assert float(vae["above_line"]) == pytest.approx(float(vae["rate_plus_distortion"]) - float(line["distortion"]), abs=1e-3)
    assert (queue.tables / "rate_distortion.png").exists() == bool(importlib.util.find_spec("matplotlib"))


def test_an_autoencoder_has_no_rate(make_queue):
    queue = make_queue()
    queue.steps.insert(0, gpu.Step("autoencoder", "비교용", replace(RECIPE, rate=None), least=0))
    gpu.run(queue, "cpu", commit="abc1234")
    row = next(row for row in rows(queue.tables / "rate_distortion.csv") if row["model"] == "autoencoder")
    assert row["rate"] == row["rate_plus_distortion"] == row["above_line"] == "" and row["distortion"]


def test_pieces_and_interruptions_change_nothing(make_queue, monkeypatch, tmp_path):
    whole, pieces, killed = make_queue("whole"), make_queue("pieces"), make_queue("killed")
    gpu.run(whole, "cpu", only="rate-3")
    assert statuses(whole) == {"rate-3": "done", "language-model": "outstanding", "note": "outstanding"}

    monkeypatch.setattr(gpu, "PIECE", 0)  # every piece is one step long
    gpu.run(pieces, "cpu", only="rate-3")
    assert pieces.entries()["rate-3"]["pieces"] == RECIPE.steps
    monkeypatch.undo()

    monkeypatch.setattr(gpu, "SAVE_EVERY", 2)
    evaluate, seen = training.evaluate, []

    def stop(*arguments, **named):
        seen.append(1)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return evaluate(*arguments, **named)

    monkeypatch.setattr(training, "evaluate", stop)
    with pytest.raises(KeyboardInterrupt):
        gpu.run(killed, "cpu", only="rate-3")
    assert training.load_checkpoint(killed.build / "rate-3" / "checkpoint.pt")["state"]["step"] == 6
    gpu.run(killed, "cpu", only="rate-3")
    for other in (pieces, killed):
        assert other.entries()["rate-3"]["status"] == "done"
        assert all(torch.equal(a, b) for a, b in zip(weights(whole, "rate-3").values(), weights(other, "rate-3").values(), strict=True))


def test_no_step_begins_when_the_time_is_over(make_queue, capsys):
    queue = make_queue()
    queue.steps[0] = replace(queue.steps[0], least=60)
    assert gpu.run(queue, "cpu", minutes=1) == 1  # 15 seconds are left beside what is kept for measuring: a shorter step fits
    assert "남은 시간이 모자라" in capsys.readouterr().out
    assert statuses(queue) == {"rate-3": "outstanding", "language-model": "done", "note": "done"}
    assert gpu.run(queue, "cpu", minutes=0) == 1 and statuses(queue)["rate-3"] == "outstanding"


def test_a_failed_step_is_named_and_does_not_stop_the_next(make_queue, capsys):
    queue = make_queue()
    queue.steps[0] = gpu.Step("broken", "깨진 명령", command=("-c", "raise SystemExit('자리가 없습니다')"), data="graded-290", least=0)
    gpu.run(queue, "cpu")
    assert statuses(queue) == {"broken": "failed", "language-model": "done", "note": "done"}
    assert "자리가 없습니다" in capsys.readouterr().out


IN_PIECES = """
import json, pathlib, sys
folder = pathlib.Path(sys.argv[1])
(folder / "model").mkdir(parents=True, exist_ok=True)
found = folder / "found.json"
steps = (json.loads(found.read_text())["steps"] if found.exists() else 0) + 5
found.write_text(json.dumps({"steps": steps, "of": 15, "tokens_per_second": 7, "seconds": 1.0, "metrics": {"nats": 2.5}}))
(folder / "model" / "weights.bin").write_bytes(bytes([steps]))
sys.exit(0 if steps >= 15 else 75)
"""


def test_a_command_goes_on_until_it_is_finished_and_its_weights_travel(make_queue, tmp_path, capsys):
    def queue(name):
        made = make_queue(name)
        made.steps = [gpu.Step("bert", "조각으로", command=("-c", IN_PIECES, "{folder}", "{seconds}"), data="graded-290", keep=True, least=0)]
        return made

    here, there = queue("here"), queue("there")
    assert gpu.run(there, "cpu", out=tmp_path / "out") == 0
    entry = there.entries()["bert"]
    assert (entry["status"], entry["pieces"], entry["steps"]) == ("done", 3, 15)
    assert "15/15걸음" in capsys.readouterr().out
    assert gpu.collect(here, tmp_path / "out") == ["bert"]
    assert (here.build / "bert" / "model" / "weights.bin").read_bytes() == bytes([15])
    with zipfile.ZipFile(tmp_path / "out" / "bert.zip", "a") as archive:
        archive.writestr("../evil", "x")
    here.manifest.unlink()
    with pytest.raises(ValueError, match="no plain file name"):
        gpu.collect(here, tmp_path / "out")


def test_a_damaged_checkpoint_is_a_failure_that_says_what_to_do(make_queue, capsys):
    queue = make_queue()
    (queue.build / "rate-3").mkdir()
    (queue.build / "rate-3" / "checkpoint.pt").write_bytes(b"x" * 100)
    gpu.run(queue, "cpu", only="rate-3")
    assert statuses(queue)["rate-3"] == "failed" and "손상" in queue.entries()["rate-3"]["error"]


def test_training_goes_on_without_compiling_where_compiling_fails(make_queue, monkeypatch, capsys):
    train, tried = training.train, []

    def cannot_compile(*arguments, compile, **named):
        tried.append(compile)
        if compile:
            raise RuntimeError("BackendCompilerFailed")
        return train(*arguments, compile=compile, **named)

    queue = make_queue()
    monkeypatch.setattr(gpu, "compiles", lambda device: True)
    monkeypatch.setattr(training, "train", cannot_compile)
    gpu.run(queue, "cpu")
    assert tried == [True, False, False] and set(statuses(queue).values()) == {"done"}
    assert "BackendCompilerFailed" in capsys.readouterr().out


def test_missing_tokens_are_skipped_visibly(make_queue, capsys):
    queue = make_queue(prepared=False)
    assert gpu.run(queue, "cpu") == 3
    assert capsys.readouterr().out.count("⏭") == 3


def test_a_corpus_that_cannot_be_had_is_skipped_visibly(make_queue, monkeypatch, capsys):
    from lab_utils.datasets import DataError

    def gone(seed=0):
        raise DataError("말뭉치가 없습니다")

    queue = make_queue(prepared=False)
    monkeypatch.setitem(data.SOURCES, "graded", gone)
    assert gpu.prepare(queue) == ["graded-290"]
    assert "말뭉치가 없습니다" in capsys.readouterr().out


def test_a_changed_recipe_is_outstanding_again(make_queue):
    queue = make_queue()
    gpu.run(queue, "cpu", only="rate-3")
    queue.steps[0] = replace(queue.steps[0], recipe=replace(RECIPE, steps=14))
    assert queue.entries()["rate-3"]["status"] == "outstanding"


def test_results_travel_to_another_machine(make_queue, tmp_path):
    there, here, out = make_queue("there"), make_queue("home"), tmp_path / "out"
    gpu.run(there, "cpu", out=out, commit="abc1234")
    assert sorted(file.name for file in out.iterdir()) == ["rate-3.zip", "results.zip"]  # flat, and only the weights to keep
    assert gpu.collect(here, out) == ["rate-3", "language-model", "note"]
    assert here.entries() == there.entries()
    for name in ("models.csv", "rate_distortion.csv", "rate-3_log.csv", "note.csv"):
        assert (here.tables / name).read_bytes() == (there.tables / name).read_bytes()
    assert TransformerVAE.from_pretrained(here.build / "rate-3" / "model").config == TINY
    assert gpu.collect(here, out) == []


@pytest.mark.parametrize("carried", [64e6, 0])
def test_an_unfinished_training_travels_too(make_queue, tmp_path, monkeypatch, carried):
    there, here, out = make_queue("there"), make_queue("home"), tmp_path / "out"
    monkeypatch.setattr(gpu, "CARRIED", carried)
    monkeypatch.setattr(training, "load_checkpoint", training.load_checkpoint)
    monkeypatch.setattr(gpu, "PIECE", 0)
    ticks = iter([0.0, 0.0, *[1e9] * 100])
    clock = gpu.time.monotonic
    real_train = gpu.train
    monkeypatch.setattr(gpu.time, "monotonic", lambda: next(ticks))

    def train(*arguments):
        with monkeypatch.context() as inside:
            inside.setattr(gpu.time, "monotonic", clock)
            return real_train(*arguments)

    monkeypatch.setattr(gpu, "train", train)
    gpu.run(there, "cpu", only="rate-3", minutes=10, out=out)
    assert statuses(there)["rate-3"] == "partial" and there.entries()["rate-3"]["steps"] == 1
    monkeypatch.undo()
    assert gpu.collect(here, out) == ["rate-3"]
    if carried:
        assert (out / "rate-3.checkpoint.pt").exists()
        gpu.run(here, "cpu", only="rate-3")
        gpu.run(there, "cpu", only="rate-3")
        assert all(torch.equal(a, b) for a, b in zip(weights(here, "rate-3").values(), weights(there, "rate-3").values(), strict=True))
    else:
        with zipfile.ZipFile(out / "rate-3.partial.zip") as archive:
            assert "model.safetensors" in archive.namelist()


def test_only_finished_models_of_the_right_size_are_installed(make_queue, monkeypatch, capsys):
    queue = make_queue()
    monkeypatch.setattr(gpu, "SHIPPED", {"rate-3": 16e6})
    assert gpu.install(queue) == [] and not queue.models.exists()
    gpu.run(queue, "cpu", only="rate-3")
    assert not queue.models.exists()
    monkeypatch.setattr(gpu, "SHIPPED", {"rate-3": 10})
    assert gpu.install(queue) == [] and not queue.models.exists()
    monkeypatch.setattr(gpu, "SHIPPED", {"rate-3": 16e6})
    assert gpu.install(queue) == ["rate-3"]
    assert TransformerVAE.from_pretrained(queue.models / "rate-3").config == TINY
    assert not list(queue.models.rglob("*.part"))
    assert "gpu.py run --only rate-3" in (queue.models / "rate-3" / "README.md").read_text("utf-8")


@pytest.mark.skipif(torch.cuda.is_available(), reason="explains itself on machines without CUDA")
def test_without_cuda_it_explains_and_does_nothing(make_queue, capsys):
    queue = make_queue()
    assert gpu.main(["run"], queue) == 1 and gpu.main([], queue) == 1
    assert "GPU가 없습니다" in capsys.readouterr().err and not queue.manifest.exists()
    assert gpu.main(["run", "--device", "cpu", "--only", "note"], queue) == 0
    assert gpu.main(["run", "--only", "no such step"], queue) == 2
    assert gpu.main(["list"], queue) == 0
    assert "끝난 단계 1, 남은 단계 2" in capsys.readouterr().out


def test_the_real_queue():
    """Names are unique; the models to ship fit into 16 MB; the committed manifest knows these steps."""
    from lab_utils.vae.model import VAE

    names = [step.name for step in gpu.STEPS]
    manifest = json.loads(gpu.Queue().manifest.read_text("utf-8"))["steps"]
    assert {name: entry["fingerprint"] for name, entry in manifest.items()} == {step.name: step.fingerprint for step in gpu.STEPS}, (
        "run `python benchmarks/gpu.py list` and commit")
    assert len(set(names)) == len(names) and names[:5] == [
        "stars-64d", "movies-2d", "autoencoder-64d", "korean-bert", "language-model"]
    assert names[-3:] == ["shopping-64d", "reviews-class", "benchmark"]
    assert {step.recipe.data for step in gpu.STEPS if step.recipe} <= set(data.SOURCES)
    assert gpu.PIECE + gpu.RESERVE <= 9 * 60
    for step in gpu.STEPS:
        if step.name in gpu.SHIPPED and step.recipe:
            kept = sum(value.numel() for name, value in VAE(step.recipe.model).state_dict().items() if not name.startswith("words."))
            assert 2 * kept + 300_000 < gpu.SHIPPED[step.name], step.name  # and a tokenizer
    recipe = masked_language_model.RECIPES["korean-bert"]
    kept = sum(value.numel() for value in masked_language_model.build_model(recipe).parameters())
    assert 2 * kept + 1_000_000 < gpu.SHIPPED["korean-bert"]
    *swept, shipped = gpu.SMALL
    small = [step for step in swept if step.recipe.model.latent]
    assert len({(step.recipe.steps, step.recipe.tokens, step.recipe.model.width) for step in swept}) == 1  # one budget for every point
    queue, other = gpu.small_queue(), gpu.Queue()
    assert queue.tokens(shipped) == other.tokens(gpu.STEPS[0])  # what `prepare` writes is what it reads
    assert (queue.build, queue.tables, queue.manifest) != (other.build, other.tables, other.manifest)
    assert replace(shipped.recipe.model, latent=64) == RECIPES["stars-64d"].model
    assert {step.tokens for step in gpu.SMALL} == {gpu.STEPS[0].tokens} and len({step.recipe.rate for step in small}) == len(small)
    benchmark = gpu.STEPS[-1]
    assert benchmark.tokens == gpu.STEPS[0].tokens and (ROOT / benchmark.command[0]).exists()
    options = [part.format(device="cpu", tokens="t", tables="d", commit="c") for part in benchmark.command[1:]]
    assert load("vae").parse(options).result == Path("d/vae_benchmark.csv")


ALONE = """
import sys
HEAVY = %r

class Bare:  # a finder of installed packages that does not find these
    def __init__(self, finder):
        self.finder = finder
    def find_spec(self, name, path=None, target=None):
        return None if name.partition(".")[0] in HEAVY else self.finder.find_spec(name, path, target)

sys.meta_path[:] = [Bare(finder) for finder in sys.meta_path]
sys.path.insert(0, %r)
"""
HEAVY = {"pandas", "gensim", "kiwipiepy", "sklearn", "scipy", "numba", "matplotlib", "transformers", "sentence_transformers", "openpyxl", "pooch",
         "requests", "platformdirs", "threadpoolctl", "psutil", "ipywidgets", "IPython", "nbformat", "accelerate", "koreanize_matplotlib"}


def alone(code):
    return subprocess.run([sys.executable, "-c", ALONE % (HEAVY, str(ROOT)) + code], capture_output=True, text=True, encoding="utf-8",
                          cwd=ROOT, env=os.environ | {"PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"})


def test_it_runs_with_torch_numpy_safetensors_tokenizers_alone(make_queue):
    queue = make_queue()
    done = alone(f"""
import importlib.util, pathlib
try:
    import pandas
    raise SystemExit("pandas was found")
except ImportError:
    pass
import lab_utils.vae.training, lab_utils.vae.data, lab_utils.vae.model
spec = importlib.util.spec_from_file_location("tests_gpu", {str(Path(__file__).with_name("test_gpu_queue.py"))!r})
sys.modules["pytest"] = importlib.import_module("pytest")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
root = pathlib.Path({str(queue.build.parent)!r})
queue = module.gpu.Queue(module.steps(), root / "build", root / "results", root / "models")
left = module.gpu.run(queue, "cpu", out=root / "out", commit="abc1234")
assert not left, queue.entries()
assert not (HEAVY & set(sys.modules)), HEAVY & set(sys.modules)
print("done alone")
""")
    assert done.returncode == 0 and "done alone" in done.stdout, done.stderr[-3000:]
    assert not (queue.tables / "rate_distortion.png").exists() and (queue.tables / "rate_distortion.csv").exists()


def test_the_plain_model_of_the_benchmark_is_the_same_model(tokens):
    """With the same weights, padded or not, the same distortion: the benchmark compares two ways to compute one thing."""
    from lab_utils.vae.model import VAE
    from lab_utils.vae.objective import loss

    vae = load("vae")
    torch.manual_seed(0)
    config = replace(TINY, max_tokens=40)
    ours, plain = VAE(config).eval(), vae.plain_model(config).eval()
    assert sum(p.numel() for p in ours.parameters()) == sum(p.numel() for p in plain.parameters())
    parts = {"embedding": plain.embedding, "encoder.place": plain.place, "encoder.to_latent": plain.to_latent, "decoder.place": plain.place_out,
             "decoder.to_prefix": plain.to_prefix, "decoder.to_input": plain.to_input, "score": plain.score, "words": plain.words,
             "encoder.norm": plain.encoder.norm, "decoder.norm": plain.decoder.norm}
    for name, part in parts.items():
        part.load_state_dict(ours.get_submodule(name).state_dict())
    for side in ("encoder", "decoder"):
        for block, layer in zip(ours.get_submodule(side).blocks, plain.get_submodule(side).layers, strict=True):
            layer.self_attn.in_proj_weight.data, layer.self_attn.in_proj_bias.data = block.attention.qkv.weight.data, block.attention.qkv.bias.data
            for mine, theirs in ((block.attention.out, layer.self_attn.out_proj), (block.up, layer.linear1), (block.down, layer.linear2),
                                 (block.norm1, layer.norm1), (block.norm2, layer.norm2)):
                theirs.load_state_dict(mine.state_dict())
    texts = [torch.randint(4, 290, (length,)) for length in (3, 9, 9, 27)]
    padded = torch.nn.functional.pad(torch.nn.utils.rnn.pad_sequence(texts, batch_first=True), (0, 39 - 27))
    with torch.no_grad():
        separate = sum(float(loss(ours, replace(RECIPE, rate=None), text[None], torch.zeros(1), 0)[1]["distortion"]) for text in texts)
        together = float(vae.plain_loss(plain, RECIPE, padded, torch.zeros(4))) * sum(len(text) + 1 for text in texts)
    assert together == pytest.approx(separate, rel=1e-4)


def test_the_benchmark_runs(tokens, tmp_path):
    command = [sys.executable, str(ROOT / "benchmarks" / "vae.py"), "--device", "cpu", "--steps", "2", "--tokens", "64", "--repeats", "1",
               "--paths", "2", "--loop", "2", "--layers", "1", "--width", "16", "--tiny", "--peak-size", "64", "--tokens-folder", str(tokens),
               "--model", str(tmp_path / "none"), "--result", str(tmp_path / "table.csv"), "--commit", "abc1234"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=os.environ | {"PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr[-3000:]
    found = rows(tmp_path / "table.csv")
    assert [row["task"] for row in found].count("decoding") == 3 and found[0]["method"] == "ours" and float(found[0]["tokens_per_s"]) > 0
    assert {row["commit"] for row in found} == {"abc1234"} and len({row["tokens"] for row in found if row["task"] == "training"}) == 1
    assert "| plain torch, padded to 40 |" in done.stdout and str(tmp_path) not in (tmp_path / "table.csv").read_text("utf-8")
