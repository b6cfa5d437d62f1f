"""마진을 더하지 않고 뺌: 부정이 더 가까워도 마진까지는 봐줌"""
def triplet_losses(anchors, positives, negatives, margin):
    a, p, n = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (anchors, positives, negatives))
    return np.maximum(0, (a * n).sum(axis=1) - (a * p).sum(axis=1) - margin)
