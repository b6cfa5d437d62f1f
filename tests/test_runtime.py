import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lab_utils import runtime


@pytest.mark.parametrize("name", runtime.PROFILES)
def test_profile_follows_the_environment(monkeypatch, name):
    monkeypatch.setenv("LAB_PROFILE", name.upper())
    assert runtime.profile() == name
    assert runtime.by_profile(smoke="smoke", laptop="laptop", gpu="gpu") == name


def test_unknown_profile_is_explained(monkeypatch):
    monkeypatch.setenv("LAB_PROFILE", "desktop")
    with pytest.raises(ValueError, match="smoke, laptop, gpu"):
        runtime.profile()


def test_profile_without_a_gpu_is_laptop(monkeypatch):
    monkeypatch.delenv("LAB_PROFILE", raising=False)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert runtime.profile() == "laptop"


def test_importing_the_package_is_cheap():
    code = ("import time, sys; t = time.perf_counter(); import lab_utils; from lab_utils import check, predict, quiz, header; "
            "s = time.perf_counter() - t; heavy = {'torch', 'numpy', 'pandas', 'scipy', 'matplotlib', 'numba'} & set(sys.modules); "
            "print(s); assert not heavy, heavy")
    times = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(3)]
    assert min(times) < 0.3


def test_seeding_repeats_every_generator():
    code = ("import torch, numpy as np, random; from lab_utils import seed_everything\n"
            "def draw():\n    seed_everything(7)\n    return random.random(), np.random.rand(), torch.rand(1).item()\n"
            "assert draw() == draw()")
    subprocess.run([sys.executable, "-c", code], check=True)


def test_missing_data_folder_is_explained(monkeypatch, tmp_path):
    monkeypatch.setenv("LAB_DATA_DIR", str(tmp_path / "없음"))
    with pytest.raises(FileNotFoundError, match="LAB_DATA_DIR"):
        runtime.local_data_folder()


def test_data_folder_may_have_hangul_and_spaces(monkeypatch, tmp_path):
    folder = tmp_path / "내 자료 폴더"
    folder.mkdir()
    monkeypatch.setenv("LAB_DATA_DIR", str(folder))
    assert runtime.local_data_folder() == folder.resolve()


def test_unwritable_cache_falls_back(monkeypatch, tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("")  # a file where a folder is wanted: unwritable for every user, root included
    monkeypatch.setenv("LAB_CACHE_DIR", str(blocked / "cache"))
    runtime._reported.clear()
    folder = runtime.cache_folder()
    assert folder.is_dir() and "LAB_CACHE_DIR" in capsys.readouterr().out


def test_colab_is_recognised(monkeypatch):
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release-colab")
    assert runtime.in_colab()


def test_header_is_one_line(monkeypatch, capsys):
    monkeypatch.setenv("LAB_PROFILE", "smoke")
    monkeypatch.setenv("LAB_DATA_DIR", "")
    runtime.header("02 · PMI")
    out = capsys.readouterr().out
    assert out.count("\n") == 1 and "02 · PMI" in out and "smoke" in out


def test_embedded_data_is_found():
    assert Path(runtime.data_folder()).is_dir()
    assert os.access(runtime.data_folder(), os.R_OK)


def test_parallel_map_keeps_the_order_and_passes_errors_on():
    from lab_utils import parallel_map

    assert parallel_map(lambda n: (time.sleep(0.02 / (n + 1)), n * n)[1], range(8)) == [n * n for n in range(8)]
    with pytest.raises(ZeroDivisionError):
        parallel_map(lambda n: 1 / n, [1, 0])
