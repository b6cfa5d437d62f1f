"""The slider between two reviews: what the widgets show is what the path holds."""

import numpy as np

from lab_utils.vae.slider import slider, strip


class Echo:
    """Stands for a model whose text at t is the pair and t itself."""

    def __init__(self):
        self.calls = 0

    def interpolate(self, a, b, t, method):
        self.calls += 1
        return [f"<{a}|{b}|{place:.2f}|{method}>" for place in t]


def lengths(texts):
    return np.array([len(text) for text in texts])


def test_the_strip_goes_from_the_first_text_to_the_second():
    table = strip(Echo(), "가", "나", score=lengths, steps=3, method="spherical")
    assert table.alpha.tolist() == [1, 0.5, 0] and table.text[1] == "<가|나|0.50|spherical>" and table.score[0] == len(table.text[0])
    assert list(strip(Echo(), "가", "나").columns) == ["alpha", "text"]


def test_moving_the_handle_decodes_nothing_and_a_new_text_decodes_once():
    vae = Echo()
    box = slider(vae, "가", "나", score=lengths, steps=5)
    left, right, handle, shown = box.children
    assert vae.calls == 1 and "α = 1.00" in shown.value and "&lt;가|나|0.00" in shown.value  # a text is never taken for HTML
    handle.value = 2
    assert vae.calls == 1 and "α = 0.50" in shown.value and "0.50|linear" in shown.value and "글의 점수" in shown.value
    right.value = "다"
    assert vae.calls == 2 and "&lt;가|다|0.50" in shown.value
    assert (left.value, handle.max) == ("가", 4)


def test_an_empty_text_is_named():
    class Silent(Echo):
        def interpolate(self, a, b, t, method):
            return ["" for _ in t]

    assert "(빈 글)" in slider(Silent(), "", "").children[-1].value
