"""The triplets of a batch: which are easy, semi-hard or hard, and the losses that choose among them.

A triplet is (anchor a, positive p, negative n): p carries the label of a, n another one. All functions take the matrix of
distances within a batch, so that a lesson can look at what a loss chooses; gradients flow through it.

References
----------
Schroff, Kalenichenko & Philbin (2015), "FaceNet". Hermans, Beyer & Leibe (2017), "In defense of the triplet loss".
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from torch import Tensor


class Kinds(NamedTuple):
    """One (B, B, B) bool tensor a kind, indexed [a, p, n]; the three share no triplet and together hold every valid one."""

    easy: "Tensor"
    semi_hard: "Tensor"
    hard: "Tensor"


def distances(vectors, metric: str = "cosine"):
    """Distances between all pairs of rows.

    Parameters
    ----------
    vectors : (B, d) float tensor
    metric : {"cosine", "euclidean", "squared"}
        1 − cosine (0 to 2); Euclid; Euclid squared. Of unit vectors, the last is twice the first.

    Returns
    -------
    (B, B) float tensor
    """
    import torch
    from torch.nn import functional as F

    if metric == "cosine":
        unit = F.normalize(vectors, dim=1)
        return 1 - unit @ unit.T
    if metric not in ("euclidean", "squared"):
        raise ValueError(f"metric은 'cosine', 'euclidean', 'squared' 가운데 하나여야 합니다: {metric!r}.")
    # Differences, not inner products: exact zeros on the diagonal, and a gradient of 0 there instead of NaN.
    euclidean = torch.cdist(vectors, vectors, compute_mode="donot_use_mm_for_euclid_dist")
    return euclidean if metric == "euclidean" else euclidean**2


def pairs(labels):
    """Which rows can be positive and negative for which anchor.

    Parameters
    ----------
    labels : (B,) integer tensor

    Returns
    -------
    positive, negative : (B, B) bool tensor
        ``positive[a, p]``: same label, and not a itself. ``negative[a, n]``: another label.

    Raises
    ------
    ValueError
        If the batch has no valid triplet: all labels equal, or no label twice.
    """
    import torch

    same = labels[:, None] == labels[None, :]
    positive, negative = same & ~torch.eye(len(labels), dtype=torch.bool, device=labels.device), ~same
    if not (positive.any(dim=1) & negative.any(dim=1)).any():
        raise ValueError(f"이 묶음에는 삼중항이 없습니다(레이블 {len(labels.unique())}가지, 글 {len(labels)}편).\n"
                         "  원인: 레이블이 모두 같거나, 같은 레이블의 글이 둘도 없습니다.\n"
                         "  해결: 레이블마다 둘 이상, 레이블은 두 가지 이상이 들어가게 묶음을 뽑으세요(group_by_label).")
    return positive, negative


def valid_triplets(labels):
    """``[a, p, n]`` is True where p is a positive and n a negative of a: (B, B, B) bool tensor."""
    positive, negative = pairs(labels)
    return positive[:, :, None] & negative[:, None, :]


def violations(distance, margin: float):
    """d(a, p) − d(a, n) + margin of every (a, p, n), valid or not: the loss of a triplet where this is positive.

    Parameters
    ----------
    distance : (B, B) float tensor

    Returns
    -------
    (B, B, B) float tensor
    """
    return distance[:, :, None] - distance[:, None, :] + margin


def kinds(distance, labels, margin: float) -> Kinds:
    """Sort the valid triplets by how hard they are.

    - hard: d(a, n) ≤ d(a, p); the negative is not farther than the positive
    - semi-hard: d(a, p) < d(a, n) < d(a, p) + margin; the order is right, the distance too small
    - easy: d(a, n) ≥ d(a, p) + margin; the loss is 0

    Parameters
    ----------
    distance : (B, B) float tensor
    labels : (B,) integer tensor
    margin : float
    """
    valid = valid_triplets(labels)
    hard = distance[:, None, :] <= distance[:, :, None]
    easy = violations(distance, margin) <= 0
    return Kinds(valid & easy & ~hard, valid & ~easy & ~hard, valid & hard)


def counts(distance, labels, margin: float) -> dict[str, int]:
    """How many valid triplets are easy, semi-hard and hard: ``{"easy": …, "semi_hard": …, "hard": …}``."""
    return {name: int(mask.sum()) for name, mask in kinds(distance, labels, margin)._asdict().items()}


def loss_of(distance, chosen, margin: float):
    """Mean loss of the chosen triplets; 0 (with a gradient of 0) where none is chosen.

    Parameters
    ----------
    distance : (B, B) float tensor
    chosen : (B, B, B) bool tensor
    """
    losses = violations(distance, margin).clamp(min=0)
    return (losses * chosen).sum() / chosen.sum().clamp(min=1)


def batch_all_loss(distance, labels, margin: float):
    """Mean over all valid triplets whose loss is positive, that is, over the semi-hard and hard ones.

    The mean leaves the easy ones out: otherwise thousands of zeros would make the gradient vanish.
    """
    return loss_of(distance, valid_triplets(labels) & (violations(distance, margin) > 0), margin)


def batch_hard_loss(distance, labels, margin: float):
    """For each anchor only its farthest positive and its nearest negative; mean over the anchors that have both."""
    import torch

    positive, negative = pairs(labels)
    farthest = distance.masked_fill(~positive, -torch.inf).amax(dim=1)
    nearest = distance.masked_fill(~negative, torch.inf).amin(dim=1)
    has_both = positive.any(dim=1) & negative.any(dim=1)
    return (farthest - nearest + margin)[has_both].clamp(min=0).mean()


def semi_hard_negatives(distance, labels):
    """The negative that semi-hard mining takes for each pair (a, p): the nearest one beyond p, else the farthest of all.

    Returns
    -------
    chosen : (B, B) int64 tensor
        Row number of the negative; of no meaning where (a, p) is no positive pair.
    beyond : (B, B) bool tensor
        False where no negative lies beyond p, so that the farthest one was taken: the triplet is then *hard*.
    """
    import torch

    _, negative = pairs(labels)
    candidates = negative[:, None, :] & (distance[:, None, :] > distance[:, :, None])       # [a, p, n]
    spread_out = distance[:, None, :].expand_as(candidates)
    nearest_beyond = spread_out.masked_fill(~candidates, torch.inf).argmin(dim=2)
    farthest = distance.masked_fill(~negative, -torch.inf).argmax(dim=1)
    beyond = candidates.any(dim=2)
    return torch.where(beyond, nearest_beyond, farthest[:, None]), beyond


def semi_hard_loss(distance, labels, margin: float, *, fallback: bool = True):
    """For each pair (a, p) the loss with its semi-hard negative; mean over the pairs.

    Parameters
    ----------
    distance : (B, B) float tensor
    labels : (B,) integer tensor
    margin : float
    fallback : bool
        What becomes of a pair with no negative beyond the positive. True: its farthest negative is taken, as in
        TensorFlow Addons and sentence-transformers. False: the pair is left out; this is FaceNet's definition, which speaks of
        semi-hard negatives only.
    """
    positive, negative = pairs(labels)
    chosen, beyond = semi_hard_negatives(distance, labels)
    used = positive & negative.any(dim=1, keepdim=True)
    if not fallback:
        used = used & beyond
    losses = (distance - distance.gather(1, chosen) + margin).clamp(min=0)
    return (losses * used).sum() / used.sum().clamp(min=1)
