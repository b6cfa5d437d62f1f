"""A Transformer-VAE for short reviews: read `model` first, then `objective`, `training`, `decoding`, `interpolation`."""

from importlib import import_module

_EXPORTS = {
    "VAEConfig": "config",
    "Recipe": "config",
    "RECIPES": "config",
    "TransformerVAE": "pretrained",
    "linear": "interpolation",
    "spherical": "interpolation",
    "convex_combination": "interpolation",
    "adaptive_alphas": "interpolation",
    "train_recipe": "pipeline",
    "shipped": "pipeline",
}

__all__ = list(_EXPORTS)


def __getattr__(name: str):
    if name in _EXPORTS:
        return getattr(import_module(f"{__name__}.{_EXPORTS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
