"""Figures with Hangul labels, colour-blind-safe colours and a description for those who cannot see them."""

import warnings
from functools import cache

# Okabe & Ito (2008), "Color Universal Design": told apart under all common colour-vision deficiencies.
OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")


@cache
def use_korean_font() -> str:
    """Register the NanumGothic files of the ``koreanize-matplotlib`` package and set matplotlib's defaults; no network.

    The package itself is not imported: it needs ``distutils``, which Python 3.12 removed.

    Returns
    -------
    str
        Name of the font in use.

    Raises
    ------
    FileNotFoundError
        If the font package is not installed.
    """
    from importlib.util import find_spec
    from pathlib import Path

    import matplotlib
    from matplotlib import font_manager

    spec = find_spec("koreanize_matplotlib")
    files = sorted(Path(spec.origin).parent.glob("fonts/Nanum*.ttf")) if spec and spec.origin else []
    if not files:
        raise FileNotFoundError(
            "한글 글꼴(NanumGothic)을 찾지 못했습니다. `pip install koreanize-matplotlib==0.1.1` 로 설치한 뒤 다시 실행하세요."
        )
    for file in files:
        font_manager.fontManager.addfont(file)
    # DejaVu Sans follows for symbols that NanumGothic lacks.
    matplotlib.rcParams.update({
        "font.family": ["NanumGothic", "DejaVu Sans"],
        "axes.unicode_minus": False,
        "axes.prop_cycle": matplotlib.cycler(color=OKABE_ITO),
        "image.cmap": "cividis",
        "figure.dpi": 100,
        "savefig.bbox": "tight",
        "axes.spines.top": False,
        "axes.spines.right": False,
    })
    return "NanumGothic"


def show(fig, alt: str) -> None:
    """Display a figure with its description (alt text), and close it.

    The description goes into the output's metadata (``image/png`` → ``alt``), where page templates find it, and stands as
    text under the figure, because JupyterLab does not put the metadata on the image.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    alt : str
        What there is to see, in one or two sentences; numbers included.

    Raises
    ------
    ValueError
        If ``alt`` says next to nothing.
    RuntimeError
        If a glyph of the figure is in none of its fonts (it would show as □).
    """
    import io

    from IPython.display import Image, Markdown, display
    from matplotlib import pyplot as plt
    from matplotlib.text import Text

    font = use_korean_font()
    for text in fig.findobj(Text):  # drawn before the font was registered
        if font not in text.get_fontfamily():
            text.set_fontfamily([font, "DejaVu Sans"])
    if len(alt.split()) < 4:
        raise ValueError("그림 설명(alt)이 너무 짧습니다. 무엇이 보이는지 한두 문장으로 적어 주세요.")
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing from font")
        try:
            fig.savefig(buffer, format="png")
        except UserWarning as missing:
            raise RuntimeError(f"글꼴에 없는 글자가 그림에 있습니다: {missing}. 그 글자를 다른 것으로 바꾸세요.") from None
    plt.close(fig)
    display(Image(buffer.getvalue(), format="png", metadata={"alt": alt}))
    display(Markdown(f"*그림 설명: {alt}*"))


def label_points(axis, points, names, *, fontsize: float = 9) -> list:
    """Write a name beside each point of a plot, moved up or down until no two names overlap; a thin line leads back.

    Parameters
    ----------
    axis : matplotlib.axes.Axes
        With the points drawn: their limits decide where names collide.
    points : (n, 2) array
        In data coordinates.
    names : sequence of str
        One for each point.

    Returns
    -------
    list of matplotlib.text.Annotation
    """
    import numpy as np

    use_korean_font()
    points, names = np.asarray(points, dtype=float), list(names)
    if points.shape != (len(names), 2):
        raise ValueError(f"점마다 이름이 하나씩 필요합니다: 점의 모양 {points.shape}, 이름 {len(names)}개.")
    axis.figure.canvas.draw()  # margins and layout are settled only now
    renderer = axis.figure.canvas.get_renderer()
    places = axis.transData.transform(points) + [8, 0]  # pixels: left middle of each name
    labels = [axis.annotate(name, place, xycoords="figure pixels", fontsize=fontsize, va="center", family=["NanumGothic", "DejaVu Sans"])
              for name, place in zip(names, places, strict=True)]
    boxes = [label.get_window_extent(renderer) for label in labels]
    for label in labels:
        label.remove()
    widths, heights = np.array([box.width for box in boxes]) + 2, np.array([box.height for box in boxes]) + 1
    for _ in range(2000):
        across = places[:, 0] - places[:, None, 0]  # (n, n): how far j begins to the right of i
        near = (across < widths[:, None]) & (-across < widths)
        gap = places[:, 1] - places[:, None, 1]
        overlap = (heights + heights[:, None]) / 2 - np.abs(gap)
        overlap[~near | np.eye(len(names), dtype=bool)] = 0
        if (overlap <= 0.01).all():
            break
        # Equal heights go apart by their order; halves, because both move.
        upward = np.where(gap == 0, np.arange(len(names)) - np.arange(len(names))[:, None], gap)
        places[:, 1] += (np.maximum(overlap, 0) * np.sign(upward)).sum(axis=0) * 0.3
    ends = axis.transData.inverted().transform(places)
    line = {"arrowstyle": "-", "linewidth": 0.4, "color": "gray", "shrinkA": 0, "shrinkB": 2}
    return [axis.annotate(name, point, xytext=end, fontsize=fontsize, va="center", arrowprops=line)
            for name, point, end in zip(names, points, ends, strict=True)]
