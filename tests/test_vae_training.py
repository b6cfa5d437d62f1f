"""Training that is killed, starved of disk or memory, damaged or resumed: the same weights bit for bit, or a clear message."""

import csv
import errno
import json
import math
import multiprocessing
import os
import random
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny_vae
import torch
from test_download import run_in_own_mounts
from tiny_vae import one_thread  # noqa: F401

from lab_utils.vae import data, objective, pipeline, training
from lab_utils.vae.__main__ import main
from lab_utils.vae.config import RECIPES
from lab_utils.vae.pretrained import TransformerVAE
from lab_utils.vae.training import CheckpointError, load_checkpoint, save_checkpoint

ROOT = Path(__file__).resolve().parent.parent
PATHS = os.pathsep.join([str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """No waiting for the disk, which only a power failure makes necessary: a killed process's writes stay."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture(scope="module")
def processes():
    """Processes that can be killed; on POSIX forked from one that has loaded torch already, so that each starts at once."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tiny_vae", "torch._dynamo"])  # the optimiser imports the second
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", PATHS)
        patch.setenv("OMP_NUM_THREADS", "1")
        forkserver.ensure_running()
    return context


def run(processes, folder, recipe=tiny_vae.RECIPE, **options) -> int:
    process = processes.Process(target=tiny_vae.train_and_die, args=(folder, recipe), kwargs=options)
    process.start()
    process.join(120)
    return process.exitcode


def flat(value, name="") -> dict:
    if isinstance(value, dict):
        return {key: item for one, two in value.items() for key, item in flat(two, f"{name}/{one}").items()}
    if isinstance(value, (list, tuple)):
        return flat(dict(enumerate(value)), name)
    return {name: value}


def rows(folder: Path) -> list[dict]:
    with open(folder / "log.csv", encoding="utf-8", newline="") as file:
        return [{name: value for name, value in row.items() if name != "seconds"} for row in csv.DictReader(file)]


def check_same(folder: Path, other: Path) -> None:
    """Model, average, optimiser, state and log, bit for bit; only the clock may differ."""
    one, two = (flat(load_checkpoint(place / "checkpoint.pt")) for place in (folder, other))
    assert one.keys() == two.keys() and sum(isinstance(value, torch.Tensor) for value in one.values()) > 100
    for name in one.keys() - {"/state/seconds"}:
        same = torch.equal(one[name], two[name]) if isinstance(one[name], torch.Tensor) else one[name] == two[name]
        assert same, name
    assert rows(folder) == rows(other)
    assert not list(folder.glob("*.part"))


# ── kill −9 ──────────────────────────────────────────────────────────────────────────────────────────────────────────

LONG = tiny_vae.recipe(steps=90)


@pytest.fixture(scope="module")
def uninterrupted(processes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("uninterrupted")
    assert run(processes, folder, LONG, save_every=1000) == 0
    return folder


def test_a_run_killed_a_dozen_times_at_random_is_the_run_that_was_not(processes, uninterrupted, tmp_path):
    chance, kills, reached = random.Random(0), 0, set()
    while kills < 12:
        step = processes.Value("i", -1)
        process = processes.Process(target=tiny_vae.train_and_die, args=(tmp_path, LONG, step))
        process.start()
        deadline = time.monotonic() + 60
        while step.value < 0 and process.is_alive() and time.monotonic() < deadline:
            time.sleep(0.001)
        goal = step.value + chance.randint(1, 9)
        while step.value < goal and process.is_alive() and time.monotonic() < deadline:
            time.sleep(0.0005)
        time.sleep(chance.uniform(0, 0.02))
        if not process.is_alive():
            break
        process.kill()  # SIGKILL
        process.join()
        assert process.exitcode != 0
        reached.add(step.value)
        kills += 1
        for saved in tmp_path.glob("checkpoint.pt"):
            assert load_checkpoint(saved)["state"]["step"] <= step.value + 1, "a whole checkpoint, whenever the run died"
    assert kills >= 10 and len(reached) >= 8, (kills, reached)
    assert run(processes, tmp_path, LONG) == 0
    check_same(tmp_path, uninterrupted)


@pytest.mark.skipif(os.name == "nt", reason="needs a signal that cannot be caught")
@pytest.mark.parametrize("place", ["half written", "before renaming", "after renaming", "after a row of the log", "with gradients"])
def test_a_run_killed_at_its_worst_moments(processes, uninterrupted, tmp_path, place):
    for number in (1, 3):
        assert run(processes, tmp_path, LONG, fault=(place, number)) == -9
        left = list(tmp_path.glob("*.part"))
        assert bool(left) == (place in ("half written", "before renaming"))
    assert run(processes, tmp_path, LONG) == 0
    check_same(tmp_path, uninterrupted)


def test_another_seed_is_another_run(uninterrupted, tmp_path):
    tiny_vae.train(tmp_path, replace(LONG, seed=1))
    assert rows(tmp_path) != rows(uninterrupted), "or the comparisons above would compare nothing"


# ── in this process ──────────────────────────────────────────────────────────────────────────────────────────────────


class Stop(Exception):
    pass


def stop_at(monkeypatch, step):
    gradients = training._gradients

    def inner(model, recipe, corpus, members, number, *rest):
        if number == step:
            raise Stop
        return gradients(model, recipe, corpus, members, number, *rest)

    monkeypatch.setattr(training, "_gradients", inner)


@pytest.mark.parametrize("changes", [{"rate": None}, {"free_bits": 0.1}, {"model": replace(tiny_vae.CONFIG, latent=0)}, {"patience": 3}],
                         ids=["autoencoder", "free bits", "language model", "patience"])  # fmt: skip
def test_every_kind_of_recipe_resumes(tmp_path, monkeypatch, changes):
    recipe = tiny_vae.recipe(steps=24, **changes)
    whole = tiny_vae.train(tmp_path / "whole", recipe)
    with monkeypatch.context() as patch:
        stop_at(patch, 16)
        with pytest.raises(Stop):
            tiny_vae.train(tmp_path / "parts", recipe, save_every=5)
    resumed = tiny_vae.train(tmp_path / "parts", recipe, save_every=5)
    check_same(tmp_path / "parts", tmp_path / "whole")
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name
    assert not resumed.training


def test_a_finished_run_does_nothing(tmp_path):
    first = tiny_vae.train(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    again = tiny_vae.train(tmp_path)
    assert before == {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert all(torch.equal(a, b) for a, b in zip(first.state_dict().values(), again.state_dict().values(), strict=True))


def test_muon_moves_the_matrices_of_the_blocks_and_nothing_else():
    """An orthogonal step: all singular values of a matrix's change are alike. Every parameter belongs to one optimiser."""
    model = tiny_vae.model()
    muon, adam = training.make_optimisers(model, tiny_vae.recipe(weight_decay=0.0), "cpu")
    held = [[parameter for group in optimiser.param_groups for parameter in group["params"]] for optimiser in (muon, adam)]
    assert sorted(map(id, held[0] + held[1])) == sorted(map(id, model.parameters()))
    inside = {id(parameter) for name, parameter in model.named_parameters() if ".blocks." in name and parameter.ndim == 2}
    assert {id(parameter) for parameter in held[0]} == inside
    matrix = model.encoder.blocks[0].up.weight
    before = matrix.detach().clone()
    matrix.grad = torch.randn(matrix.shape, generator=torch.Generator().manual_seed(0)) * torch.logspace(0, 1, matrix.shape[1])
    muon.step()
    uneven, even = torch.linalg.svdvals(matrix.grad), torch.linalg.svdvals(matrix.detach() - before)
    assert uneven.max() > 10 * uneven.min() and 2 * even.min() > even.max() > 0


def test_training_learns(tmp_path):
    tiny_vae.train(tmp_path, tiny_vae.recipe(steps=150, evaluate_every=50))
    found = [float(row["distortion"]) for row in rows(tmp_path)]
    assert found[2] < found[0] - 1, found
    assert [int(row["step"]) for row in rows(tmp_path)] == [50, 100, 150]


def test_the_log_holds_no_row_after_the_checkpoint(tmp_path, monkeypatch):
    recipe = tiny_vae.recipe(evaluate_every=4)
    for stop, left, again in ((19, ["4", "8", "12", "16"], ["4", "8"]), (10, ["4", "8"], ["4", "8"])):
        with monkeypatch.context() as patch:
            stop_at(patch, stop)
            with pytest.raises(Stop):
                tiny_vae.train(tmp_path, recipe, save_every=10)
        assert [row["step"] for row in rows(tmp_path)] == left
        training._Log(tmp_path / "log.csv", after=load_checkpoint(tmp_path / "checkpoint.pt")["state"]["step"])
        assert [row["step"] for row in rows(tmp_path)] == again


def test_rows_without_any_checkpoint_and_torn_rows_are_dropped(tmp_path, monkeypatch):
    log = training._Log(tmp_path / "log.csv", after=0)
    for step in (7, 14):
        log.write({"step": step, "seconds": 1.0, "distortion": 1 / 3})
    content = (tmp_path / "log.csv").read_text("utf-8")
    (tmp_path / "log.csv").write_text(content + "1", encoding="utf-8")  # of "140,…": the disk was full after one character
    training._Log(tmp_path / "log.csv", after=14)
    assert (tmp_path / "log.csv").read_text("utf-8") == content
    training._Log(tmp_path / "log.csv", after=0)
    assert rows(tmp_path) == []


def test_no_moment_of_a_start_loses_the_rows_before(tmp_path, monkeypatch):
    log = training._Log(tmp_path / "log.csv", after=0)
    log.write({"step": 7})
    before = (tmp_path / "log.csv").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            training._Log(tmp_path / "log.csv", after=7)
    assert (tmp_path / "log.csv").read_bytes() == before


def test_a_run_out_of_time_is_saved_and_goes_on(tmp_path):
    recipe = tiny_vae.recipe(steps=12, evaluate_every=5)
    array = tiny_vae.array()
    tiny_vae.train(tmp_path / "whole", recipe)
    for step in range(1, 13):
        training.train(recipe, array, tmp_path / "parts", device="cpu", progress=False, max_seconds=0)
        assert load_checkpoint(tmp_path / "parts" / "checkpoint.pt")["state"]["step"] == step
    check_same(tmp_path / "parts", tmp_path / "whole")


def test_without_gain_it_stops_early_and_stays_stopped(tmp_path):
    recipe = tiny_vae.recipe(learning_rate=0.0, phases=(0.0, 0.0, 1.0), evaluate_every=2, patience=2, rate=6.1)
    tiny_vae.train(tmp_path, recipe)
    state = load_checkpoint(tmp_path / "checkpoint.pt")["state"]
    assert state["stopped"] and state["step"] == 6 and state["waited"] == 2 and math.isfinite(state["best"])
    tiny_vae.train(tmp_path, recipe)
    assert load_checkpoint(tmp_path / "checkpoint.pt")["state"] == state


def test_patience_waits_until_the_rate_is_at_its_target(tmp_path):
    recipe = tiny_vae.recipe(learning_rate=0.0, steps=20, phases=(0.5, 0.2, 0.3), evaluate_every=2, patience=2, rate=6.1)
    tiny_vae.train(tmp_path, recipe)
    assert load_checkpoint(tmp_path / "checkpoint.pt")["state"]["step"] == 20, "best at 16, waited at 18 and 20"


# ── damaged checkpoints ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_half_written_file_is_never_loaded_and_goes(tmp_path):
    (tmp_path / "checkpoint.pt.123.part").write_bytes(b"half")
    assert load_checkpoint(tmp_path / "checkpoint.pt") is None
    tiny_vae.train(tmp_path, tiny_vae.recipe(steps=2))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["checkpoint.pt", "log.csv"]


def test_any_damage_is_seen(tmp_path):
    path, chance = tmp_path / "checkpoint.pt", random.Random(0)
    recipe = tiny_vae.recipe(steps=2)
    tiny_vae.train(tmp_path, recipe)
    content = path.read_bytes()
    damaged = [b"", content[:10], content[:32], content[:-1], content + b"x"]
    for _ in range(20):
        place = chance.randrange(len(content))
        damaged.append(content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1:])
    for bad in damaged:
        path.write_bytes(bad)
        with pytest.raises(CheckpointError) as caught:
            load_checkpoint(path)
        assert str(path) in str(caught.value) and "손상되었습니다" in str(caught.value) and "해결:" in str(caught.value)
    with pytest.raises(CheckpointError, match="손상되었습니다"):
        tiny_vae.train(tmp_path, recipe)
    assert path.read_bytes() == damaged[-1], "it is left for whoever wants to look"
    path.unlink()
    tiny_vae.train(tmp_path, recipe)


@pytest.mark.parametrize("changes", [{"rate": 7.0}, {"steps": 41}, {"seed": 3}, {"model": replace(tiny_vae.CONFIG, latent=4)}], ids=str)
def test_a_folder_of_another_recipe_is_refused(tmp_path, changes):
    tiny_vae.train(tmp_path)
    before = (tmp_path / "checkpoint.pt").read_bytes()
    with pytest.raises(CheckpointError) as caught:
        tiny_vae.train(tmp_path, tiny_vae.recipe(**changes))
    assert "다른 설정(으)로" in str(caught.value) and "해결:" in str(caught.value)
    assert (tmp_path / "checkpoint.pt").read_bytes() == before


def test_a_run_goes_on_only_with_the_reviews_that_it_began_with(tmp_path):
    training.train(tiny_vae.RECIPE, tiny_vae.array(), tmp_path / "run", device="cpu", progress=False, max_seconds=0)
    with pytest.raises(CheckpointError, match="다른 리뷰"):
        training.train(tiny_vae.RECIPE, tiny_vae.array(seed=1), tmp_path / "run", device="cpu", progress=False)
    stored = tmp_path / "tokens.npz"
    tiny_vae.array().save(stored)  # the same reviews from a file are the same reviews
    training.train(tiny_vae.RECIPE, data.TokenArray.load(stored), tmp_path / "run", device="cpu", progress=False)


# ── disk ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.EIO])
@pytest.mark.parametrize("where", ["fsync", "replace"])
def test_a_checkpoint_that_cannot_be_saved_leaves_the_one_before(tmp_path, monkeypatch, number, where):
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, {"state": {"step": 1}})

    def fail(*_):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, where, fail)
        with pytest.raises(CheckpointError) as caught:
            save_checkpoint(path, {"state": {"step": 2}})
    assert os.strerror(number) in str(caught.value) and "자리를 비우고" in str(caught.value) and str(path) in str(caught.value)
    assert load_checkpoint(path) == {"state": {"step": 1}} and not list(tmp_path.glob("*.part"))
    save_checkpoint(path, {"state": {"step": 2}})
    assert load_checkpoint(path) == {"state": {"step": 2}}


TRAIN = textwrap.dedent("""
    import sys
    from pathlib import Path
    import tiny_vae, torch
    from lab_utils.vae.training import CheckpointError, load_checkpoint
    torch.set_num_threads(1)
    folder = Path(sys.argv[1])
    try:
        tiny_vae.train(folder)
        print("DONE")
    except CheckpointError as error:
        print("ERROR", error)
    print("SAVED", (load_checkpoint(folder / "checkpoint.pt") or {"state": {"step": 0}})["state"]["step"])
    if len(sys.argv) > 2:
        import shutil
        shutil.copytree(folder, sys.argv[2])
""")


def test_a_disk_that_is_really_full_and_then_read_only(tmp_path, monkeypatch):
    """Room for one checkpoint and not for two: the second save fails, the first one stays, and with more room it goes on."""
    monkeypatch.setenv("PYTHONPATH", PATHS)
    tiny_vae.train(tmp_path / "whole")
    size = (tmp_path / "whole" / "checkpoint.pt").stat().st_size
    (tmp_path / "disk").mkdir()
    out = run_in_own_mounts(
        'mount -t tmpfs -o size="$5" none "$1"; "$2" -c "$3" "$1"; ls "$1"; echo NEXT\n'
        'mount -o remount,ro "$1"; "$2" -c "$3" "$1"; echo NEXT\n'
        'mount -o remount,rw,size=64m "$1"; "$2" -c "$3" "$1" "$4"',
        str(tmp_path / "disk"), sys.executable, TRAIN, str(tmp_path / "resumed"), str(int(size * 1.6)),
    )  # fmt: skip
    full, read_only, roomy = out.split("NEXT")
    assert "저장하지 못했습니다" in full and os.strerror(errno.ENOSPC) in full and "자리를 비우고" in full and "SAVED 3" in full
    assert ".part" not in full.split("SAVED")[1]
    assert "쓰지 못했습니다" in read_only and os.strerror(errno.EROFS) in read_only and "SAVED 3" in read_only
    assert "DONE" in roomy and "SAVED 40" in roomy
    check_same(tmp_path / "resumed", tmp_path / "whole")


def test_a_full_disk_at_the_log_is_reported_too(tmp_path, monkeypatch):
    log = training._Log(tmp_path / "log.csv", after=0)
    (tmp_path / "log.csv").unlink()
    (tmp_path / "log.csv").mkdir()  # what cannot be written
    with pytest.raises(CheckpointError, match="쓰지 못했습니다"):
        log.write({"step": 7})


# ── memory ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("error", [torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
                                   RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")],
                         ids=["cuda", "cpu"])  # fmt: skip
def test_too_little_memory_halves_the_batch_and_says_so(tmp_path, monkeypatch, capsys, error):
    sizes, original = [], training.loss

    def loss(model, recipe, tokens, *rest):
        if model.training:
            if len(tokens) > 6:
                raise error
            sizes.append(len(tokens))
        return original(model, recipe, tokens, *rest)

    monkeypatch.setattr(training, "loss", loss)
    recipe = tiny_vae.recipe(steps=12)
    tiny_vae.train(tmp_path, recipe)
    out = capsys.readouterr().out
    assert "메모리가 모자라 배치를 2번에 나누어" in out and "배치를 4번에 나누어" in out
    assert max(sizes) <= 6
    array = tiny_vae.array()
    batches = training.Batches(array.lengths, array.of(0), recipe.tokens, recipe.seed)
    state = load_checkpoint(tmp_path / "checkpoint.pt")["state"]
    assert state["splits"] == 4 and state["step"] == 12
    assert state["tokens"] == sum(len(batches[i]) * (array.lengths[batches[i][0]] + 1) for i in range(12)), "no review is lost or counted twice"


def test_what_splitting_cannot_help_is_raised(tmp_path, monkeypatch):
    for error, kind in ((torch.OutOfMemoryError("CUDA out of memory"), torch.OutOfMemoryError), (RuntimeError("shapes do not fit"), RuntimeError)):
        def loss(*_, error=error):
            raise error

        monkeypatch.setattr(training, "loss", loss)
        with pytest.raises(kind, match=str(error)):
            tiny_vae.train(tmp_path, tiny_vae.recipe(steps=3))


@pytest.mark.parametrize("rate", [None, 0.5])
@pytest.mark.parametrize("splits", [2, 3, 8, 64])
def test_gradients_of_a_split_batch_are_those_of_the_whole(monkeypatch, rate, splits):
    """Without the random parts, whose draws differ, and with all pieces above the target, where the loss is linear in the pieces."""
    monkeypatch.setattr(objective, "reparameterise", lambda mean, log_variance: mean)
    recipe = tiny_vae.recipe(rate=rate, rate_start=0.5, token_drop=0.0, word_dropout=0.0)
    array = tiny_vae.array()
    corpus, members = training.Corpus(array, "cpu"), np.flatnonzero(array.lengths == 5)[:23]
    scaler, found = torch.amp.GradScaler("cpu", enabled=False), []
    for pieces in (1, splits):
        model = tiny_vae.model(spread=4.0).train()
        parts = training._gradients(model, recipe, corpus, members, 3, pieces, None, scaler)
        found.append(({name: p.grad for name, p in model.named_parameters() if p.grad is not None}, parts))
    (whole, parts), (split, split_parts) = found
    assert whole.keys() == split.keys() and len(whole) > 30
    for name, gradient in whole.items():
        torch.testing.assert_close(split[name], gradient, rtol=1e-4, atol=1e-5 + 1e-4 * float(gradient.abs().max()))
    for name, value in parts.items():
        torch.testing.assert_close(split_parts[name], value, rtol=1e-4, atol=1e-5)


# ── several processes ────────────────────────────────────────────────────────────────────────────────────────────────

STAND_IN = textwrap.dedent("""
    import os, torch
    class Accelerator:  # what `_processes` asks of the real one
        def __init__(self, cpu):
            assert cpu
            torch.distributed.init_process_group("gloo")
            self.process_index, self.num_processes, self.device = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"]), torch.device("cpu")
""")
RANK = textwrap.dedent("""
    import os, sys
    from pathlib import Path
    import torch, tiny_vae
    from lab_utils.vae import training
    torch.set_num_threads(1)
    folder, rank = Path(sys.argv[1]), os.environ["RANK"]
    short = sys.argv[2] == "short"
    limit = None if not short else .3 if rank == "0" else 1e9  # only one of them runs out of time
    recipe = tiny_vae.recipe(steps=10_000 if short else 20)
    model = training.train(recipe, tiny_vae.array(), folder, device="cpu", progress=False, save_every=7, max_seconds=limit)
    seen = training.load_checkpoint(folder / "checkpoint.pt")["state"]["step"]
    torch.save({"model": model.state_dict(), "seen": seen}, folder / f"rank{rank}.pt")
    torch.distributed.destroy_process_group()
""")


def free_port() -> str:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def two_ranks(tmp_path, *arguments) -> list[dict]:
    paths = PATHS
    try:
        import accelerate  # noqa: F401
    except ImportError:
        (tmp_path / "accelerate.py").write_text(STAND_IN, encoding="utf-8")
        paths = f"{tmp_path}{os.pathsep}{PATHS}"
    shared = os.environ | {"PYTHONPATH": paths, "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": free_port(), "OMP_NUM_THREADS": "1",
                           "ACCELERATE_USE_CPU": "true", "GLOO_SOCKET_IFNAME": "lo"}
    running = [subprocess.Popen([sys.executable, "-c", RANK, str(tmp_path), *arguments], cwd=ROOT, env=shared | {"RANK": rank, "LOCAL_RANK": rank},
                                stderr=subprocess.PIPE, text=True, encoding="utf-8") for rank in "01"]  # fmt: skip
    try:
        errors = [process.communicate(timeout=60)[1] for process in running]
    finally:
        for process in running:
            process.kill()
    assert [process.returncode for process in running] == [0, 0], errors
    return [torch.load(tmp_path / f"rank{rank}.pt") for rank in "01"]


@pytest.mark.skipif(sys.platform != "linux", reason="gloo over the loopback interface named lo")
@pytest.mark.parametrize("how", ["whole", "short"])
def test_two_processes_agree(tmp_path, how):
    first, second = two_ranks(tmp_path, how)
    for name, value in first["model"].items():
        assert torch.equal(value, second["model"][name]), name
    assert first["seen"] == second["seen"] == (20 if how == "whole" else first["seen"])
    assert 0 < first["seen"] < 10_000
    if how == "whole":
        assert [int(row["step"]) for row in rows(tmp_path)] == [7, 14, 20]


def test_one_process_needs_no_accelerate(monkeypatch):
    monkeypatch.setitem(sys.modules, "accelerate", None)
    for value in (None, "1"):
        monkeypatch.delenv("WORLD_SIZE", raising=False) if value is None else monkeypatch.setenv("WORLD_SIZE", value)
        assert training._processes("cpu") == (None, 0, 1)


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def prepared(folder: Path, name: str = "reviews-class") -> Path:
    """What `prepare` leaves, made of the tiny reviews."""
    folder.mkdir(exist_ok=True)
    tiny_vae.array().save(folder / "tokens.npz")
    (folder / "tokenizer.json").write_text(tiny_vae.tokenizer_json(), encoding="utf-8")
    recipe = RECIPES[name]
    wanted = {"data": recipe.data, "vocabulary": recipe.model.vocabulary, "max_tokens": recipe.model.max_tokens}
    (folder / "prepared.json").write_text(json.dumps({"recipe": wanted}), encoding="utf-8")
    return folder


@pytest.mark.skipif(sys.platform != "linux", reason="gloo over the loopback interface named lo")
def test_accelerate_launch(tmp_path):
    pytest.importorskip("accelerate", reason="pip install accelerate")
    folder = prepared(tmp_path / "run")
    command = [sys.executable, "-m", "accelerate.commands.launch", "--cpu", "--num_processes", "2", "--num_machines", "1", "--mixed_precision", "no",
               "--dynamo_backend", "no", "--num_cpu_threads_per_process", "1", "--main_process_port", free_port(),
               "-m", "lab_utils.vae", "train", "reviews-class", "--steps", "4", "--folder", str(folder), "--device", "cpu"]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": PATHS}, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(f"{folder / 'model'}: ") == 1, "one of the two says where the model is"
    assert TransformerVAE.from_pretrained(folder / "model").card["trained"]["steps"] == 4


def test_the_command_prepares_and_trains(tmp_path, monkeypatch, capsys):
    """End to end on the embedded reviews, in a process of its own as a reader would start it."""
    environment = os.environ | {"LAB_CACHE_DIR": str(tmp_path / "cache"), "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "lab_utils.vae"]
    done = subprocess.run([*command, "prepare", "reviews-class", "--folder", str(tmp_path / "run")], cwd=ROOT, env=environment, capture_output=True,
                          text=True, encoding="utf-8", timeout=120)  # fmt: skip
    assert done.returncode == 0 and "리뷰" in done.stdout, done.stderr
    report = json.loads((tmp_path / "run" / "prepared.json").read_text("utf-8"))
    assert report["parts"]["train"] > 1000 and report["parts"]["middle"] > 0
    monkeypatch.setattr(pipeline, "card", lambda recipe, vae, array, *rest, card=pipeline.card: card(recipe, vae, fewer(array), *rest))
    assert main(["train", "reviews-class", "--steps", "4", "--folder", str(tmp_path / "run"), "--out", str(tmp_path / "out"), "--device", "cpu"]) == 0
    assert str(tmp_path / "out") in capsys.readouterr().out
    vae = TransformerVAE.from_pretrained(tmp_path / "out")
    assert vae.card["trained"]["steps"] == 4 and vae.card["recipe"]["steps"] == 4 and vae.card["metrics"]["test"]["distortion"] > 0
    (last,) = vae.card["curve"]
    assert last["step"] == 4 and f"| {last['accuracy']:.3f} |" in (tmp_path / "out" / "README.md").read_text("utf-8")
    assert vae.config == RECIPES["reviews-class"].model and vae.encode(["배송이 빨라요"])[0].shape == (1, vae.config.latent)


def fewer(array):
    """100 reviews of the test part, so that measuring takes no time."""
    array.parts[array.of(2)[100:]] = 5
    return array


def test_the_command_stops_goes_on_and_reports_errors(tmp_path, monkeypatch, capsys):
    folder = prepared(tmp_path / "run")
    train = ["train", "reviews-class", "--steps", "3", "--folder", str(folder), "--device", "cpu"]
    assert main([*train, "--seconds", "0"]) == main([*train, "--seconds", "0"]) == 3
    assert "같은 명령을 다시 실행하면 이어집니다" in capsys.readouterr().out
    assert load_checkpoint(folder / "checkpoint.pt")["state"]["step"] == 2
    assert main(train) == 0
    assert main(["train", "reviews-class", "--steps", "5", "--folder", str(folder), "--device", "cpu"]) == 1
    assert "다른 설정(으)로" in capsys.readouterr().err
    (folder / "checkpoint.pt").write_bytes(b"x" * 100)
    assert main(train) == 1
    assert "손상되었습니다" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["train", "no-such-recipe"])


def test_tokens_prepared_elsewhere_are_used_as_they_are(tmp_path):
    tokens = prepared(tmp_path / "tokens")
    before = {file.name: file.read_bytes() for file in tokens.iterdir()}
    vae = pipeline.train_recipe("reviews-class", tmp_path / "run", prepared=tokens, progress=False, device="cpu", steps=2)
    assert vae.card["trained"]["steps"] == 2 and vae.card["trained"]["reviews"] == (tiny_vae.array().parts == 0).sum()
    assert before == {file.name: file.read_bytes() for file in tokens.iterdir()}
    assert sorted(file.name for file in (tmp_path / "run").iterdir()) == ["checkpoint.pt", "log.csv"]
    out_of_time = pipeline.train_recipe("reviews-class", tmp_path / "other", prepared=tokens, progress=False, device="cpu", steps=5, max_seconds=0)
    assert out_of_time is None
