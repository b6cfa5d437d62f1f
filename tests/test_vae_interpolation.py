"""Paths between codes: what must hold for any two points, and where the adaptive places fall."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lab_utils.vae.interpolation import METHODS, adaptive_alphas, convex_combination, linear, spherical

quick = settings(deadline=None, max_examples=60)

NUMBERS = st.floats(-1e3, 1e3, allow_subnormal=False).map(lambda x: 0.0 if abs(x) < 1e-6 else x)
POINT = arrays(float, 5, elements=NUMBERS)
POINTS = st.integers(1, 6).flatmap(lambda d: st.tuples(arrays(float, d, elements=NUMBERS), arrays(float, d, elements=NUMBERS)))
PLACES = st.floats(0, 1)


def length(x):
    return np.linalg.norm(x, axis=-1)


@quick
@given(POINTS)
def test_a_line_begins_and_ends_exactly_at_its_points(points):
    a, b = points
    assert (linear(a, b, 0) == a).all() and (linear(a, b, 1) == b).all()


@quick
@given(POINTS)
def test_an_arc_begins_and_ends_at_its_points(points):
    a, b = points
    np.testing.assert_allclose(spherical(a, b, 0), a, rtol=1e-9, atol=1e-9 * (1 + length(a)))
    np.testing.assert_allclose(spherical(a, b, 1), b, rtol=1e-9, atol=1e-9 * (1 + length(b)))


@quick
@given(POINTS, PLACES)
def test_a_line_stays_in_the_box_of_its_end_points(points, t):
    a, b = points
    found = linear(a, b, t)
    slack = 1e-12 * (1 + np.maximum(abs(a), abs(b)))
    assert (np.minimum(a, b) - slack <= found).all() and (found <= np.maximum(a, b) + slack).all()


@pytest.mark.parametrize("method", METHODS)
@quick
@given(points=POINTS, t=PLACES)
def test_the_way_back_passes_the_same_points(method, points, t):
    a, b = points
    np.testing.assert_allclose(METHODS[method](a, b, t), METHODS[method](b, a, 1 - t), rtol=1e-6, atol=1e-6 * (1 + length(a) + length(b)))


@pytest.mark.parametrize("method", METHODS)
@quick
@given(points=POINTS, t=st.lists(PLACES, min_size=1, max_size=5))
def test_many_places_are_the_single_places_stacked(method, points, t):
    a, b = points
    together = METHODS[method](a, b, t)
    assert together.shape == (len(t), len(a))
    np.testing.assert_array_equal(together, [METHODS[method](a, b, one) for one in t])


@quick
@given(POINT, POINT, PLACES)
def test_a_line_is_the_convex_combination_of_two(a, b, t):
    np.testing.assert_allclose(linear(a, b, t), convex_combination([a, b], [1 - t, t]), rtol=1e-12, atol=1e-9)


@quick
@given(POINT, POINT, PLACES)
def test_an_arc_between_equal_lengths_keeps_the_length(a, b, t):
    assume(length(a) > 1e-3 and length(b) > 1e-3)
    b = b * (length(a) / length(b))
    assume(abs(a @ b) < 0.999999 * length(a) ** 2)
    assert length(spherical(a, b, t)) == pytest.approx(length(a), rel=1e-9)
    assert length(linear(a, b, 0.5)) < length(a), "the chord is what the arc is for"


@quick
@given(POINT, POINT, PLACES)
def test_the_length_of_an_arc_changes_evenly(a, b, t):
    assume(length(a) > 1e-3 and length(b) > 1e-3)
    assume(abs(a @ b) < 0.999999 * length(a) * length(b))
    assert length(spherical(a, b, t)) == pytest.approx((1 - t) * length(a) + t * length(b), rel=1e-9)


@quick
@given(POINT, POINT)
def test_the_angle_of_an_arc_grows_evenly(a, b):
    assume(length(a) > 1e-3 and length(b) > 1e-3)
    cosine = a @ b / length(a) / length(b)
    assume(abs(cosine) < 0.9999)
    path = spherical(a, b, np.linspace(0, 1, 9))
    angles = np.arccos(np.clip(path @ a / length(path) / length(a), -1, 1))
    np.testing.assert_allclose(angles, np.linspace(0, np.arccos(cosine), 9), atol=1e-6)


def test_a_quarter_circle_by_hand():
    root = np.sqrt(0.5)
    np.testing.assert_allclose(spherical([1, 0], [0, 1], 0.5), [root, root], rtol=1e-15)
    np.testing.assert_allclose(spherical([1, 0], [0, 3], 0.5), [2 * root, 2 * root], rtol=1e-15)
    np.testing.assert_allclose(linear([1, 0], [0, 3], [0, 0.5]), [[1, 0], [0.5, 1.5]], rtol=0)


@pytest.mark.parametrize(
    ("a", "b"),
    [([1, 2, 3], [2, 4, 6]), ([1, 2, 3], [1, 2, 3]), ([1, 2, 3], [-1, -2, -3]), ([0, 0, 0], [1, 2, 3]), ([1, 2, 3], [0, 0, 0]),
     ([0, 0, 0], [0, 0, 0]), ([1, 2, 3], [1 + 1e-12, 2, 3])],
    ids=["parallel", "equal", "opposite", "zero to", "to zero", "both zero", "nearly equal"],
)  # fmt: skip
def test_without_an_arc_the_line_is_taken(a, b):
    t = np.linspace(0, 1, 5)
    found = spherical(a, b, t)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found, linear(a, b, t), atol=1e-9)


@quick
@given(st.floats(1e-9, 1e-3))
def test_just_before_parallel_nothing_jumps(angle):
    b = np.array([np.cos(angle), np.sin(angle)])
    np.testing.assert_allclose(spherical([1, 0], b, 0.3), linear([1, 0], b, 0.3), atol=1e-6)


@quick
@given(st.integers(1, 6), st.data())
def test_convex_combinations_stay_in_the_box_of_the_points(m, data):
    points = data.draw(arrays(float, (m, 3), elements=NUMBERS))
    weights = data.draw(arrays(float, m, elements=st.floats(1e-6, 1)))
    found = convex_combination(points, weights / weights.sum())
    assert (points.min(axis=0) - 1e-9 <= found).all() and (found <= points.max(axis=0) + 1e-9).all()


def test_many_weights_at_once_and_corners():
    points = np.arange(12.0).reshape(4, 3)
    np.testing.assert_array_equal(convex_combination(points, np.eye(4)), points)
    assert convex_combination(points, np.full((2, 5, 4), 0.25)).shape == (2, 5, 3)


@pytest.mark.parametrize("weights", [[0.5, 0.6, -0.1], [0.5, 0.4, 0.0], [0.5, 0.5, 0.5], [np.nan, 0.5, 0.5], [np.inf, -np.inf, 1.0], [2.0, -1, 0]])
def test_what_is_no_convex_combination_is_refused(weights):
    with pytest.raises(ValueError, match="0 이상이고 합이 1"):
        convex_combination(np.eye(3), weights)


# ── adaptive places ──────────────────────────────────────────────────────────────────────────────────────────────────


def logistic(steepness, middle, low=1.0, high=5.0):
    return lambda t: low + (high - low) / (1 + np.exp(-np.clip(steepness * (np.asarray(t) - middle), -500, 500)))


@quick
@given(st.floats(1, 200), st.floats(0.1, 0.9), st.booleans(), st.integers(2, 12))
def test_scores_at_adaptive_places_rise_by_equal_parts(steepness, middle, falling, n):
    score = logistic(steepness, middle, *((5, 1) if falling else (1, 5)))
    places = adaptive_alphas(score, n, tolerance=1e-7)
    assert places.shape == (n,) and places[0] == 0 and places[-1] == 1 and (np.diff(places) >= 0).all()
    np.testing.assert_allclose(np.diff(score(places)), (score(1.0) - score(0.0)) / (n - 1), atol=1e-3)


def test_even_places_miss_a_jump_that_adaptive_ones_see():
    score = logistic(60, 0.37)
    even, adaptive = np.diff(score(np.linspace(0, 1, 9))), np.diff(score(adaptive_alphas(score, 9)))
    assert even.max() > 2 and adaptive.max() < 0.6


def test_a_straight_score_gives_even_places():
    np.testing.assert_allclose(adaptive_alphas(lambda t: 2 + 3 * t, 7, tolerance=1e-9), np.linspace(0, 1, 7), atol=1e-8)


def counted(score, limit):
    calls = []

    def inner(t):
        calls.append(len(t))
        assert len(calls) <= limit, "the bisection does not end"
        return score(t)

    return inner


@pytest.mark.parametrize("tolerance", [1e-3, 1e-9, 1e-300, 0.0])
@pytest.mark.parametrize("jump", [0.0, 0.25, 1 / 3, 0.999999, 1.0])
def test_a_step_function_ends_at_its_step(jump, tolerance):
    places = adaptive_alphas(counted(lambda t: (np.asarray(t) >= jump) * 1.0 if jump else (np.asarray(t) > 0) * 1.0, 200), 9, tolerance)
    assert (np.diff(places) >= 0).all()
    np.testing.assert_allclose(places[1:-1], jump, atol=max(tolerance, 1e-9))


def test_a_score_that_is_the_same_at_both_ends_gives_even_places():
    np.testing.assert_allclose(adaptive_alphas(counted(lambda t: np.full(len(t), 3.0), 100), 5), np.linspace(0, 1, 5), atol=1e-3)


def test_a_score_that_wavers_still_finds_a_crossing():
    def score(t):
        return np.asarray(t) + 0.3 * np.sin(12 * np.asarray(t))

    places = adaptive_alphas(score, 9, tolerance=1e-9)
    levels = np.linspace(score(0.0), score(1.0), 9)
    assert (np.diff(places) >= 0).all()
    np.testing.assert_allclose(np.sort(score(places)), np.sort(levels), atol=1e-6)


@pytest.mark.parametrize("n", [1, 0, -3])
def test_fewer_than_two_places_are_refused(n):
    with pytest.raises(ValueError, match="2 이상"):
        adaptive_alphas(lambda t: t, n)
