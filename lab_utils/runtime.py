"""Where the workbook runs: profile, device, seeds, folders."""

import os
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

PROFILES = ("smoke", "laptop", "gpu")


def in_colab() -> bool:
    """True in a Google Colab runtime (it ships the ``google.colab`` package)."""
    if "COLAB_RELEASE_TAG" in os.environ or "google.colab" in sys.modules:
        return True
    try:
        return find_spec("google.colab") is not None
    except ModuleNotFoundError:
        return False


def device() -> str:
    """The device for training: ``"cuda"``, ``"mps"`` or ``"cpu"``. Imports torch."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _nvidia_present() -> bool:
    # Asked without importing torch (seconds): the driver's library or device node is enough to choose a profile.
    if os.environ.get("CUDA_VISIBLE_DEVICES", "all").strip() in ("", "-1"):
        return False
    return any(Path(p).exists() for p in ("/dev/nvidia0", "/proc/driver/nvidia/version", "/opt/bin/nvidia-smi"))


def profile() -> str:
    """The size at which lessons run: ``LAB_PROFILE`` if set, else ``"gpu"`` with an NVIDIA device, else ``"laptop"``.

    Raises
    ------
    ValueError
        If ``LAB_PROFILE`` names no profile.
    """
    chosen = os.environ.get("LAB_PROFILE", "").strip().lower()
    if not chosen:
        return "gpu" if _nvidia_present() else "laptop"
    if chosen not in PROFILES:
        raise ValueError(f"LAB_PROFILE={chosen!r}라는 프로필은 없습니다. {', '.join(PROFILES)} 가운데 하나로 바꾸거나 지우세요.")
    return chosen


def by_profile(*, smoke, laptop, gpu):
    """The value for the profile in force."""
    return {"smoke": smoke, "laptop": laptop, "gpu": gpu}[profile()]


def parallel_map(function, items) -> list:
    """``[function(item) for item in items]``, as many at once as there are cores, in threads.

    Worth it for trainings that release the interpreter's lock (numba, gensim, NumPy) and keep to one thread each, so that the
    result of each is the same as without it.
    """
    from concurrent.futures import ThreadPoolExecutor

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        return list(pool.map(function, items))


@contextmanager
def quiet_loading():
    """Inside, `transformers` reads and writes models without bars and without its report of weights that are not needed."""
    from transformers.utils import logging

    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()


def seed_everything(seed: int = 0) -> int:
    """Seed Python, NumPy's legacy generator and, where it is already imported, torch (all devices).

    What stays non-deterministic: the order in which several threads add floating-point numbers, CUDA kernels without a
    deterministic version (scatter and index additions), and string hashing unless ``PYTHONHASHSEED`` was set before
    Python started. New code should pass ``numpy.random.default_rng(seed)`` on instead of relying on global state.
    """
    import random

    random.seed(seed)
    if find_spec("numpy"):
        import numpy as np

        np.random.seed(seed)  # noqa: NPY002  some libraries still read the global state
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed)
        if torch.cuda.is_available():
            torch.cuda.manual_seed_all(seed)
    return seed


def data_folder() -> Path:
    """The folder of embedded corpora: inside an installed package, beside the package in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"


def local_data_folder() -> Path | None:
    """``LAB_DATA_DIR``: files that somebody downloaded already (a school without network); None if not set.

    A relative path is read from the folder in which the command was started; ``make`` passes it on as absolute.

    Raises
    ------
    FileNotFoundError
        If the variable names a folder that does not exist.
    """
    value = os.environ.get("LAB_DATA_DIR", "").strip()
    if not value:
        return None
    folder = Path(value).expanduser().resolve()
    if not folder.is_dir():
        raise FileNotFoundError(f"LAB_DATA_DIR={value} 폴더가 없습니다. 경로를 고치거나, 내장 말뭉치만 쓰려면 이 변수를 지우세요.")
    return folder


def _writable(folder: Path) -> bool:
    import tempfile

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def cache_folder() -> Path:
    """Folder for downloads and prepared corpora: ``LAB_CACHE_DIR``, else the user's cache, else the temporary folder.

    A read-only home does not stop the course: the temporary folder is used and a line says so.
    """
    import tempfile

    import platformdirs

    asked = os.environ.get("LAB_CACHE_DIR", "").strip()
    preferred = Path(asked).expanduser().resolve() if asked else Path(platformdirs.user_cache_dir("embedding-space-lab"))
    if _writable(preferred):
        return preferred
    fallback = Path(tempfile.gettempdir()) / "embedding-space-lab"
    if not _writable(fallback):
        raise OSError(f"{preferred} 와 {fallback} 어느 쪽에도 쓸 수 없습니다. LAB_CACHE_DIR에 쓸 수 있는 폴더를 적어 주세요.")
    if preferred not in _reported:
        _reported.add(preferred)
        print(f"⚠ {preferred} 에 쓸 수 없어 {fallback} 를 씁니다. 오래 두려면 LAB_CACHE_DIR에 다른 폴더를 적으세요.")
    return fallback


_reported: set[Path] = set()


def checkpoint_folder() -> Path:
    """Folder for checkpoints: Google Drive on Colab where it is mounted (survives a disconnect), else the cache."""
    drive = Path("/content/drive/MyDrive")
    folder = (drive / "embedding-space-lab" if in_colab() and drive.is_dir() else cache_folder()) / "checkpoints"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def header(lesson: str) -> None:
    """Print the one line that tops every notebook: lesson, profile, machine, data, seed; prepare figures' font."""
    from . import __version__
    from .plots import use_korean_font

    use_korean_font()
    seed = seed_everything(0)
    place = "Colab" if in_colab() else f"Python {sys.version_info.major}.{sys.version_info.minor}"
    accelerator = "GPU" if _nvidia_present() else "CPU"
    data = "내장 말뭉치 + LAB_DATA_DIR" if local_data_folder() else "내장 말뭉치"
    print(f"{lesson} · 프로필 {profile()} · {place} · {accelerator} {os.cpu_count()}코어 · {data} · 시드 {seed} · lab_utils {__version__}")
