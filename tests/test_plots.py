import matplotlib
import pytest

matplotlib.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402

from lab_utils import plots  # noqa: E402

ALT = "가로축은 순위, 세로축은 빈도이다. 오른쪽 아래로 곧게 내려간다."


def figure(text):
    plots.use_korean_font()
    fig, axis = plt.subplots()
    axis.set_title(text)
    return fig


def shown(monkeypatch):
    outputs = []
    monkeypatch.setattr("IPython.display.display", lambda thing, **_: outputs.append(thing))
    return outputs


def test_description_is_in_the_metadata_and_under_the_figure(monkeypatch):
    outputs = shown(monkeypatch)
    plots.show(figure("한글 제목 ㅋㅋ − →"), ALT)
    png, metadata = outputs[0]._repr_png_()
    assert metadata["alt"] == ALT and len(png) > 1000
    assert ALT in outputs[1].data
    assert not plt.get_fignums()


def test_a_missing_glyph_stops_the_figure(monkeypatch):
    shown(monkeypatch)
    with pytest.raises(RuntimeError, match="글꼴에 없는 글자"):
        plots.show(figure("ᚠ 룬 문자 𓀀"), ALT)
    plt.close("all")


def test_a_figure_made_before_the_font_was_registered(monkeypatch):
    shown(monkeypatch)
    with matplotlib.rc_context({"font.family": ["DejaVu Sans"]}):
        fig, axis = plt.subplots()
        axis.set_title("한글 제목")
    plots.show(fig, ALT)


@pytest.mark.parametrize("alt", ["", "그림", "PMI 그래프"])
def test_a_description_that_says_nothing_is_refused(monkeypatch, alt):
    shown(monkeypatch)
    with pytest.raises(ValueError, match="그림 설명"):
        plots.show(figure("제목"), alt)
    plt.close("all")


def test_every_hangul_syllable_has_a_glyph():
    from matplotlib.ft2font import FT2Font

    path = matplotlib.font_manager.findfont(plots.use_korean_font())
    glyphs = FT2Font(path).get_charmap()
    assert all(code in glyphs for code in range(0xAC00, 0xD7A4))
    assert all(code in glyphs for code in range(0x3131, 0x3164))  # compatibility jamo: ㅋㅋ, ㅠㅠ


def test_labels_do_not_overlap():
    import numpy as np
    from matplotlib import pyplot as plt

    from lab_utils import label_points

    points = np.random.default_rng(0).normal(size=(40, 2)) * [1, 0.3]
    points[:3] = points[0]  # three names for one place
    fig, axis = plt.subplots(figsize=(8, 6))
    axis.plot(*points.T, "o")
    axis.set_ylim(-3, 3)
    labels = label_points(axis, points, [f"낱말{i}" for i in range(40)])
    fig.canvas.draw()
    boxes = [plt.Text.get_window_extent(label, fig.canvas.get_renderer()) for label in labels]
    plt.close(fig)
    overlaps = [(i, j) for i in range(40) for j in range(i) if boxes[i].padded(-0.5).overlaps(boxes[j].padded(-0.5))]
    assert len(labels) == 40 and not overlaps


def test_labels_need_one_name_for_each_point():
    from matplotlib import pyplot as plt

    from lab_utils import label_points

    fig, axis = plt.subplots()
    with pytest.raises(ValueError, match="이름"):
        label_points(axis, [[0, 0]], ["가", "나"])
    plt.close(fig)
