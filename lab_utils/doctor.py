"""``python -m lab_utils doctor``: is this computer ready? What a bug report should contain."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from . import __version__
from .runtime import cache_folder, data_folder, in_colab, local_data_folder, profile

DISTRIBUTION = "embedding-space-lab"


@dataclass
class Finding:
    """One line of the report: ✓ (ok), ✗ (must be mended) or ⚠ (works, with less)."""

    mark: str
    what: str
    advice: str = ""


def versions() -> list[Finding]:
    """Installed versions of the dependencies against the ranges that the package declares."""
    from importlib import metadata

    from packaging.requirements import Requirement

    found = []
    python = sys.version_info[:2]
    label = f"Python {sys.version.split()[0]}"
    if (3, 11) <= python <= (3, 13):
        found.append(Finding("✓", label))
    else:
        found.append(Finding("✗", label, "Python 3.11~3.13이 필요합니다. 그 버전으로 가상환경을 다시 만드세요."))
    try:
        requirements = [Requirement(line) for line in metadata.requires(DISTRIBUTION) or []]
    except metadata.PackageNotFoundError:
        return [*found, Finding("✗", "lab_utils가 설치되지 않았습니다", "저장소 폴더에서 `make run` 또는 `pip install -e .`을 실행하세요.")]
    for requirement in requirements:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            found.append(Finding("✗", f"{requirement.name} 없음", f'`pip install "{requirement}"`로 설치하세요.'))
            continue
        if requirement.specifier.contains(version, prereleases=True):
            found.append(Finding("✓", f"{requirement.name} {version}"))
        else:
            found.append(Finding("✗", f"{requirement.name} {version} (필요: {requirement.specifier})",
                                 f'`pip install "{requirement}"`로 맞추세요.'))
    return found


def machine() -> list[Finding]:
    """Cores, memory, accelerator, free disk."""
    import psutil

    gib = 1024**3
    memory = psutil.virtual_memory()
    found = [Finding("✓", f"프로필 {profile()} · 코어 {os.cpu_count()}개 · {'Colab' if in_colab() else sys.platform}")]
    low = memory.available < 2 * gib
    found.append(Finding("⚠" if low else "✓", f"메모리 {memory.total / gib:.1f} GiB 가운데 {memory.available / gib:.1f} GiB 남음",
                         "다른 프로그램을 닫거나 LAB_PROFILE=smoke로 실행하세요." if low else ""))
    try:
        import torch

        if torch.cuda.is_available():
            properties = torch.cuda.get_device_properties(0)
            found.append(Finding("✓", f"GPU {properties.name}, {properties.total_memory / gib:.0f} GiB"))
        else:
            found.append(Finding("✓", "GPU 없음: CPU로 실행합니다"))
    except (ImportError, OSError) as error:
        found.append(Finding("✗", f"torch를 불러오지 못했습니다: {error}", "`pip install torch==2.13.0`으로 다시 설치하세요."))
    folder = cache_folder()
    free = shutil.disk_usage(folder).free
    short = free < 2 * gib
    found.append(Finding("⚠" if short else "✓", f"저장 폴더 {_home_as_tilde(folder)}: {free / gib:.1f} GiB 남음",
                         "실제 말뭉치에는 2 GiB쯤 필요합니다. 자리를 비우거나 LAB_CACHE_DIR로 다른 디스크를 고르세요." if short else ""))
    return found


def _home_as_tilde(folder: Path) -> str:
    # Reports are pasted into public threads: they should not carry a user's name.
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)


def font() -> list[Finding]:
    """The Hangul font, proven by drawing."""
    import io
    import warnings

    from .plots import use_korean_font

    try:
        name = use_korean_font()
        from matplotlib.figure import Figure

        figure = Figure()
        figure.text(0.5, 0.5, "가힣ㅋㅠ −→")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            figure.savefig(io.BytesIO(), format="png")
    except (FileNotFoundError, UserWarning) as error:
        return [Finding("✗", f"한글 글꼴: {error}", "`pip install --force-reinstall koreanize-matplotlib==0.1.1`을 실행하세요.")]
    return [Finding("✓", f"한글 글꼴 {name}")]


def data() -> list[Finding]:
    """Every data set of the registry: embedded, verified, unverified, cached or missing."""
    from . import datasets

    words = {
        "embedded": ("✓", "내장"),
        "verified": ("✓", "있음, 검증됨"),
        "cached": ("✓", "내려받음, 검증됨"),
        "unverified": ("⚠", "있음, 검증되지 않음"),
        "missing": ("·", "없음(필요할 때 내려받습니다)"),
    }
    local = local_data_folder()
    found = [Finding("✓" if data_folder().is_dir() else "✗", "내장 자료 폴더", "" if data_folder().is_dir() else "다시 설치하세요."),
             Finding("✓", f"LAB_DATA_DIR {_home_as_tilde(local) if local else '없음'}")]
    for name in datasets.REGISTRY:
        try:
            state = datasets.status(name)
            if state == "missing" and not datasets.REGISTRY[name].repository:
                found.append(Finding("✗", f"{name}: 내장 자료가 없음", "lab_utils를 다시 설치하거나 저장소를 다시 받으세요."))
                continue
            mark, text = words[state]
            found.append(Finding(mark, f"{name}: {text}"))
        except Exception as error:  # the doctor goes on, whatever one data set does
            found.append(Finding("✗", f"{name}: {error}", "파일을 지우고 다시 내려받으세요."))
    return found


def main(arguments: list[str]) -> int:
    """Print the report; exit status 1 if anything must be mended."""
    print(f"lab_utils {__version__} 진단")
    broken = 0
    for title, inspect in (("버전", versions), ("컴퓨터", machine), ("글꼴", font), ("자료", data)):
        print(f"\n[{title}]")
        try:
            findings = inspect()
        except Exception as error:
            findings = [Finding("✗", f"{type(error).__name__}: {error}", "이 줄을 그대로 문의에 붙여 주세요.")]
        for finding in findings:
            broken += finding.mark == "✗"
            print(f" {finding.mark} {finding.what}" + (f"\n     → {finding.advice}" if finding.advice else ""))
    print(f"\n{'✓ 준비되었습니다.' if not broken else f'✗ {broken}가지를 고쳐야 합니다. 위의 → 를 따라 하세요.'}")
    return int(broken > 0)
