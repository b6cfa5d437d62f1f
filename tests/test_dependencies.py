"""pyproject.toml states the dependencies once; constraints.txt and environment.yml must agree with it."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DECLARED = [Requirement(r) for r in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]]


def pins() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    for requirement in requirements:
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), f"{requirement} is not an exact version"
    return {canonicalize_name(r.name): Version(str(r.specifier)[2:]) for r in requirements}


@pytest.mark.parametrize("requirement", DECLARED, ids=lambda r: r.name)
def test_every_dependency_is_pinned_inside_its_range(requirement):
    pinned = pins().get(canonicalize_name(requirement.name))
    assert pinned is not None, f"{requirement.name} is missing from constraints.txt"
    assert requirement.specifier.contains(pinned)


def test_torch_is_pinned_as_the_design_says():
    assert pins()["torch"] == Version("2.13.0")


def test_environment_file_points_at_the_same_lists():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    plain = [d for d in environment["dependencies"] if isinstance(d, str)]
    names = {re.split(r"[<>=]", d)[0] for d in plain}
    assert names == {"python", "pip", "make"}, "packages belong into pyproject.toml"
    python = next(d for d in plain if d.startswith("python")).removeprefix("python")
    assert SpecifierSet(python) == SpecifierSet(PROJECT["requires-python"])
    assert next(d["pip"] for d in environment["dependencies"] if isinstance(d, dict)) == [
        "--constraint constraints.txt", "--editable .[dev]"]


COLAB = ROOT.parent / "shared" / "colab" / "pip-freeze.gpu.txt"


@pytest.mark.skipif(not COLAB.exists(), reason="Colab's package list is not beside the checkout")
@pytest.mark.parametrize("requirement", [Requirement(r) for r in PROJECT["dependencies"]], ids=lambda r: r.name)
def test_ranges_contain_what_colab_ships(requirement):
    shipped = dict(
        re.match(r"([A-Za-z0-9_.-]+)==([^\s+]+)", line).groups()
        for line in COLAB.read_text().splitlines() if re.match(r"[A-Za-z0-9_.-]+==", line))
    shipped = {canonicalize_name(name): version for name, version in shipped.items()}
    version = shipped.get(canonicalize_name(requirement.name))
    if version is None:
        pytest.skip("not preinstalled on Colab")
    assert requirement.specifier.contains(version), f"Colab ships {requirement.name} {version}"
