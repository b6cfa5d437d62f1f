"""Shared code of the workbook. Importing it is cheap: every module loads its heavy libraries only when used."""

from importlib import import_module

__version__ = "0.1.0"

# name in the lessons → the module that holds it
_EXPORTS = {
    "header": "runtime",
    "by_profile": "runtime",
    "parallel_map": "runtime",
    "seed_everything": "runtime",
    "check": "exercises",
    "predict": "exercises",
    "compare": "exercises",
    "quiz": "exercises",
    "summary": "exercises",
    "show": "plots",
    "label_points": "plots",
}

__all__ = list(_EXPORTS)


def __getattr__(name: str):
    if name in _EXPORTS:
        return getattr(import_module(f"lab_utils.{_EXPORTS[name]}"), name)
    raise AttributeError(f"module 'lab_utils' has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *_EXPORTS])
