"""0에서 자르지 않음: 쉬운 삼중항의 손실이 음수가 됨"""
def triplet_losses(anchors, positives, negatives, margin):
    a, p, n = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (anchors, positives, negatives))
    return (a * n).sum(axis=1) - (a * p).sum(axis=1) + margin
