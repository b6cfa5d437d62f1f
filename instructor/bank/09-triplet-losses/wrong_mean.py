"""삼중항마다가 아니라 평균 하나를 돌려줌"""
def triplet_losses(anchors, positives, negatives, margin):
    a, p, n = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (anchors, positives, negatives))
    return np.maximum(0, (a * n).sum(axis=1) - (a * p).sum(axis=1) + margin).mean()
