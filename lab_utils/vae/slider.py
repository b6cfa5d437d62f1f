"""A slider between two reviews: everything is decoded once, so moving the handle costs nothing."""

from html import escape

import numpy as np


def strip(vae, text_a: str, text_b: str, score=None, steps: int = 5, method: str = "linear"):
    """The texts on the way from ``text_a`` to ``text_b`` as a table; where widgets do not run this is what there is to see.

    Parameters
    ----------
    vae : TransformerVAE
    score : callable, optional
        texts → (n,) scores of the *texts*.
    steps : int
        Places on the path, both ends included.
    method : {"linear", "spherical"}

    Returns
    -------
    pandas.DataFrame
        Columns alpha (share of ``text_a``), score where one is given, text.
    """
    import pandas as pd

    t = np.linspace(0, 1, steps)
    texts = vae.interpolate(text_a, text_b, t, method)
    columns = {"alpha": 1 - t} | ({"score": np.asarray(score(texts), dtype=float)} if score else {})
    return pd.DataFrame(columns | {"text": texts})


def slider(vae, text_a: str = "", text_b: str = "", score=None, steps: int = 41, method: str = "linear"):
    """Two text boxes and a handle between them (ipywidgets; JupyterLab and Colab). A new text counts after Enter or leaving the box."""
    import ipywidgets as widgets

    wide = widgets.Layout(width="95%")
    full = {"description_width": "initial"}
    ends = [widgets.Text(value=text, description=name, layout=wide, style=full, continuous_update=False)
            for name, text in (("왼쪽 (α = 1)", text_a), ("오른쪽 (α = 0)", text_b))]
    handle = widgets.IntSlider(value=0, min=0, max=steps - 1, readout=False, description="옮기세요", layout=wide, style=full)
    shown = widgets.HTML()
    path = {}

    def show(_=None):
        row = path["table"].iloc[handle.value]
        rated = f" · 글의 점수 {row['score']:.2f}" if "score" in row else ""
        shown.value = f"<p>α = {row['alpha']:.2f}{rated}</p><p style='font-size:1.3em'>{escape(row['text']) or '(빈 글)'}</p>"

    def decode(_=None):
        path["table"] = strip(vae, ends[0].value, ends[1].value, score, steps, method)
        show()

    for end in ends:
        end.observe(decode, names="value")
    handle.observe(show, names="value")
    decode()
    return widgets.VBox([*ends, handle, shown])
